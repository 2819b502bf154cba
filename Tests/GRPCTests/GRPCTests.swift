// GRPC tests
