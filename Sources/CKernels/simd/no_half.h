// For instruction sets whose shortest vector is the only one: no row of a matrix is ever cut into half vectors.
#define HALF_LANES 0
typedef vec half;

INLINE vec vec_whole(vec a) { return a; }
INLINE half half_load(const float *p) { return vec_load(p); }
INLINE void half_store(float *p, half a) { vec_store(p, a); }
INLINE half half_set(float a) { return vec_set(a); }
INLINE half half_add(half a, half b) { return vec_add(a, b); }
INLINE half half_fma(half a, half b, half c) { return vec_fma(a, b, c); }
INLINE half half_low(vec a) { return a; }
INLINE half half_high(vec a) { return a; }
INLINE vec vec_pair(half low, half high) { return low; }
