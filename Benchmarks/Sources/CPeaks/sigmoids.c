// 1 / (1 + 2^y) with y = -x log2(e): 2^y as 2^n 2^f with n whole and |f| <= 1/2, 2^f by a polynomial of Taylor's
// coefficients, the quotient from the processor's estimate and one step of Newton. What any kernel must do at least.
#include "CPeaks.h"
#include "clock.h"

enum { VALUES = 2048, REPEATS = 200 };

#define LOG2_E 1.44269504f
// ln(2)^k / k!
static const float taylor[6] = {0.693147181f, 0.240226507f, 0.0555041087f, 0.00961812911f, 0.00133335581f,
                                0.000154035304f};

static void plain(float *values) {
    for (int i = 0; i < VALUES; i++) {
        float y = -LOG2_E * values[i];
        y = y > 126 ? 126 : y < -126 ? -126 : y;
        float n = __builtin_rintf(y), f = y - n, p = taylor[5];
        for (int k = 4; k >= 0; k--) p = p * f + taylor[k];
        values[i] = 1 / (1 + (p * f + 1) * __builtin_ldexpf(1, (int)n));
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static __m512 sigmoid512(__m512 x) {
    __m512 y = _mm512_min_ps(_mm512_mul_ps(x, _mm512_set1_ps(-LOG2_E)), _mm512_set1_ps(126));
    __m512 n = _mm512_roundscale_ps(y, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 f = _mm512_sub_ps(y, n), p = _mm512_set1_ps(taylor[5]);
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(taylor[4]));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(taylor[3]));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(taylor[2]));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(taylor[1]));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(taylor[0]));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1));
    __m512 d = _mm512_add_ps(_mm512_scalef_ps(p, n), _mm512_set1_ps(1));
    __m512 r = _mm512_rcp14_ps(d);
    return _mm512_mul_ps(r, _mm512_fnmadd_ps(d, r, _mm512_set1_ps(2)));
}

__attribute__((target("avx512f"))) static void avx512(float *values) {
    for (int i = 0; i < VALUES; i += 64) {
        // Four at a time, so that their latencies overlap.
        __m512 a = sigmoid512(_mm512_loadu_ps(values + i)), b = sigmoid512(_mm512_loadu_ps(values + i + 16));
        __m512 c = sigmoid512(_mm512_loadu_ps(values + i + 32)), d = sigmoid512(_mm512_loadu_ps(values + i + 48));
        _mm512_storeu_ps(values + i, a), _mm512_storeu_ps(values + i + 16, b);
        _mm512_storeu_ps(values + i + 32, c), _mm512_storeu_ps(values + i + 48, d);
    }
}

__attribute__((target("avx2,fma"))) static __m256 sigmoid256(__m256 x) {
    __m256 y = _mm256_mul_ps(x, _mm256_set1_ps(-LOG2_E));
    y = _mm256_max_ps(_mm256_min_ps(y, _mm256_set1_ps(126)), _mm256_set1_ps(-126));
    __m256 n = _mm256_round_ps(y, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 f = _mm256_sub_ps(y, n), p = _mm256_set1_ps(taylor[5]);
    for (int k = 4; k >= 0; k--) p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(taylor[k]));
    p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(1));
    __m256i power = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
    __m256 d = _mm256_fmadd_ps(p, _mm256_castsi256_ps(power), _mm256_set1_ps(1)), r = _mm256_rcp_ps(d);
    return _mm256_mul_ps(r, _mm256_fnmadd_ps(d, r, _mm256_set1_ps(2)));
}

__attribute__((target("avx2,fma"))) static void avx2(float *values) {
    for (int i = 0; i < VALUES; i += 32) {
        __m256 a = sigmoid256(_mm256_loadu_ps(values + i)), b = sigmoid256(_mm256_loadu_ps(values + i + 8));
        __m256 c = sigmoid256(_mm256_loadu_ps(values + i + 16)), d = sigmoid256(_mm256_loadu_ps(values + i + 24));
        _mm256_storeu_ps(values + i, a), _mm256_storeu_ps(values + i + 8, b);
        _mm256_storeu_ps(values + i + 16, c), _mm256_storeu_ps(values + i + 24, d);
    }
}

static void (*widest(void))(float *) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f")) return avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? avx2 : plain;
}
#else
// The compiler makes vectors of the plain loop where the target has them.
static void (*widest(void))(float *) { return plain; }
#endif

double peak_sigmoids(double seconds) {
    static _Thread_local float values[VALUES] __attribute__((aligned(64)));
    for (int i = 0; i < VALUES; i++) values[i] = (float)(i % 17) - 8;
    void (*kernel)(float *) = widest();
    double best = 0;
    BEST_SLICE(best, seconds, (double)VALUES * REPEATS, for (int k = 0; k < REPEATS; k++) kernel(values));
    return best;
}
