// DIEN
