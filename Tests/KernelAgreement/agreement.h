// Every kernel of one table beside the scalar one, on the same inputs: sizes that are no multiple of a vector, tails, and
// special values. Plain C, so that it runs where Swift was not built, such as in an emulator.
#ifndef AGREEMENT_H
#define AGREEMENT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

// A matrix as kernels take it. The lanes between its columns and its stride hold what no result may depend on.
typedef struct {
    float *values;
    size_t rows, columns, stride;
} matrix;

// What one table made of one case: its matrices, in the order in which they were made.
enum { MOST = 512 };
typedef struct {
    matrix made[MOST];
    size_t count;
    uint64_t state; // of the random numbers
} fixture;

static const float outside = 3.25e8f;

static inline double uniform(fixture *f) { // SplitMix64
    uint64_t z = f->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

static inline matrix make(fixture *f, size_t rows, size_t columns, float low, float high) {
    size_t stride = kernel_stride(columns);
    // A row more, since a kernel may read the whole vector that a value begins.
    matrix m = {malloc((rows + 1) * (stride + KERNEL_ROW_FLOATS) * sizeof(float)), rows, columns, stride};
    for (size_t i = 0; i < (rows + 1) * (stride + KERNEL_ROW_FLOATS); i++) m.values[i] = outside;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            m.values[r * stride + c] = low + (high - low) * (float)uniform(f);
    if (f->count == MOST) abort();
    return f->made[f->count++] = m;
}

// A packed weight, or a vector of channels: zero beyond its columns.
static inline matrix make_packed(fixture *f, size_t rows, size_t columns, float low, float high) {
    matrix m = make(f, rows, columns, low, high);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = columns; c < m.stride; c++) m.values[r * m.stride + c] = 0;
    return m;
}

// Weights of products of pairs: [inner / 2, columns], the first of a pair in the low half of a float's bits.
static inline matrix make_pairs(fixture *f, size_t inner, size_t columns, float low, float high) {
    matrix plain = make_packed(f, inner, columns, low, high), m = make_packed(f, (inner + 1) / 2, columns, 0, 0);
    for (size_t k = 0; k < inner; k++)
        for (size_t c = 0; c < columns; c++) {
            uint16_t rounded;
            kernel_narrow(KERNEL_BF16, 1, 1, plain.values + k * plain.stride + c, &rounded, NULL);
            memcpy((char *)(m.values + k / 2 * m.stride + c) + k % 2 * sizeof rounded, &rounded, sizeof rounded);
        }
    return m;
}

static inline matrix make_weights(fixture *f, int pairs, size_t inner, size_t columns, float low, float high) {
    return pairs ? make_pairs(f, inner, columns, low, high) : make_packed(f, inner, columns, low, high);
}

static inline kernel_rows in(matrix m) { return (kernel_rows){m.values, m.stride}; }
static inline kernel_mutable_rows out(matrix m) { return (kernel_mutable_rows){m.values, m.stride}; }

static inline void drop(fixture *f) {
    for (size_t i = 0; i < f->count; i++) free(f->made[i].values);
}

// A case: what a table makes of inputs of these sizes.
typedef void (*test_body)(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner);

typedef struct {
    const char *name;
    test_body body;
    double tolerance; // of a difference, in proportion to the largest value of its matrix or to 1; 0: the same bits
    int is_exact;     // whether no lane beyond the columns is written
} test_case;

extern const test_case forward_tests[], training_tests[];
extern const size_t forward_count, training_count;

// Halves and bytes to floats and back, against the compiler's own conversions; returns how many are wrong.
size_t narrow_failures(void);

#endif
