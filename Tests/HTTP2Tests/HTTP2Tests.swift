// HTTP2 tests
