// Serving tests
