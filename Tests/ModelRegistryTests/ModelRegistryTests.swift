// ModelRegistry tests
