#include <math.h>
#include <string.h>

#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>

// A product and a sum stay apart unless the kernel says vec_fma, so that inlining cannot change a result.
#pragma clang fp contract(off)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME_STRING "avx2"
#include "simd/avx2.h"
#include "kernels.inc"
#pragma clang attribute pop
#endif
