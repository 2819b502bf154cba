// The tables that select.c chooses from, one an instruction set.
#ifndef TABLES_H
#define TABLES_H

#include "CKernels.h"

// A kernel's constants are constants only where it is inlined. A build that optimises nothing would keep a piece of stack for
// every tile that is inlined, megabytes of them in one function, and makes calls instead.
#ifdef __OPTIMIZE__
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

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
