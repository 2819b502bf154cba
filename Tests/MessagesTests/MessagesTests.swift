// Messages tests
