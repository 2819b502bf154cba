// The tables that select.c chooses from, one an instruction set.
#ifndef TABLES_H
#define TABLES_H

#include "CKernels.h"

extern const kernels kernels_scalar;
#if defined(__x86_64__)
extern const kernels kernels_avx2;
extern const kernels kernels_avx512;
extern const kernels kernels_avx512bf16;
#endif
#if defined(__aarch64__)
extern const kernels kernels_neon;
#endif

#endif
