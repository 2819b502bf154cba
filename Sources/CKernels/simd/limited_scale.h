// For instruction sets whose vec_scale takes powers of -126 ... 127 alone.

// n as near as vec_scale takes it; a NaN stays one.
INLINE vec vec_scalable(vec n) { return vec_min(vec_set(126.0f), vec_max(vec_set(-126.0f), n)); }
// The same, and 2^n is finite.
INLINE vec vec_scalable_finite(vec n) { return vec_scalable(n); }
