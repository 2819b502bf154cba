// Tensors tests
