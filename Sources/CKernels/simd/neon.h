// The verbs on 4 floats: Advanced SIMD of 64-bit ARM.
#include "inline.h"

#define NAME(f) f##_neon
#define LANES 4
#define TILE_ROWS 12
#define WIDE_TILE_ROWS 8
#define TILE_SUMS 24 // vectors of sums of the largest tile
#define MOST_VECTORS 18
#define ROW_VECTORS 9 // vectors of hidden units of which a row's sums stay in registers

typedef float32x4_t vec;

INLINE vec vec_load(const float *p) { return vld1q_f32(p); }
INLINE void vec_store(float *p, vec a) { vst1q_f32(p, a); }
// The first n lanes, 1 <= n <= LANES; the others are those of `rest`, or are neither read nor written.
INLINE uint32x4_t first_lanes(size_t n) {
    static const uint32_t lanes[4] = {0, 1, 2, 3};
    return vcltq_u32(vld1q_u32(lanes), vdupq_n_u32((uint32_t)n));
}
INLINE vec vec_first(vec a, size_t n, vec rest) { return vbslq_f32(first_lanes(n), a, rest); }
INLINE vec vec_load_first(const float *p, size_t n, vec rest) {
    if (n == LANES) return vld1q_f32(p);
    vec a = vld1q_lane_f32(p, rest, 0);
    if (n > 1) a = vld1q_lane_f32(p + 1, a, 1);
    if (n > 2) a = vld1q_lane_f32(p + 2, a, 2);
    return a;
}
INLINE void vec_store_first(float *p, vec a, size_t n) {
    if (n == LANES) {
        vst1q_f32(p, a);
        return;
    }
    vst1q_lane_f32(p, a, 0);
    if (n > 1) vst1q_lane_f32(p + 1, a, 1);
    if (n > 2) vst1q_lane_f32(p + 2, a, 2);
}
INLINE vec vec_set(float a) { return vdupq_n_f32(a); }
INLINE vec vec_add(vec a, vec b) { return vaddq_f32(a, b); }
INLINE vec vec_sub(vec a, vec b) { return vsubq_f32(a, b); }
INLINE vec vec_mul(vec a, vec b) { return vmulq_f32(a, b); }
INLINE vec vec_div(vec a, vec b) { return vdivq_f32(a, b); }
INLINE vec vec_sqrt(vec a) { return vsqrtq_f32(a); }
INLINE vec vec_fma(vec a, vec b, vec c) { return vfmaq_f32(c, a, b); }
// b when either is NaN, as the x86 instructions do: vmaxq_f32 would give the NaN.
INLINE vec vec_max(vec a, vec b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
INLINE vec vec_min(vec a, vec b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
INLINE vec vec_round(vec a) { return vrndnq_f32(a); }
// a · 2^n for an integral n in -126 ... 127; a NaN in a stays one.
INLINE vec vec_scale(vec a, vec n) {
    int32x4_t exponent = vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127));
    return vmulq_f32(a, vreinterpretq_f32_s32(vshlq_n_s32(exponent, 23)));
}
// a where x > 0, b elsewhere.
INLINE vec vec_select_positive(vec x, vec a, vec b) { return vbslq_f32(vcgtzq_f32(x), a, b); }
// Lanes n ..< n + LANES of two vectors behind one another, 0 <= n <= LANES.
INLINE vec vec_slide(vec low, vec high, size_t n) {
    static const uint8_t bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint8x16x2_t both = {{vreinterpretq_u8_f32(low), vreinterpretq_u8_f32(high)}};
    return vreinterpretq_f32_u8(vqtbl2q_u8(both, vaddq_u8(vld1q_u8(bytes), vdupq_n_u8((uint8_t)(sizeof(float) * n)))));
}
INLINE int vec_all_equal(vec a, vec b) { return vminvq_u32(vceqq_f32(a, b)) != 0; }
INLINE float vec_sum(vec a) { return vaddvq_f32(a); }
INLINE float vec_largest(vec a) { return vmaxvq_f32(a); }

#include "limited_scale.h"
#include "no_half.h"
#include "emulated_pairs.h"
