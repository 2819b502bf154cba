// The matrices that kernels take.
#ifndef KERNEL_ROWS_H
#define KERNEL_ROWS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

enum {
    KERNEL_ROW_FLOATS = 16,     // the longest vector: a stride is a multiple of it
    KERNEL_CANDIDATE_ROWS = 48, // candidates that go through all steps of an AUGRU together
    KERNEL_STEP_ROWS = 48,      // steps that go through an attention network together
    KERNEL_ROWS_OF_PART = 16,   // neighbouring rows of a table belong to one thread: what stands a row shares a line
    KERNEL_PREFETCH_ROWS = 6,   // rows of a table that are fetched ahead
};

// Rows of floats: row i begins at values + i * stride.
typedef struct {
    const float *values;
    size_t stride;
} kernel_rows;

typedef struct {
    float *values;
    size_t stride;
} kernel_mutable_rows;

// The recurrent half of a GRU. `gates` is [H, 2H] (reset r, then keep z) and `candidate` is [H, H], both packed.
// candidate_bias [H] given: the reset gate is applied after the product, c = tanh(x + r * (h U + bias)).
// NULL: before it, c = tanh(x + (r * h) U).
typedef struct {
    size_t hidden;
    kernel_rows gates;
    kernel_rows candidate;
    const float *_Nullable candidate_bias;
    int pairs; // whether products are of bfloat16, their matrices pairs as in dense_pairs
} kernel_recurrence;

// Columns rounded up to a whole number of vectors: the shortest stride that kernels take.
static inline size_t kernel_stride(size_t columns) {
    return (columns + KERNEL_ROW_FLOATS - 1) / KERNEL_ROW_FLOATS * KERNEL_ROW_FLOATS;
}

// How many of `left` rows to take at once: blocks of about one size, a multiple of 4, at most `most`, itself one.
static inline size_t kernel_block(size_t left, size_t most) {
    size_t blocks = (left + most - 1) / most;
    size_t block = ((left + blocks - 1) / blocks + 3) / 4 * 4;
    return block < left ? block : left;
}

// Counts a matrix that the calling thread allocates; how many that were.
void kernel_count_allocation(void);
size_t kernel_allocations(void);

#pragma clang assume_nonnull end
#endif
