void dien_kernels(void) {}
