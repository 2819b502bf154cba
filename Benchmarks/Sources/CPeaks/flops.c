// Fused multiply-adds in registers: enough independent chains to hide the latency, few enough for 16 registers.
#include "CPeaks.h"
#include "clock.h"
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

enum { CHAINS = 12, TURNS = 100000 };

// CHAINS chains of `fma(chain, factor, term)`; the barrier keeps the compiler from knowing what is in a chain.
#define CHAIN_LOOP(type, register_class, initial, factor_value, term_value, step)                                     \
    type chain[CHAINS], factor = (factor_value), term = (term_value);                                                 \
    for (int c = 0; c < CHAINS; c++) chain[c] = (initial);                                                            \
    for (int turn = 0; turn < TURNS; turn++) {                                                                        \
        _Pragma("clang loop unroll(full)") for (int c = 0; c < CHAINS; c++) {                                         \
            chain[c] = step(chain[c], factor, term);                                                                  \
            __asm__ volatile("" : "+" register_class(chain[c]));                                                      \
        }                                                                                                             \
    }

#if defined(__x86_64__)

#define MULTIPLY_ADD(x, a, b) ((x) * (a) + (b))
#define FMA256(x, a, b) _mm256_fmadd_ps((x), (a), (b))
#define FMA512(x, a, b) _mm512_fmadd_ps((x), (a), (b))
#define DOT512(x, a, b) _mm512_dpbf16_ps((x), (__m512bh)(a), (__m512bh)(b))

static void scalar_slice(void) {
    // The baseline of this architecture has no fused multiply-add.
    CHAIN_LOOP(float, "x", 1.0f, 0.999f, 0.001f, MULTIPLY_ADD)
}

__attribute__((target("avx2,fma"))) static void avx2_slice(void) {
    CHAIN_LOOP(__m256, "x", _mm256_set1_ps(1), _mm256_set1_ps(0.999f), _mm256_set1_ps(0.001f), FMA256)
}

__attribute__((target("avx512f"))) static void avx512_slice(void) {
    CHAIN_LOOP(__m512, "v", _mm512_set1_ps(1), _mm512_set1_ps(0.999f), _mm512_set1_ps(0.001f), FMA512)
}

__attribute__((target("avx512f,avx512bf16"))) static void bf16_slice(void) {
    CHAIN_LOOP(__m512, "v", _mm512_set1_ps(1), _mm512_set1_ps(0.25f), _mm512_set1_ps(0.25f), DOT512)
}

static double rate(void (*slice)(void), double operations, double seconds) {
    double best = 0;
    BEST_SLICE(best, seconds, operations * CHAINS * TURNS, slice());
    return best;
}

double peak_flops(const char *instruction_set, double seconds) {
    __builtin_cpu_init();
    if (!strcmp(instruction_set, "scalar")) return rate(scalar_slice, 2, seconds);
    if (!strcmp(instruction_set, "avx2"))
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? rate(avx2_slice, 16, seconds) : 0;
    if (!strcmp(instruction_set, "avx512"))
        return __builtin_cpu_supports("avx512f") ? rate(avx512_slice, 32, seconds) : 0;
    if (!strcmp(instruction_set, "bf16"))
        return __builtin_cpu_supports("avx512bf16") ? rate(bf16_slice, 64, seconds) : 0;
    return 0;
}

#elif defined(__aarch64__)

#define FMA_NEON(x, a, b) vfmaq_f32((b), (x), (a))
#define FMA_SCALAR(x, a, b) __builtin_fmaf((x), (a), (b))

static void scalar_slice(void) { CHAIN_LOOP(float, "w", 1.0f, 0.999f, 0.001f, FMA_SCALAR) }

static void neon_slice(void) {
    CHAIN_LOOP(float32x4_t, "w", vdupq_n_f32(1), vdupq_n_f32(0.999f), vdupq_n_f32(0.001f), FMA_NEON)
}

double peak_flops(const char *instruction_set, double seconds) {
    int neon = !strcmp(instruction_set, "neon");
    if (!neon && strcmp(instruction_set, "scalar")) return 0;
    double best = 0;
    BEST_SLICE(best, seconds, (neon ? 8.0 : 2.0) * CHAINS * TURNS, neon ? neon_slice() : scalar_slice());
    return best;
}

#else
double peak_flops(const char *instruction_set, double seconds) { return 0; }
#endif
