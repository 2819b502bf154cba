#include <math.h>
#include <string.h>

#include "tables.h"

#if defined(__aarch64__)
#include <arm_neon.h>

// A product and a sum stay apart unless the kernel says vec_fma, so that inlining cannot change a result.
#pragma clang fp contract(off)
#define NAME_STRING "neon"
#include "simd/neon.h"
#include "kernels.inc"
#endif
