// The forward kernels, and the optimiser's.
#include "agreement.h"

static void dense(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    matrix input = make(f, rows, inner, -1, 1), weights = make_packed(f, inner, columns, -1, 1);
    matrix bias = make_packed(f, 1, columns, -1, 1), y = make(f, rows, columns, 0, 0), sums = make(f, rows, columns, -1, 1);
    k->dense(rows, columns, inner, in(input), in(weights), (kernel_rows){bias.values, 0}, out(y));
    k->dense(rows, columns, inner, in(input), in(weights), in(sums), out(sums));
}

static void dense_pairs(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    matrix input = make(f, rows, inner, -1, 1), weights = make_pairs(f, inner, columns, -1, 1);
    matrix bias = make_packed(f, 1, columns, -1, 1), y = make(f, rows, columns, 0, 0);
    k->dense_pairs(rows, columns, inner, in(input), in(weights), (kernel_rows){bias.values, 0}, out(y));
}

// Where an exponential overflows, vanishes or is nearest to 1, and what is no number.
static const float special[] = {0,     -0.0f,  1e-40f, -1e-40f, 1e-20f,  0.5f,  -0.5f,  17,       -17,       43.9f,
                                -43.9f, 44.1f, 87,     -87,     88.5f,   -88.5f, 103.9f, -103.9f,  1e30f,     -1e30f,
                                3.4e38f, -3.4e38f, 1.0f / 0.0f, -1.0f / 0.0f, 0.0f / 0.0f};
enum { SPECIAL = sizeof special / sizeof *special };

static matrix make_special(fixture *f, size_t rows, size_t columns) {
    matrix m = make(f, rows, columns, -12, 12);
    for (size_t r = 0; r < rows; r++)
        for (size_t c = r % 2; c < columns; c += 2) m.values[r * m.stride + c] = special[(r * columns + c) % SPECIAL];
    return m;
}

static void sigmoid(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    k->sigmoid(rows, columns, out(make_special(f, rows, columns)));
}

static void tanh_(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    k->tanh(rows, columns, out(make_special(f, rows, columns)));
}

static void softmax(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    matrix plain = make(f, rows, columns, -40, 40), large = make(f, rows, columns, 1e30f, 2e30f);
    matrix broken = make(f, 1, columns, -1, 1);
    broken.values[inner % columns] = 0.0f / 0.0f;
    k->softmax(rows, columns, out(plain));
    k->softmax(rows, columns, out(large));
    k->softmax(1, columns, out(broken));
}

static void dice(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    matrix scale = make_packed(f, 1, columns, 0.1f, 3), offset = make_packed(f, 1, columns, -1, 1);
    matrix alpha = make_packed(f, 1, columns, -1, 1);
    k->dice(rows, columns, scale.values, offset.values, alpha.values, out(make(f, rows, columns, -9, 9)));
}

static void prelu(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    matrix alpha = make_packed(f, 1, columns, -1, 1);
    k->prelu(rows, columns, alpha.values, out(make_special(f, rows, columns)));
}

static kernel_recurrence recurrence(fixture *f, size_t hidden, int has_bias, int pairs) {
    matrix gates = make_weights(f, pairs, hidden, 2 * hidden, -0.4f, 0.4f);
    matrix candidate = make_weights(f, pairs, hidden, hidden, -0.4f, 0.4f), bias = make_packed(f, 1, hidden, -1, 1);
    return (kernel_recurrence){hidden, in(gates), in(candidate), has_bias ? bias.values : NULL, pairs};
}

static kernel_projections projections(fixture *f, size_t steps, size_t hidden) {
    matrix gates = make(f, steps, 2 * hidden, -2, 2), candidate = make(f, steps, hidden, -2, 2);
    return (kernel_projections){steps, in(gates), in(candidate)};
}

// Sequences of falling lengths, every other one from a state of its own.
static void run_gru(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner, int pairs) {
    float *scratch = malloc(kernel_recurrence_scratch(columns) * sizeof(float));
    kernel_gru_sequence sequences[64];
    for (int has_bias = 0; has_bias < 2; has_bias++) {
        kernel_recurrence weights = recurrence(f, columns, has_bias, pairs);
        for (size_t n = 0; n < rows; n++) {
            size_t steps = inner - n * (inner - 1) / rows;
            matrix initial = make(f, 1, columns, -1, 1);
            sequences[n].inputs = projections(f, steps, columns);
            sequences[n].initial = n % 2 ? initial.values : NULL;
            sequences[n].states = out(make(f, steps, columns, 0, 0));
        }
        k->gru(&weights, rows, sequences, scratch);
    }
    free(scratch);
}

// Rows that share their inputs, and rows with inputs and lengths of their own.
static void run_augru(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner, int pairs) {
    float *scratch = malloc(kernel_recurrence_scratch(columns) * sizeof(float));
    kernel_projections inputs[64];
    for (int keep = KERNEL_KEEP_PAPER; keep <= KERNEL_KEEP_ATTENTION; keep++) {
        kernel_recurrence weights = recurrence(f, columns, keep == KERNEL_KEEP_PAPER, pairs);
        matrix attention = make(f, rows, inner, 0, 1);
        for (size_t n = 0; n < rows; n++) inputs[n] = projections(f, inner - n * (inner - 1) / rows, columns);
        k->augru(&weights, (kernel_keep)keep, rows, inputs, 0, in(attention), out(make(f, rows, columns, 0, 0)), scratch);
        k->augru(&weights, (kernel_keep)keep, rows, inputs, 1, in(attention), out(make(f, rows, columns, 0, 0)), scratch);
    }
    free(scratch);
}

// The same rows, whose inputs attention scales.
static void run_aigru(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner, int pairs) {
    float *scratch = malloc(kernel_scaled_inputs_scratch(columns) * sizeof(float));
    kernel_projections inputs[64];
    matrix gates_bias = make_packed(f, 1, 2 * columns, -1, 1), candidate_bias = make_packed(f, 1, columns, -1, 1);
    for (int has_bias = 0; has_bias < 2; has_bias++) {
        kernel_recurrence weights = recurrence(f, columns, has_bias, pairs);
        matrix attention = make(f, rows, inner, 0, 1);
        for (size_t n = 0; n < rows; n++) inputs[n] = projections(f, inner - n * (inner - 1) / rows, columns);
        for (size_t spread = 0; spread < 2; spread++)
            k->aigru(&weights, gates_bias.values, candidate_bias.values, rows, inputs, spread, in(attention),
                     out(make(f, rows, columns, 0, 0)), scratch);
    }
    free(scratch);
}

static void run_attention(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner, int pairs) {
    size_t first = columns + 3, second = columns / 2 + 1;
    float *scratch = malloc(kernel_attention_scratch(columns, first, second) * sizeof(float));
    matrix product = make_weights(f, pairs, columns, first, -0.5f, 0.5f);
    matrix weights = make_weights(f, pairs, first, second, -0.5f, 0.5f);
    matrix bias = make_packed(f, 1, second, -1, 1), last = make_packed(f, 1, second, -1, 1);
    kernel_attention_network network = {columns,     first,       second,      in(product), in(weights),
                                        bias.values, last.values, 0.25f, pairs};
    matrix queries = make(f, rows, columns, -1, 1), query_parts = make(f, rows, first, -1, 1);
    matrix facts = make(f, inner, columns, -1, 1), key_parts = make(f, inner, first, -1, 1);
    k->attention_scores(&network, rows, in(queries), in(query_parts), inner, in(facts), in(key_parts),
                        out(make(f, rows, inner, 0, 0)), scratch);
    free(scratch);
}

// Products of floats, and of bfloat16 pairs.
#define BOTH_FORMS(name)                                                                                               \
    static void name(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {                        \
        run_##name(k, f, rows, columns, inner, 0);                                                                     \
    }                                                                                                                  \
    static void name##_of_pairs(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {             \
        run_##name(k, f, rows, columns, inner, 1);                                                                     \
    }
BOTH_FORMS(gru)
BOTH_FORMS(augru)
BOTH_FORMS(aigru)
BOTH_FORMS(attention)

static const kernel_adam_step adam_step = {0.1f, 0.999f, 0.001f, 0.01f, 0.05f, 1e-8f, 0.999f, 0.5f};

static void adam(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    matrix values = make(f, rows, columns, -1, 1), first = make(f, rows, columns, -1, 1);
    matrix second = make(f, rows, columns, 0, 1), gradients = make(f, rows, columns, -1, 1);
    k->adam(&adam_step, rows, columns, out(values), out(first), out(second), in(gradients));
}

// A table of `rows` rows, and the first so many steps of Adam with learning rate 0.01.
enum { STEPS = 40 };
typedef struct {
    kernel_adam_factors factors[STEPS + 1];
    int32_t touched[64], current[64];
    int64_t rows[64];
} adam_memory;

static kernel_adam_table adam_table(fixture *f, size_t rows, size_t columns, adam_memory *memory, int32_t current) {
    double first = 1, second = 1, root = 1;
    for (int t = 0; t <= STEPS; t++, first *= 0.9, second *= 0.999, root *= 0.99949987)
        memory->factors[t] = (kernel_adam_factors){
            0,    t ? (float)(0.01 / (1 - first)) : 0, t ? (float)(1 / __builtin_sqrt(1 - second)) : 0,
            1.0f, (float)first,                        (float)second,
            (float)root};
    for (size_t r = 0; r < rows; r++) {
        memory->touched[r] = (int32_t)(r % 5 + 1);
        memory->current[r] = current ? current : memory->touched[r];
        memory->rows[r] = (int64_t)(rows - 1 - r);
    }
    matrix values = make(f, rows, columns, -1, 1), m = make(f, rows, columns, -1, 1), v = make(f, rows, columns, 0.01f, 1);
    return (kernel_adam_table){columns, values.stride, values.values, m.values, v.values, memory->touched, memory->current};
}

static void adam_replay(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    adam_memory memory;
    kernel_adam_table table = adam_table(f, rows, columns, &memory, 0);
    kernel_adam_timeline timeline = {memory.factors, 600, 1, 1e-8f, 0};
    k->adam_replay(&timeline, &table, rows, memory.rows, 0, 1, STEPS);
}

static void adam_rows(const kernels *k, fixture *f, size_t rows, size_t columns, size_t inner) {
    (void)inner;
    adam_memory memory;
    kernel_adam_table table = adam_table(f, rows, columns, &memory, STEPS - 1);
    kernel_adam_timeline timeline = {memory.factors, 600, 1, 1e-8f, 0};
    matrix gradients = make(f, rows, columns, -1, 1);
    k->adam_rows(&timeline, &adam_step, &table, rows, memory.rows, in(gradients), STEPS);
}

const test_case forward_tests[] = {
    {"dense", dense, 2e-6, 0},
    {"dense_pairs", dense_pairs, 2e-6, 0},
    {"sigmoid", sigmoid, 4e-7, 0},
    {"tanh", tanh_, 4e-7, 0},
    {"softmax", softmax, 1e-6, 0},
    {"dice", dice, 1e-6, 0},
    {"prelu", prelu, 0, 0},
    {"adam", adam, 0, 0},
    {"adam_replay", adam_replay, 0, 0},
    {"adam_rows", adam_rows, 0, 0},
    {"gru", gru, 1e-5, 0},
    {"augru", augru, 1e-5, 0},
    {"aigru", aigru, 1e-5, 0},
    {"attention_scores", attention, 1e-5, 0},
    // A state or an activation beside the middle of two bfloat16 may be rounded to either.
    {"gru of pairs", gru_of_pairs, 1e-2, 0},
    {"augru of pairs", augru_of_pairs, 1e-2, 0},
    {"aigru of pairs", aigru_of_pairs, 1e-2, 0},
    {"attention_scores of pairs", attention_of_pairs, 1e-2, 0},
};
const size_t forward_count = sizeof forward_tests / sizeof *forward_tests;
