#include <string.h>

#include "tables.h"

const kernels *kernels_named(const char *name) {
#if defined(__x86_64__)
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                 __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
    if (strcmp(name, "avx512bf16") == 0)
        return avx512 && __builtin_cpu_supports("avx512bf16") ? &kernels_avx512bf16 : NULL;
    if (strcmp(name, "avx512") == 0) return avx512 ? &kernels_avx512 : NULL;
    if (strcmp(name, "avx2") == 0)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernels_avx2 : NULL;
#endif
#if defined(__aarch64__)
    // Every 64-bit ARM has it.
    if (strcmp(name, "neon") == 0) return &kernels_neon;
#endif
    return strcmp(name, "scalar") == 0 ? &kernels_scalar : NULL;
}

const kernels *kernels_fastest(void) {
    const kernels *fastest = kernels_named("avx512bf16");
    if (!fastest) fastest = kernels_named("avx512");
    if (!fastest) fastest = kernels_named("avx2");
    if (!fastest) fastest = kernels_named("neon");
    return fastest ? fastest : &kernels_scalar;
}
