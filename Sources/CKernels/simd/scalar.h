// The verbs on one float, for machines without a vector unit that we know.
#include "inline.h"

#define NAME(f) f##_scalar
#define LANES 1
#define TILE_ROWS 4
#define WIDE_TILE_ROWS 4
#define TILE_SUMS 16 // vectors of sums of the largest tile
#define MOST_VECTORS 8
#define ROW_VECTORS 4 // vectors of hidden units of which a row's sums stay in registers

typedef float vec;

INLINE vec vec_load(const float *p) { return *p; }
INLINE void vec_store(float *p, vec a) { *p = a; }
// The first n lanes, 1 <= n <= LANES: the one there is.
INLINE vec vec_load_first(const float *p, size_t n, vec rest) { return *p; }
INLINE void vec_store_first(float *p, vec a, size_t n) { *p = a; }
INLINE vec vec_first(vec a, size_t n, vec rest) { return a; }
INLINE vec vec_set(float a) { return a; }
INLINE vec vec_add(vec a, vec b) { return a + b; }
INLINE vec vec_sub(vec a, vec b) { return a - b; }
INLINE vec vec_mul(vec a, vec b) { return a * b; }
INLINE vec vec_div(vec a, vec b) { return a / b; }
INLINE vec vec_sqrt(vec a) { return __builtin_sqrtf(a); }
INLINE vec vec_fma(vec a, vec b, vec c) { return a * b + c; }
// b when either is NaN, as the x86 instructions do.
INLINE vec vec_max(vec a, vec b) { return a > b ? a : b; }
INLINE vec vec_min(vec a, vec b) { return a < b ? a : b; }
// To the nearest integer for |a| < 2^22: beside 1.5 · 2^23 there are no bits left for a fraction.
INLINE vec vec_round(vec a) { return (a + 12582912.0f) - 12582912.0f; }
// a · 2^n for an integral n in -126 ... 127; a NaN in a stays one.
INLINE vec vec_scale(vec a, vec n) {
    union { uint32_t bits; float value; } power = {.bits = (uint32_t)((n == n ? (int32_t)n : 0) + 127) << 23};
    return a * power.value;
}
// a where x > 0, b elsewhere.
INLINE vec vec_select_positive(vec x, vec a, vec b) { return x > 0 ? a : b; }
// Lanes n ..< n + LANES of two vectors behind one another, 0 <= n <= LANES.
INLINE vec vec_slide(vec low, vec high, size_t n) { return n == 0 ? low : high; }
INLINE int vec_all_equal(vec a, vec b) { return a == b; }
INLINE float vec_sum(vec a) { return a; }
INLINE float vec_largest(vec a) { return a; }

#include "limited_scale.h"
#include "no_half.h"
#include "emulated_pairs.h"
