// Files tests
