// The verbs on 16 floats: AVX-512 (F, DQ, BW, VL) with products of bfloat16 pairs (BF16).
#define NAME(f) f##_avx512bf16
#define HAS_PAIRS
#include "avx512.h"

// c + a1 b1 + a0 b0, lane by lane.
INLINE vec vec_fma_pairs(vec a, vec b, vec c) { return _mm512_dpbf16_ps(c, (__m512bh)a, (__m512bh)b); }
INLINE half half_fma_pairs(half a, half b, half c) { return _mm256_dpbf16_ps(c, (__m256bh)a, (__m256bh)b); }
// Rounded to the nearest bfloat16, ties to even; a NaN stays one, and what is smaller than a normal float becomes 0.
INLINE void vec_store_rounded(uint16_t *p, vec a) { _mm256_storeu_si256((__m256i *)p, (__m256i)_mm512_cvtneps_pbh(a)); }
// The lanes of a half vector each.
INLINE void vec_store_rounded_halves(uint16_t *p, uint16_t *q, vec a) {
    __m256i rounded = (__m256i)_mm512_cvtneps_pbh(a);
    _mm_storeu_si128((__m128i *)p, _mm256_castsi256_si128(rounded));
    _mm_storeu_si128((__m128i *)q, _mm256_extracti128_si256(rounded, 1));
}
