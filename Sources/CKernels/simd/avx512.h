// The verbs on 16 floats: AVX-512 (F, DQ, BW, VL).
#include "inline.h"

#ifndef NAME
#define NAME(f) f##_avx512
#endif
#define LANES 16
#define HALF_LANES 8
#define TILE_ROWS 12
#define WIDE_TILE_ROWS 8
#define TILE_SUMS 24 // vectors of sums of the largest tile
#define MOST_VECTORS 8
#define ROW_VECTORS 4 // vectors of hidden units of which a row's sums stay in registers

typedef __m512 vec;
typedef __m256 half;

INLINE vec vec_load(const float *p) { return _mm512_loadu_ps(p); }
INLINE void vec_store(float *p, vec a) { _mm512_storeu_ps(p, a); }
// The first n lanes, 1 <= n <= LANES; the others are those of `rest`, or are not written.
INLINE __mmask16 first_lanes(size_t n) { return (__mmask16)((1u << n) - 1); }
INLINE vec vec_load_first(const float *p, size_t n, vec rest) { return _mm512_mask_loadu_ps(rest, first_lanes(n), p); }
INLINE void vec_store_first(float *p, vec a, size_t n) { _mm512_mask_storeu_ps(p, first_lanes(n), a); }
INLINE vec vec_first(vec a, size_t n, vec rest) { return _mm512_mask_mov_ps(rest, first_lanes(n), a); }
INLINE vec vec_set(float a) { return _mm512_set1_ps(a); }
INLINE vec vec_add(vec a, vec b) { return _mm512_add_ps(a, b); }
INLINE vec vec_sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
INLINE vec vec_mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
INLINE vec vec_div(vec a, vec b) { return _mm512_div_ps(a, b); }
INLINE vec vec_sqrt(vec a) { return _mm512_sqrt_ps(a); }
INLINE vec vec_fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
// b when either is NaN.
INLINE vec vec_max(vec a, vec b) { return _mm512_max_ps(a, b); }
INLINE vec vec_min(vec a, vec b) { return _mm512_min_ps(a, b); }
INLINE vec vec_round(vec a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
// a · 2^n for an integral n of any size, infinities too: 2^n is 0 or infinite then, whatever a is.
INLINE vec vec_scale(vec a, vec n) { return _mm512_scalef_ps(a, n); }
// n as near as vec_scale takes it; a NaN stays one.
INLINE vec vec_scalable(vec n) { return n; }
// The same, and 2^n is finite.
INLINE vec vec_scalable_finite(vec n) { return _mm512_min_ps(_mm512_set1_ps(126.0f), n); }
// a where x > 0, b elsewhere.
INLINE vec vec_select_positive(vec x, vec a, vec b) {
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ), b, a);
}
// Lanes n ..< n + LANES of two vectors behind one another, 0 <= n <= LANES.
INLINE vec vec_slide(vec low, vec high, size_t n) {
    __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_permutex2var_ps(low, _mm512_add_epi32(lanes, _mm512_set1_epi32((int)n)), high);
}
INLINE int vec_all_equal(vec a, vec b) { return _mm512_cmp_ps_mask(a, b, _CMP_NEQ_UQ) == 0; }
INLINE float vec_sum(vec a) { return _mm512_reduce_add_ps(a); }
INLINE float vec_largest(vec a) { return _mm512_reduce_max_ps(a); }
// The vector itself, in one register. Where its lower half is used too, the compiler would load a half and spread that again,
// on the units of the products.
INLINE vec vec_whole(vec a) {
    __asm__("" : "+v"(a));
    return a;
}
INLINE half half_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void half_store(float *p, half a) { _mm256_storeu_ps(p, a); }
INLINE half half_set(float a) { return _mm256_set1_ps(a); }
INLINE half half_add(half a, half b) { return _mm256_add_ps(a, b); }
INLINE half half_fma(half a, half b, half c) { return _mm256_fmadd_ps(a, b, c); }
INLINE half half_low(vec a) { return _mm512_castps512_ps256(a); }
INLINE half half_high(vec a) { return _mm512_extractf32x8_ps(a, 1); }
INLINE vec vec_pair(half low, half high) { return _mm512_insertf32x8(_mm512_castps256_ps512(low), high, 1); }

#ifndef HAS_PAIRS
#include "emulated_pairs.h"
#endif
