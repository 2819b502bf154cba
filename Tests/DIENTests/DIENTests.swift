// DIEN tests
