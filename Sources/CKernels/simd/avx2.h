// The verbs on 8 floats: AVX2 with FMA.
#include "inline.h"

#define NAME(f) f##_avx2
#define LANES 8
#define HALF_LANES 4
#define TILE_ROWS 6
#define WIDE_TILE_ROWS 3 // with 4 the sums, three weights and an input would want 17 registers
#define TILE_SUMS 16 // vectors of sums of the largest tile
#define MOST_VECTORS 10
#define ROW_VECTORS 5 // vectors of hidden units of which a row's sums stay in registers

typedef __m256 vec;
typedef __m128 half;

INLINE vec vec_load(const float *p) { return _mm256_loadu_ps(p); }
INLINE void vec_store(float *p, vec a) { _mm256_storeu_ps(p, a); }
// The first n lanes, 1 <= n <= LANES; the others are those of `rest`, or are not written.
INLINE __m256i first_lanes(size_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
INLINE vec vec_first(vec a, size_t n, vec rest) {
    return _mm256_blendv_ps(rest, a, _mm256_castsi256_ps(first_lanes(n)));
}
INLINE vec vec_load_first(const float *p, size_t n, vec rest) {
    return vec_first(_mm256_maskload_ps(p, first_lanes(n)), n, rest);
}
INLINE void vec_store_first(float *p, vec a, size_t n) { _mm256_maskstore_ps(p, first_lanes(n), a); }
INLINE vec vec_set(float a) { return _mm256_set1_ps(a); }
INLINE vec vec_add(vec a, vec b) { return _mm256_add_ps(a, b); }
INLINE vec vec_sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
INLINE vec vec_mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
INLINE vec vec_div(vec a, vec b) { return _mm256_div_ps(a, b); }
INLINE vec vec_sqrt(vec a) { return _mm256_sqrt_ps(a); }
INLINE vec vec_fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
// b when either is NaN.
INLINE vec vec_max(vec a, vec b) { return _mm256_max_ps(a, b); }
INLINE vec vec_min(vec a, vec b) { return _mm256_min_ps(a, b); }
INLINE vec vec_round(vec a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
// a · 2^n for an integral n in -126 ... 127; a NaN in a stays one.
INLINE vec vec_scale(vec a, vec n) {
    __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_mul_ps(a, _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23)));
}
// a where x > 0, b elsewhere.
INLINE vec vec_select_positive(vec x, vec a, vec b) {
    return _mm256_blendv_ps(b, a, _mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ));
}
// Lanes n ..< n + LANES of two vectors behind one another, 0 <= n <= LANES.
INLINE vec vec_slide(vec low, vec high, size_t n) {
    __m256i lanes = _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32((int)n));
    __m256i from_high = _mm256_cmpgt_epi32(lanes, _mm256_set1_epi32(LANES - 1));
    return _mm256_blendv_ps(_mm256_permutevar8x32_ps(low, lanes), _mm256_permutevar8x32_ps(high, lanes),
                            _mm256_castsi256_ps(from_high));
}
INLINE int vec_all_equal(vec a, vec b) { return _mm256_movemask_ps(_mm256_cmp_ps(a, b, _CMP_NEQ_UQ)) == 0; }
INLINE float vec_sum(vec a) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
INLINE float vec_largest(vec a) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
// The vector itself, in one register. Where its lower half is used too, the compiler would load a half and spread that again,
// on the units of the products.
INLINE vec vec_whole(vec a) {
    __asm__("" : "+x"(a));
    return a;
}
INLINE half half_load(const float *p) { return _mm_loadu_ps(p); }
INLINE void half_store(float *p, half a) { _mm_storeu_ps(p, a); }
INLINE half half_set(float a) { return _mm_set1_ps(a); }
INLINE half half_add(half a, half b) { return _mm_add_ps(a, b); }
INLINE half half_fma(half a, half b, half c) { return _mm_fmadd_ps(a, b, c); }
INLINE half half_low(vec a) { return _mm256_castps256_ps128(a); }
INLINE half half_high(vec a) { return _mm256_extractf128_ps(a, 1); }
INLINE vec vec_pair(half low, half high) { return _mm256_set_m128(high, low); }

#include "limited_scale.h"
#include "emulated_pairs.h"
