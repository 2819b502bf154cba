// Memory bandwidth: arrays far beyond the caches.
#include "CPeaks.h"
#include "clock.h"
#include <stdlib.h>
#include <string.h>

enum { FLOATS = 24 << 20 }; // 96 MiB an array

typedef float vector __attribute__((vector_size(64)));

static float *array(void) {
    float *values = aligned_alloc(64, FLOATS * sizeof(float));
    if (values) memset(values, 1, FLOATS * sizeof(float)); // every page is there before time counts
    return values;
}

static void read_all(const float *values) {
    vector sums[4] = {{0}, {0}, {0}, {0}};
    const vector *v = (const vector *)values;
    for (size_t i = 0; i < FLOATS / 16; i += 4) {
        for (int k = 0; k < 4; k++) sums[k] += v[i + (size_t)k];
    }
    vector sum = sums[0] + sums[1] + sums[2] + sums[3];
    __asm__ volatile("" : : "m"(sum));
}

static void triad(float *a, const float *b, const float *c) {
    vector *x = (vector *)a;
    const vector *y = (const vector *)b, *z = (const vector *)c;
    for (size_t i = 0; i < FLOATS / 16; i++) __builtin_nontemporal_store(y[i] + 3.0f * z[i], x + i);
    __asm__ volatile("" : : "r"(a) : "memory"); // somebody may read it
}

double peak_read_bytes(double seconds) {
    float *values = array();
    double best = 0;
    if (values) BEST_SLICE(best, seconds, (double)FLOATS * sizeof(float), read_all(values));
    free(values);
    return best;
}

double peak_triad_bytes(double seconds) {
    float *a = array(), *b = array(), *c = array();
    double best = 0;
    if (a && b && c) BEST_SLICE(best, seconds, 3.0 * FLOATS * sizeof(float), triad(a, b, c));
    free(a), free(b), free(c);
    return best;
}
