// The kernels of training.
#include "agreement.h"

#define TEST(name)                                                                                                     \
    static void name(const kernels *kernel_table, fixture *f, size_t rows, size_t columns, size_t inner) {             \
        const training_kernels *k = &kernel_table->training;                                                           \
        (void)inner;

TEST(accumulate_transposed)
    matrix x = make(f, inner, rows, -1, 1), g = make(f, inner, columns, -1, 1), y = make(f, rows, columns, -1, 1);
    k->accumulate_transposed(rows, columns, inner, in(x), in(g), out(y));
}
TEST(transpose)
    matrix x = make(f, rows, columns, -1, 1);
    k->transpose(rows, columns, in(x), out(make(f, columns, rows, 0, 0)));
}
TEST(copy)
    k->copy(rows, columns, in(make(f, rows, columns, -1, 1)), out(make(f, rows, columns, -1, 1)));
}
TEST(add)
    k->add(rows, columns, in(make(f, rows, columns, -1, 1)), out(make(f, rows, columns, -1, 1)));
}
TEST(multiply)
    matrix a = make(f, rows, columns, -1, 1), b = make(f, rows, columns, -1, 1);
    k->multiply(rows, columns, in(a), in(b), out(make(f, rows, columns, -1, 1)));
}
TEST(multiply_add)
    matrix a = make(f, rows, columns, -1, 1), b = make(f, rows, columns, -1, 1);
    k->multiply_add(rows, columns, in(a), in(b), out(make(f, rows, columns, -1, 1)));
}
TEST(scale_rows)
    matrix factors = make(f, 1, rows, -1, 1), x = make(f, rows, columns, -1, 1);
    k->scale_rows(rows, columns, factors.values, in(x), out(make(f, rows, columns, -1, 1)));
}
TEST(scale_rows_add)
    matrix factors = make(f, 1, rows, -1, 1), x = make(f, rows, columns, -1, 1);
    k->scale_rows_add(rows, columns, factors.values, in(x), out(make(f, rows, columns, -1, 1)));
}
TEST(column_sums)
    k->column_sums(rows, columns, in(make(f, rows, columns, -1, 1)), make(f, 1, columns, -1, 1).values);
}
TEST(column_dots)
    matrix a = make(f, rows, columns, -1, 1), b = make(f, rows, columns, -1, 1);
    k->column_dots(rows, columns, in(a), in(b), make(f, 1, columns, -1, 1).values);
}
TEST(row_dots)
    matrix a = make(f, rows, columns, -1, 1), b = make(f, rows, columns, -1, 1);
    k->row_dots(rows, columns, in(a), in(b), make(f, 1, rows, 0, 0).values);
}
TEST(affine)
    matrix scale = make_packed(f, 1, columns, -1, 1), offset = make_packed(f, 1, columns, -1, 1);
    matrix x = make(f, rows, columns, -1, 1);
    k->affine(rows, columns, scale.values, offset.values, in(x), out(make(f, rows, columns, 0, 0)));
}
TEST(sigmoid_backward)
    matrix y = make(f, rows, columns, 0, 1);
    k->sigmoid_backward(rows, columns, in(y), out(make(f, rows, columns, -1, 1)));
}
TEST(prelu_backward)
    matrix alpha = make_packed(f, 1, columns, -1, 1), x = make(f, rows, columns, -1, 1), g = make(f, rows, columns, -1, 1);
    k->prelu_backward(rows, columns, alpha.values, in(x), out(g), make(f, 1, columns, -1, 1).values);
}
TEST(moments)
    matrix mean = make(f, 1, columns, 0, 0), variance = make(f, 1, columns, 0, 0);
    k->moments(rows, columns, in(make(f, rows, columns, -1, 1)), mean.values, variance.values);
}
TEST(dice_backward)
    matrix alpha = make_packed(f, 1, columns, -1, 1), mean = make_packed(f, 1, columns, -0.2f, 0.2f);
    matrix variance = make_packed(f, 1, columns, 0.2f, 1), x = make(f, rows, columns, -1, 1), g = make(f, rows, columns, -1, 1);
    kernel_moments moments = {mean.values, variance.values};
    k->dice_backward(rows, columns, alpha.values, moments, 1e-9f, in(x), out(g), make(f, 1, columns, -1, 1).values);
}
TEST(scores)
    matrix weights = make_packed(f, 1, columns, -1, 1), x = make(f, rows, columns, -1, 1);
    k->scores(rows, columns, in(x), weights.values, 0.5f, make(f, 1, rows, 0, 0).values);
}
TEST(scores_backward)
    matrix gradient = make(f, 1, rows, -1, 1), weights = make_packed(f, 1, columns, -1, 1), x = make(f, rows, columns, 0, 1);
    k->scores_backward(rows, columns, gradient.values, weights.values, out(x), make(f, 1, columns, -1, 1).values);
}
TEST(cross_entropy)
    matrix logits = make(f, 1, columns, -12, 12), total = make(f, 1, 1, 0, 0);
    logits.values[0] = 1e30f;
    logits.values[columns - 1] = -1e30f;
    total.values[0] = (float)(k->cross_entropy(columns, (float)(rows % 2), 0.5f, logits.values) / 1e30);
    matrix plain = make(f, 1, columns, -12, 12), sum = make(f, 1, 1, 0, 0);
    sum.values[0] = (float)k->cross_entropy(columns, (float)(rows % 2), 0.5f, plain.values);
}

// `rows` sequences of falling lengths up to `inner`.
static kernel_packing pack(size_t rows, size_t steps, size_t *counts, size_t *total) {
    *total = 0;
    for (size_t t = 0; t < steps; t++) *total += counts[t] = rows - t * (rows - 1) / steps;
    return (kernel_packing){steps, counts};
}

#define PACKED_TEST(name)                                                                                              \
    TEST(name)                                                                                                         \
        size_t counts[256], m;                                                                                         \
        kernel_packing packing = pack(rows, inner, counts, &m);

PACKED_TEST(packed_softmax)
    (void)columns;
    k->packed_softmax(packing, make(f, 1, m, -9, 9).values);
}
PACKED_TEST(packed_softmax_backward)
    (void)columns;
    matrix weights = make(f, 1, m, 0, 1);
    k->packed_softmax_backward(packing, weights.values, make(f, 1, m, -1, 1).values);
}
PACKED_TEST(packed_dots)
    matrix s = make(f, rows, columns, -1, 1), p = make(f, m, columns, -1, 1);
    k->packed_dots(packing, columns, in(s), in(p), make(f, 1, m, 0, 0).values);
}
PACKED_TEST(packed_sum)
    matrix w = make(f, 1, m, -1, 1), p = make(f, m, columns, -1, 1);
    k->packed_sum(packing, columns, w.values, in(p), out(make(f, rows, columns, -1, 1)));
    k->packed_sum(packing, columns, NULL, in(p), out(make(f, rows, columns, -1, 1)));
}
PACKED_TEST(packed_spread)
    matrix w = make(f, 1, m, -1, 1), s = make(f, rows, columns, -1, 1);
    k->packed_spread(packing, columns, w.values, in(s), out(make(f, m, columns, -1, 1)));
    k->packed_spread(packing, columns, NULL, in(s), out(make(f, m, columns, -1, 1)));
}
PACKED_TEST(packed_products)
    matrix s = make(f, rows, columns, -1, 1), p = make(f, m, columns, -1, 1);
    k->packed_products(packing, columns, in(s), in(p), out(make(f, m, columns, 0, 0)));
}
PACKED_TEST(packed_product_sum)
    matrix p = make(f, m, columns, -1, 1), q = make(f, m, columns, -1, 1);
    k->packed_product_sum(packing, columns, in(p), in(q), out(make(f, rows, columns, -1, 1)));
}
PACKED_TEST(packed_shift_add)
    matrix later = make(f, m, columns, -1, 1);
    k->packed_shift_add(packing, columns, in(later), out(make(f, m, columns, -1, 1)));
}

static kernel_sequence sequence(fixture *f, size_t m, size_t hidden) {
    matrix attention = make(f, m, 1, 0, 1), previous = make(f, m, hidden, 0, 0), gates = make(f, m, 2 * hidden, -2, 2);
    matrix reset = make(f, m, hidden, 0, 0), candidate = make(f, m, hidden, -2, 2), states = make(f, m, hidden, 0, 0);
    return (kernel_sequence){in(attention), out(previous), out(gates), out(reset), out(candidate), out(states)};
}

static kernel_recurrence weights(fixture *f, size_t hidden, int has_bias) {
    matrix gates = make_packed(f, hidden, 2 * hidden, -0.4f, 0.4f), candidate = make_packed(f, hidden, hidden, -0.4f, 0.4f);
    matrix bias = make_packed(f, 1, hidden, -1, 1);
    return (kernel_recurrence){hidden, in(gates), in(candidate), has_bias ? bias.values : NULL};
}

PACKED_TEST(sequence_forward)
    for (int has_bias = 0; has_bias < 2; has_bias++) {
        kernel_recurrence w = weights(f, columns, has_bias);
        kernel_sequence s = sequence(f, m, columns);
        k->sequence_forward(&w, has_bias ? KERNEL_CELL_GRU : KERNEL_CELL_PAPER, packing, &s);
    }
}
PACKED_TEST(sequence_backward)
    kernel_cell cell = (kernel_cell)(rows % 4);
    kernel_recurrence w = weights(f, columns, rows % 2 == 0);
    kernel_sequence s = sequence(f, m, columns);
    k->sequence_forward(&w, cell, packing, &s);
    matrix gates = make_packed(f, 2 * columns, columns, -0.4f, 0.4f), candidate = make_packed(f, columns, columns, -0.4f, 0.4f);
    matrix states = make(f, m, columns, -1, 1), to_gates = make(f, m, 2 * columns, 0, 0), reset = make(f, m, columns, 0, 0);
    matrix to_candidate = make(f, m, columns, 0, 0), attention = make(f, m, 1, 0, 0), kept = make(f, rows, columns, 0, 0);
    kernel_sequence_gradients g = {in(gates),  in(candidate),     out(states),    out(to_gates),
                                   out(reset), out(to_candidate), out(attention), out(kept)};
    k->sequence_backward(&w, cell, packing, &s, &g);
}

TEST(gather)
    size_t numbers[256];
    for (size_t i = 0; i < rows; i++) numbers[i] = i * 7 % inner;
    matrix table = make(f, inner, columns, -1, 1);
    k->gather(rows, columns, numbers, in(table), out(make(f, rows, columns, 0, 0)));
}
TEST(scatter_add)
    kernel_slot slots[256];
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        if (i % 3 != 2) slots[count++] = (kernel_slot){.element = i, .slot = i * 7 % inner};
    matrix sums = make(f, 1, inner * columns, -1, 1);
    k->scatter_add(count, columns, slots, in(make(f, rows, columns, -1, 1)), sums.values);
}

// Chains of sums differ by the rounding of a fused product; whatever is one operation an element does not.
const test_case training_tests[] = {
    {"accumulate_transposed", accumulate_transposed, 2e-6, 0},
    {"transpose", transpose, 0, 1},
    {"copy", copy, 0, 1},
    {"add", add, 0, 1},
    {"multiply", multiply, 0, 1},
    {"multiply_add", multiply_add, 3e-7, 1},
    {"scale_rows", scale_rows, 0, 1},
    {"scale_rows_add", scale_rows_add, 3e-7, 1},
    {"column_sums", column_sums, 2e-6, 1},
    {"column_dots", column_dots, 2e-6, 1},
    {"row_dots", row_dots, 2e-6, 1},
    {"affine", affine, 3e-7, 1},
    {"sigmoid_backward", sigmoid_backward, 0, 0},
    {"prelu_backward", prelu_backward, 2e-6, 0},
    {"moments", moments, 2e-6, 1},
    {"dice_backward", dice_backward, 1e-5, 0},
    {"scores", scores, 2e-6, 1},
    {"scores_backward", scores_backward, 2e-6, 0},
    {"cross_entropy", cross_entropy, 2e-6, 1},
    {"packed_softmax", packed_softmax, 1e-6, 1},
    {"packed_softmax_backward", packed_softmax_backward, 2e-6, 1},
    {"packed_dots", packed_dots, 2e-6, 1},
    {"packed_sum", packed_sum, 2e-6, 1},
    {"packed_spread", packed_spread, 3e-7, 1},
    {"packed_products", packed_products, 0, 1},
    {"packed_product_sum", packed_product_sum, 2e-6, 1},
    {"packed_shift_add", packed_shift_add, 0, 1},
    {"sequence_forward", sequence_forward, 1e-5, 0},
    {"sequence_backward", sequence_backward, 2e-5, 0},
    {"gather", gather, 0, 1},
    {"scatter_add", scatter_add, 0, 1},
};
const size_t training_count = sizeof training_tests / sizeof *training_tests;
