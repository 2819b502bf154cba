// Products of bfloat16 pairs for instruction sets without them: a 32-bit lane holds two, the first in its low half, and
// both are floats but for their place.
typedef union {
    vec values;
    uint32_t bits[LANES];
} pairs_of_vec;

INLINE vec vec_first_of_pairs(vec a) {
    pairs_of_vec x = {.values = a};
    for (size_t i = 0; i < LANES; i++) x.bits[i] <<= 16;
    return x.values;
}
INLINE vec vec_second_of_pairs(vec a) {
    pairs_of_vec x = {.values = a};
    for (size_t i = 0; i < LANES; i++) x.bits[i] &= 0xFFFF0000u;
    return x.values;
}
// c + a1 b1 + a0 b0, lane by lane.
INLINE vec vec_fma_pairs(vec a, vec b, vec c) {
    c = vec_fma(vec_second_of_pairs(a), vec_second_of_pairs(b), c);
    return vec_fma(vec_first_of_pairs(a), vec_first_of_pairs(b), c);
}
INLINE half half_fma_pairs(half a, half b, half c) {
    return half_low(vec_fma_pairs(vec_pair(a, a), vec_pair(b, b), vec_pair(c, c)));
}
// Rounded to the nearest bfloat16, ties to even; a NaN stays one.
INLINE void vec_store_rounded(uint16_t *p, vec a) {
    pairs_of_vec x = {.values = a};
    for (size_t i = 0; i < LANES; i++) {
        uint32_t bits = x.bits[i], rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
        p[i] = (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? bits >> 16 | 0x40 : rounded);
    }
}
// The lanes of a half vector each.
INLINE void vec_store_rounded_halves(uint16_t *p, uint16_t *q, vec a) {
    uint16_t rounded[LANES];
    vec_store_rounded(rounded, a);
    memcpy(p, rounded, HALF_LANES * sizeof *p);
    memcpy(q, rounded + HALF_LANES, HALF_LANES * sizeof *q);
}
