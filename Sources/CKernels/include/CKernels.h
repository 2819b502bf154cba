// Float kernels of DIEN, for one core: the forward pass of serving here, those of training in training_kernels.h.
//
// Matrices are row-major. Every matrix that a kernel writes, and every packed weight, has rows of `stride` floats with
// stride a multiple of KERNEL_ROW_FLOATS; the lanes between a row's columns and its stride are scratch: kernels may
// read and write them, and their values mean nothing. No alignment beyond that of float is assumed.
//
// Determinism: the bits of row i of a result depend on row i of the inputs alone, never on how many rows there are.
// Sums over an inner index start at the initial value and ascend in it, in every tile.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "kernel_rows.h"
#include "narrow_rows.h"
#include "training_kernels.h"

#pragma clang assume_nonnull begin

// A sequence of input projections x W + b, one row a step: `gates` is [T, 2H], `candidate` is [T, H].
typedef struct {
    size_t steps;
    kernel_rows gates;
    kernel_rows candidate;
} kernel_projections;

// What gru, augru, aigru and attention_scores take is scaled, so that no step multiplies by it: of gates and of the layers
// of the attention network everything that is added up is kernel_sigmoid_scale times what its sigmoid is of, of a GRU's
// candidate kernel_tanh_scale times: sigmoid(x) = 1 / (1 + 2^-(x log2 e)), tanh(x) = (1 - 2^-(2 x log2 e)) / (1 + ...).
static const float kernel_sigmoid_scale = -1.44269504f;
static const float kernel_tanh_scale = -2.88539008f;

// One of the sequences that a GRU runs over.
typedef struct {
    kernel_projections inputs;
    const float *_Nullable initial; // [H], the state before the first step; NULL: zero. May be a row of any states
    kernel_mutable_rows states;     // [inputs.steps, H]: the state after each step
} kernel_gru_sequence;

// The coefficient k in h' = k h + (1 - k) c, from the gate z and the attention a.
typedef enum {
    KERNEL_KEEP_PAPER,     // k = 1 - a (1 - z)
    KERNEL_KEEP_REFERENCE, // k = (1 - a) z
    KERNEL_KEEP_ATTENTION, // k = 1 - a, whatever the gate
} kernel_keep;

// The attention network of the reference preset, split by whom its first layer depends on:
// score(q, f) = w3 sigmoid(W2 sigmoid(key(f) + query(q) + product (q * f)) + b2) + b3.
typedef struct {
    size_t inputs, first, second; // widths: of q and f, of the first layer, of the second
    kernel_rows product;          // [inputs, first] packed
    kernel_rows second_weights;   // [first, second] packed
    const float *second_bias;     // [second], zero to the next multiple of KERNEL_ROW_FLOATS
    const float *score_weights;   // [second], zero to the next multiple of KERNEL_ROW_FLOATS
    float score_bias;
    int pairs; // whether products are of bfloat16, their matrices pairs as in dense_pairs
} kernel_attention_network;

// The factors of one step of Adam (adam.inc).
typedef struct {
    float first_mix;   // 1 - beta1
    float second_keep; // beta2
    float second_mix;  // 1 - beta2
    float step_size;   // lr / (1 - beta1^t)
    float correction;  // sqrt(1 - beta2^t)
    float epsilon;
    float shrink; // 1 - lr decay
    float scale;  // of the gradients
} kernel_adam_step;

// What is kept of each step, for the rows that have not been moved since.
typedef struct {
    double log_shrink;        // the sum of log(1 - lr decay) of all steps up to this one
    float step_size;          // lr / (1 - beta1^t)
    float inverse_correction; // 1 / sqrt(1 - beta2^t)
    float shrink;             // 1 - lr decay
    float first_power;        // beta1^t
    float second_power;       // beta2^t
    float root_power;         // beta2^(t/2)
} kernel_adam_factors;

// All steps so far.
typedef struct {
    const kernel_adam_factors *steps; // step t at index t; at 0 the factors of no step
    size_t horizon; // after so many steps without gradient the first moment is as good as 0
    size_t settled; // from this step on, updates of steps without gradient never grow
    float epsilon;
    int decays; // whether any shrink is below 1
} kernel_adam_timeline;

// A table whose rows are moved when they are next read; all matrices are [rows, columns] of one stride.
typedef struct {
    size_t columns;
    size_t stride;
    float *values;
    float *first;      // the moments as the last gradient left them
    float *second;
    int32_t *touched;  // the step of a row's last gradient; 0: none yet
    int32_t *current;  // the step up to which a row has been moved
} kernel_adam_table;

// Floats of scratch that gru, augru and attention_scores need.
static inline size_t kernel_recurrence_scratch(size_t hidden) {
    size_t row = kernel_stride(2 * hidden) + KERNEL_ROW_FLOATS + 3 * kernel_stride(hidden);
    return KERNEL_CANDIDATE_ROWS * row;
}

// Floats of scratch that aigru needs.
static inline size_t kernel_scaled_inputs_scratch(size_t hidden) {
    size_t row = kernel_stride(2 * hidden) + kernel_stride(hidden);
    return kernel_recurrence_scratch(hidden) + KERNEL_CANDIDATE_ROWS * row;
}

static inline size_t kernel_attention_scratch(size_t inputs, size_t first, size_t second) {
    return KERNEL_STEP_ROWS * (kernel_stride(inputs) + kernel_stride(first) + KERNEL_ROW_FLOATS);
}

typedef struct kernels {
    const char *name;

    // output [rows, columns] = initial + input [rows, inner] · weights [inner, columns] (packed).
    // initial.stride 0 gives every row the same initial values (a bias); initial may be the output itself.
    void (*dense)(size_t rows, size_t columns, size_t inner, kernel_rows input, kernel_rows weights,
                  kernel_rows initial, kernel_mutable_rows output);

    // The same with input rounded to bfloat16, and weights [inner / 2, columns] of pairs: the first of a pair in the low
    // half of a float's bits, an odd one completed by zero.
    void (*dense_pairs)(size_t rows, size_t columns, size_t inner, kernel_rows input, kernel_rows weights,
                        kernel_rows initial, kernel_mutable_rows output);

    // In place. Absolute error at most 2e-7; NaN gives NaN.
    void (*sigmoid)(size_t rows, size_t columns, kernel_mutable_rows values);
    void (*tanh)(size_t rows, size_t columns, kernel_mutable_rows values);

    // In place: each row becomes exp(x - max) / sum over its `columns` values; no columns, no change.
    void (*softmax)(size_t rows, size_t columns, kernel_mutable_rows values);

    // In place: x p + alpha x (1 - p), p = sigmoid(scale x + offset), channel by channel.
    // scale, offset and alpha are [columns], readable to the next multiple of KERNEL_ROW_FLOATS.
    void (*dice)(size_t rows, size_t columns, const float *scale, const float *offset, const float *alpha,
                 kernel_mutable_rows values);

    // In place: x where x > 0, alpha x elsewhere; alpha as in dice.
    void (*prelu)(size_t rows, size_t columns, const float *alpha, kernel_mutable_rows values);

    // One step of Adam of a dense parameter [rows, columns].
    void (*adam)(const kernel_adam_step *step, size_t rows, size_t columns, kernel_mutable_rows values,
                 kernel_mutable_rows first, kernel_mutable_rows second, kernel_rows gradients);

    // Moves rows of a table up to step `to`, those whose remainder by `parts` is `part`; a row may occur more than once.
    void (*adam_replay)(const kernel_adam_timeline *timeline, kernel_adam_table *table, size_t count,
                        const int64_t *rows, size_t part, size_t parts, size_t to);

    // Step `to` of the rows that have a gradient, each once; they have been moved up to the step before.
    void (*adam_rows)(const kernel_adam_timeline *timeline, const kernel_adam_step *step, kernel_adam_table *table,
                      size_t count, const int64_t *rows, kernel_rows gradients, size_t to);

    // The states of a GRU, k = z, over `count` sequences, the longest first; no sequence begins with a state that this
    // call writes.
    void (*gru)(const kernel_recurrence *weights, size_t count, const kernel_gru_sequence *sequences, float *scratch);

    // The last states [rows, H] of one attention GRU a row, from zero states. Row n reads inputs[n * spread], so 0
    // lets all rows share one; no row has more steps than the row before. attention is [rows, the first row's steps].
    void (*augru)(const kernel_recurrence *weights, kernel_keep keep, size_t rows, const kernel_projections *inputs,
                  size_t spread, kernel_rows attention, kernel_mutable_rows states, float *scratch);

    // The last states [rows, H] of one GRU a row whose inputs attention scales: `inputs` are x W without the biases, and
    // what a step takes is attention * (x W) + bias. Both biases [2H] and [H] are readable to the next multiple of
    // KERNEL_ROW_FLOATS. Rows, inputs and attention as of augru.
    void (*aigru)(const kernel_recurrence *weights, const float *gates_bias, const float *candidate_bias, size_t rows,
                  const kernel_projections *inputs, size_t spread, kernel_rows attention, kernel_mutable_rows states,
                  float *scratch);

    // scores [rows, T]: the network for each query (a row of queries [rows, inputs] and of query_parts [rows, first])
    // against each fact (a row of facts [T, inputs] and of key_parts [T, first]).
    void (*attention_scores)(const kernel_attention_network *network, size_t rows, kernel_rows queries,
                             kernel_rows query_parts, size_t steps, kernel_rows facts, kernel_rows key_parts,
                             kernel_mutable_rows scores, float *scratch);

    training_kernels training;
} kernels;

// The table of that name ("scalar", "avx2", "avx512", "avx512bf16", "neon"); NULL when this machine or build does not have it.
const kernels *_Nullable kernels_named(const char *name);

// The fastest table that this machine can run.
const kernels *kernels_fastest(void);

// The index of the first infinity or NaN among `count` floats at any address; `count` when there is none.
size_t kernel_first_non_finite(const void *values, size_t count);

// The sum of the squares of `count` floats.
double kernel_sum_of_squares(const float *values, size_t count);

// 1 / (1 + e^-x), and log(1 + e^x) without overflow.
double kernel_sigmoid_double(double x);
double kernel_softplus_double(double x);

// ln x and x^y.
double kernel_log_double(double x);
double kernel_pow_double(double x, double y);

#pragma clang assume_nonnull end
#endif
