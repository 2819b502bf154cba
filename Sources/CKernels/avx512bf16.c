#include <math.h>
#include <string.h>

#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

// A product and a sum stay apart unless the kernel says vec_fma, so that inlining cannot change a result.
#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx512bf16,fma"))), apply_to = function)
#define NAME_STRING "avx512bf16"
#include "simd/avx512bf16.h"
#include "kernels.inc"
#pragma clang attribute pop
#endif
