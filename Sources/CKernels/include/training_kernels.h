// Float kernels of training: the products and activations of a backward pass, and whatever runs over packed sequences.
//
// Packed: a batch of B sequences, the longest first, is M rows: those of step t are the counts[t] sequences that are
// longer than t, and steps follow one another. Every row is a real step; counts never grow. Per-row numbers (scores,
// attention) are M floats without gaps.
//
// `+=` means added to what is there. Where a kernel says "exactly", it writes no lane beyond the columns.
#ifndef TRAINING_KERNELS_H
#define TRAINING_KERNELS_H

#include "kernel_rows.h"

#pragma clang assume_nonnull begin

// An element of a list, and the sum that it adds to.
typedef struct {
    size_t element, slot;
} kernel_slot;

typedef struct {
    size_t steps;
    const size_t *counts;
} kernel_packing;

// How a cell of a trained sequence keeps its state, h' = k h + (1 - k) c.
typedef enum {
    KERNEL_CELL_GRU,       // k = z
    KERNEL_CELL_PAPER,     // k = 1 - a (1 - z)
    KERNEL_CELL_REFERENCE, // k = (1 - a) z
    KERNEL_CELL_ATTENTION, // k = 1 - a
} kernel_cell;

typedef struct {
    kernel_rows attention;         // [M, 1]; all rows may be one
    kernel_mutable_rows previous;  // [M, H]: the state before
    kernel_mutable_rows gates;     // [M, 2H]: in x W + b, out r and z
    kernel_mutable_rows reset;     // [M, H]: h U + bias (reset after the product), or r * h (before it)
    kernel_mutable_rows candidate; // [M, H]: in x W + b, out c
    kernel_mutable_rows states;    // [M, H]
} kernel_sequence;

// Gradients of the same rows: `states` goes in with what uses the states and is spent, the others come out.
typedef struct {
    kernel_rows gates_transposed;     // [2H, H]
    kernel_rows candidate_transposed; // [H, H]
    kernel_mutable_rows states;       // [M, H]
    kernel_mutable_rows gates;        // [M, 2H]: of x W + b
    kernel_mutable_rows reset;        // [M, H]
    kernel_mutable_rows candidate;    // [M, H]: of x W + b
    kernel_mutable_rows attention;    // [M, 1]
    kernel_mutable_rows kept;         // [counts[0], H], scratch
} kernel_sequence_gradients;

// Mean and variance of each channel over the rows of a batch.
typedef struct {
    const float *mean;
    const float *variance;
} kernel_moments;

typedef struct {
    // output [rows, columns] += transpose(input [inner, rows]) · gradient [inner, columns].
    void (*accumulate_transposed)(size_t rows, size_t columns, size_t inner, kernel_rows input,
                                  kernel_rows gradient, kernel_mutable_rows output);
    // output [columns, rows] = transpose(input [rows, columns]), exactly.
    void (*transpose)(size_t rows, size_t columns, kernel_rows input, kernel_mutable_rows output);

    // Exactly, element by element: target = source; target += source; product = a b; sums += a b;
    // and with one factor a row, target = factor source; target += factor source.
    void (*copy)(size_t rows, size_t columns, kernel_rows source, kernel_mutable_rows target);
    void (*add)(size_t rows, size_t columns, kernel_rows source, kernel_mutable_rows target);
    void (*multiply)(size_t rows, size_t columns, kernel_rows a, kernel_rows b, kernel_mutable_rows product);
    void (*multiply_add)(size_t rows, size_t columns, kernel_rows a, kernel_rows b, kernel_mutable_rows sums);
    void (*scale_rows)(size_t rows, size_t columns, const float *factors, kernel_rows source,
                       kernel_mutable_rows target);
    void (*scale_rows_add)(size_t rows, size_t columns, const float *factors, kernel_rows source,
                           kernel_mutable_rows target);
    // sums [columns] += the rows of source, or of a b; dots[i] = <a_i, b_i>.
    void (*column_sums)(size_t rows, size_t columns, kernel_rows source, float *sums);
    void (*column_dots)(size_t rows, size_t columns, kernel_rows a, kernel_rows b, float *sums);
    void (*row_dots)(size_t rows, size_t columns, kernel_rows a, kernel_rows b, float *dots);
    // target = scale source + offset, channel by channel; scale and offset as alpha of prelu.
    void (*affine)(size_t rows, size_t columns, const float *scale, const float *offset, kernel_rows source,
                   kernel_mutable_rows target);

    // gradient *= y (1 - y), y = outputs of a sigmoid.
    void (*sigmoid_backward)(size_t rows, size_t columns, kernel_rows outputs, kernel_mutable_rows gradient);
    // In place: dy → dx; alpha_gradient += sum of x dy where x <= 0.
    void (*prelu_backward)(size_t rows, size_t columns, const float *alpha, kernel_rows inputs,
                           kernel_mutable_rows gradient, float *alpha_gradient);
    void (*moments)(size_t rows, size_t columns, kernel_rows values, float *mean, float *variance);
    // In place: dy → dx of dice with the moments of its own batch, which are not constants; alpha_gradient += dalpha.
    void (*dice_backward)(size_t rows, size_t columns, const float *alpha, kernel_moments moments, float epsilon,
                          kernel_rows inputs, kernel_mutable_rows gradient, float *alpha_gradient);

    // The last layer of a network of sigmoids with one output: scores[i] = <x_i, weights> + bias, and back: in place
    // x → gradient of what x is the sigmoid of; weight_gradient += sum of x_i dscore_i.
    void (*scores)(size_t rows, size_t columns, kernel_rows inputs, const float *weights, float bias, float *scores);
    void (*scores_backward)(size_t rows, size_t columns, const float *gradient, const float *weights,
                            kernel_mutable_rows values, float *weight_gradient);
    // In place: logits → factor (sigmoid(l) - label). Returns the sum of log(1 + e^l) - label l.
    double (*cross_entropy)(size_t count, float label, float factor, float *logits);

    // Softmax of each packed sequence, in place, and back: gradient of the weights → of the scores.
    void (*packed_softmax)(kernel_packing packing, float *scores);
    void (*packed_softmax_backward)(kernel_packing packing, const float *weights, float *gradient);
    // With s_b a row of sequences [B, columns] and p_m one of packed [M, columns], m the row of a step of sequence b:
    // dots[m] = <s_b, p_m>; s_b += sum of w_m p_m; p_m += w_m s_b (w: 1 where weights is NULL);
    // products_m = s_b p_m; s_b += sum of p_m q_m.
    void (*packed_dots)(kernel_packing packing, size_t columns, kernel_rows sequences, kernel_rows packed,
                        float *dots);
    void (*packed_sum)(kernel_packing packing, size_t columns, const float *_Nullable weights, kernel_rows packed,
                       kernel_mutable_rows sequences);
    void (*packed_spread)(kernel_packing packing, size_t columns, const float *_Nullable weights,
                          kernel_rows sequences, kernel_mutable_rows packed);
    void (*packed_products)(kernel_packing packing, size_t columns, kernel_rows sequences, kernel_rows packed,
                            kernel_mutable_rows products);
    void (*packed_product_sum)(kernel_packing packing, size_t columns, kernel_rows p, kernel_rows q,
                               kernel_mutable_rows sequences);
    // The row of step t - 1 += the row of step t, of every sequence.
    void (*packed_shift_add)(kernel_packing packing, size_t columns, kernel_rows later, kernel_mutable_rows earlier);

    // A GRU over packed sequences from zero states, and its backward pass (see the structs).
    void (*sequence_forward)(const kernel_recurrence *weights, kernel_cell cell, kernel_packing packing,
                             const kernel_sequence *sequence);
    void (*sequence_backward)(const kernel_recurrence *weights, kernel_cell cell, kernel_packing packing,
                              const kernel_sequence *sequence, const kernel_sequence_gradients *gradients);

    // vectors_i = table[rows[i]]; sums, `columns` floats a slot without gaps: the sum of a slot's slot += the gradient of
    // its element.
    void (*gather)(size_t count, size_t columns, const size_t *rows, kernel_rows table, kernel_mutable_rows vectors);
    void (*scatter_add)(size_t count, size_t columns, const kernel_slot *slots, kernel_rows gradient, float *sums);
} training_kernels;

// Calls body(context, index) once for each index below count, on as many threads, the caller's being that of index 0; returns
// when all have returned. Other threads keep their index from call to call, and are made once.
void kernel_perform(size_t count, void (*body)(void *_Nullable context, size_t index), void *_Nullable context);

// A row of zeros, for products that start from nothing.
enum { KERNEL_ZEROS = 4096 };
const float *kernel_first_zero(void);

// Gives the rows of a table that occur in `rows` and belong to one part of `parts` slots in the order in which they
// occur. slot_of_row is -1 for a row without slot; `touched` lists the row of each slot, of which there are *touched_count.
// Returns how many of `rows` are of the part; slots has them in their order. Different parts may be worked on at the same
// time.
size_t kernel_touch_rows(size_t count, const size_t *rows, size_t part, size_t parts, int32_t *slot_of_row,
                         size_t *touched_count, size_t *touched, kernel_slot *slots);

// Takes the slots of these rows away.
void kernel_forget_rows(size_t count, const size_t *touched, int32_t *slot_of_row);

#pragma clang assume_nonnull end
#endif
