#include <math.h>
#include <string.h>

#include "tables.h"

// A product and a sum stay apart unless the kernel says vec_fma, so that inlining cannot change a result.
#pragma clang fp contract(off)
#define NAME_STRING "scalar"
#include "simd/scalar.h"
#include "kernels.inc"
