// The verbs on one float, for machines without a vector unit we know and as the statement the others are tested against.
#define NAME(f) f##_scalar
#define LANES 1
#define TILE_ROWS 4
#define VERB static inline __attribute__((always_inline))

typedef float vec;

VERB vec vec_load(const float *p) { return *p; }
VERB void vec_store(float *p, vec a) { *p = a; }
VERB vec vec_set(float a) { return a; }
VERB vec vec_add(vec a, vec b) { return a + b; }
VERB vec vec_sub(vec a, vec b) { return a - b; }
VERB vec vec_mul(vec a, vec b) { return a * b; }
VERB vec vec_div(vec a, vec b) { return a / b; }
VERB vec vec_fma(vec a, vec b, vec c) { return a * b + c; }
// b when either is NaN, as the x86 instructions do.
VERB vec vec_max(vec a, vec b) { return a > b ? a : b; }
VERB vec vec_min(vec a, vec b) { return a < b ? a : b; }
// To the nearest integer for |a| < 2^22: beside 1.5 · 2^23 there are no bits left for a fraction.
VERB vec vec_round(vec a) { return (a + 12582912.0f) - 12582912.0f; }
// a · 2^n for an integral n in -126 ... 127; a NaN in a stays one.
VERB vec vec_scale(vec a, vec n) {
    union { uint32_t bits; float value; } power = {.bits = (uint32_t)((n == n ? (int32_t)n : 0) + 127) << 23};
    return a * power.value;
}
// a where x > 0, b elsewhere.
VERB vec vec_select_positive(vec x, vec a, vec b) { return x > 0 ? a : b; }
VERB float vec_sum(vec a) { return a; }
VERB float vec_largest(vec a) { return a; }
