// oneDNN as a worker: DIEN of preset reference made of its primitives, with weights from onednn_weights.py.
//
// onednn_worker WEIGHTS shared|tiled rnn|steps
//
// `shared` computes the user's part once; `tiled` repeats the history for each candidate. The evolution is oneDNN's own
// AUGRU (`rnn`), which takes the history once a candidate, or two products a step with the user's projections as their
// bias (`steps`). What oneDNN has no fast primitive for (products element by element, Dice, the last dot product) are
// loops that the compiler makes vectors of.
#include <cmath>
#include <memory>
#include <omp.h>
#include <chrono>

#include "onednn_parts.h"

struct Request {
    int user;
    std::vector<int32_t> history[2], candidates[2];
};

static inline float logistic(float x) { return 1.0f / (1.0f + expf(-x)); }

// The model for requests of T behaviours and N candidates.
struct Plan {
    Weights &w;
    int t, n, rows, e, h, d, width;
    bool tiled, rnn, over_steps;
    Floats x, f, last, q, query, query_part, key_part, pairs, z1, z2, scores, attention, wide, projected, states, rz, reset,
        candidate, v, y0, y1, zeros;
    Recurrence extractor, evolution;
    Product query_product, query_first, key_first, pair_first, pair_second, inputs, gates, candidates, head0, head1;
    softmax_forward softmax;
    arguments softmax_args;

    Plan(Weights &weights, int steps, int count, bool tiled, bool rnn)
        : w(weights), t(steps), n(count), rows(tiled ? count : 1), e(w.embedding), h(w.size), d(2 * w.embedding),
          width(w.embedding + 3 * d + h), tiled(tiled), rnn(rnn), over_steps(count >= steps) {
        const int a0 = w.first, a1 = w.second;
        auto make = [](size_t count) { return Floats(count); };
        x = make(t * rows * d), f = make(t * rows * h), last = make(n * h), q = make(n * d), query = make(n * h);
        query_part = make(n * a0), key_part = make(t * a0), zeros = make(1024);
        scores = make(t * n), attention = make(t * n), v = make(n * width), y0 = make(n * w.head0), y1 = make(n * w.head1);
        extractor = Recurrence(t, rows, d, h, w["extractor.layer"], w["extractor.iter"], w["extractor.bias"], x.data,
                               nullptr, f.data, last.data);
        query_product = Product(n, d, h, w["query"], algorithm::undef);
        if (tiled) {
            pairs = make(t * n * 4 * h), z1 = make(t * n * a0), z2 = make(t * n * a1);
            pair_first = Product(t * n, 4 * h, a0, w["attention.0"], algorithm::eltwise_logistic);
            pair_second = Product(t * n, a0, a1, w["attention.1"], algorithm::eltwise_logistic);
        } else {
            const int block = over_steps ? n : t;
            pairs = make(block * h), z1 = make(block * a0), z2 = make(block * a1);
            query_first = Product(n, h, a0, w["query.first"], algorithm::undef);
            key_first = Product(t, h, a0, w["key.first"], algorithm::undef);
            pair_first = Product(block, h, a0, w["pair.first"], algorithm::eltwise_logistic, true);
            pair_second = Product(block, a0, a1, w["attention.1"], algorithm::eltwise_logistic);
        }
        auto by_step = floats({t, n}, tag::ab);
        softmax_forward::primitive_desc chosen(cpu, prop_kind::forward_inference, algorithm::softmax_accurate, by_step,
                                               by_step, 0);
        softmax = softmax_forward(chosen);
        softmax_args = {{DNNL_ARG_SRC, memory(by_step, cpu, scores.data)}, {DNNL_ARG_DST, memory(by_step, cpu, attention.data)}};
        prepare_evolution();
        head0 = Product(n, width, w.head0, w["head.0"], algorithm::undef);
        head1 = Product(n, w.head0, w.head1, w["head.1"], algorithm::undef);
        if (w.size * 4 > 1024) throw std::runtime_error("too wide");
    }

    void prepare_evolution() {
        if (rnn) {
            if (!tiled) wide = Floats(t * n * h);
            states = Floats(t * n * h);
            evolution = Recurrence(t, n, h, h, w["evolution.layer"], w["evolution.iter"], w["evolution.bias"],
                                   tiled ? f.data : wide.data, attention.data, states.data, last.data);
            return;
        }
        projected = Floats(t * 3 * h), rz = Floats(n * 2 * h), reset = Floats(n * h), candidate = Floats(n * h);
        inputs = Product(t, h, 3 * h, w["evolution.layer"], algorithm::undef);
        gates = Product(n, h, 2 * h, w["evolution.gates"], algorithm::eltwise_logistic);
        candidates = Product(n, h, h, w["evolution.candidate"], algorithm::eltwise_tanh);
    }

    void embed(const Request &r) {
        const float *item = w["embedding.item"], *category = w["embedding.category"];
        for (int s = 0; s < t; s++) {
            for (int k = 0; k < rows; k++) {
                memcpy(x.data + (s * rows + k) * d, item + r.history[0][s] * e, e * 4);
                memcpy(x.data + (s * rows + k) * d + e, category + r.history[1][s] * e, e * 4);
            }
        }
        for (int k = 0; k < n; k++) {
            memcpy(q.data + k * d, item + r.candidates[0][k] * e, e * 4);
            memcpy(q.data + k * d + e, category + r.candidates[1][k] * e, e * 4);
        }
    }

    // scores [T, N] from layer 2's rows of pairs (step, candidate) that begin at `to` and are `stride` apart.
    void third(const float *rows_of_second, int count, float *to, int stride) {
        const float *last_weights = w["attention.2"];
        const float bias = w["attention.2.bias"][0];
        const int a1 = w.second;
        for (int k = 0; k < count; k++) {
            float sum = 0;
            for (int j = 0; j < a1; j++) sum += rows_of_second[k * a1 + j] * last_weights[j];
            to[k * stride] = sum + bias;
        }
    }

    void attend() {
        query_product.run(q.data, w["query.bias"], query.data);
        const float *alpha = w["query.alpha"];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < h; j++) {
                float value = query.data[k * h + j];
                query.data[k * h + j] = value > 0 ? value : alpha[j] * value;
            }
        }
        if (tiled) attend_tiled();
        else attend_shared();
        softmax.execute(queue, softmax_args);
    }

    void attend_tiled() {
        for (int s = 0; s < t; s++) {
            for (int k = 0; k < n; k++) {
                float *pair = pairs.data + (s * n + k) * 4 * h;
                const float *fact = f.data + (s * n + k) * h, *target = query.data + k * h;
                for (int j = 0; j < h; j++) {
                    pair[j] = target[j], pair[h + j] = fact[j];
                    pair[2 * h + j] = target[j] - fact[j], pair[3 * h + j] = target[j] * fact[j];
                }
            }
        }
        pair_first.run(pairs.data, w["attention.0.bias"], z1.data);
        pair_second.run(z1.data, w["attention.1.bias"], z2.data);
        third(z2.data, t * n, scores.data, 1);
    }

    // One product a step over all candidates, or one a candidate over all steps, whichever are fewer.
    void attend_shared() {
        query_first.run(query.data, w["attention.0.bias"], query_part.data);
        key_first.run(f.data, zeros.data, key_part.data);
        const int a0 = w.first, outer = over_steps ? t : n, inner = over_steps ? n : t;
        const float *outer_rows = over_steps ? f.data : query.data, *inner_rows = over_steps ? query.data : f.data;
        const float *outer_part = over_steps ? key_part.data : query_part.data;
        const float *inner_part = over_steps ? query_part.data : key_part.data;
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                for (int j = 0; j < h; j++) pairs.data[i * h + j] = inner_rows[i * h + j] * outer_rows[o * h + j];
            }
            pair_first.run(pairs.data, outer_part + o * a0, z1.data, inner_part);
            pair_second.run(z1.data, w["attention.1.bias"], z2.data);
            third(z2.data, inner, over_steps ? scores.data + o * n : scores.data + o, over_steps ? 1 : n);
        }
    }

    void evolve() {
        if (rnn) {
            if (!tiled) {
                for (int s = 0; s < t; s++) {
                    for (int k = 0; k < n; k++) memcpy(wide.data + (s * n + k) * h, f.data + s * h, h * 4);
                }
            }
            evolution.run();
            return;
        }
        inputs.run(f.data, w["evolution.bias"], projected.data);
        memset(last.data, 0, n * h * 4);
        for (int s = 0; s < t; s++) {
            // The projections stand u, r, c, as oneDNN orders its gates.
            const float *row = projected.data + s * 3 * h, *a = attention.data + s * n;
            gates.run(last.data, row, rz.data);
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < h; j++) reset.data[k * h + j] = rz.data[k * 2 * h + h + j] * last.data[k * h + j];
            }
            candidates.run(reset.data, row + 2 * h, candidate.data);
            for (int k = 0; k < n; k++) {
                for (int j = 0; j < h; j++) {
                    float kept = (1 - a[k]) * rz.data[k * 2 * h + j], c = candidate.data[k * h + j];
                    last.data[k * h + j] = c + kept * (last.data[k * h + j] - c);
                }
            }
        }
    }

    void dice(float *values, int channels, const char *scale_name, const char *offset_name, const char *alpha_name) {
        const float *scale = w[scale_name], *offset = w[offset_name], *alpha = w[alpha_name];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < channels; j++) {
                float y = values[k * channels + j], p = logistic(y * scale[j] + offset[j]);
                values[k * channels + j] = y * (alpha[j] + (1 - alpha[j]) * p);
            }
        }
    }

    void score(const Request &r, float *probabilities) {
        embed(r);
        extractor.run();
        attend();
        evolve();
        std::vector<float> sum(d);
        for (int s = 0; s < t; s++) {
            for (int j = 0; j < d; j++) sum[j] += x.data[s * rows * d + j];
        }
        for (int k = 0; k < n; k++) {
            float *row = v.data + k * width;
            memcpy(row, w["embedding.user"] + r.user * e, e * 4);
            for (int j = 0; j < d; j++) {
                float target = q.data[k * d + j];
                row[e + j] = target, row[e + d + j] = sum[j], row[e + 2 * d + j] = target * sum[j];
            }
            memcpy(row + e + 3 * d, last.data + k * h, h * 4);
        }
        head0.run(v.data, w["head.0.bias"], y0.data);
        dice(y0.data, w.head0, "dice.0.scale", "dice.0.offset", "dice.0.alpha");
        head1.run(y0.data, w["head.1.bias"], y1.data);
        dice(y1.data, w.head1, "dice.1.scale", "dice.1.offset", "dice.1.alpha");
        const float *last_weights = w["head.2"];
        for (int k = 0; k < n; k++) {
            float logit = w["head.2.bias"][0];
            for (int j = 0; j < w.head1; j++) logit += y1.data[k * w.head1 + j] * last_weights[j];
            probabilities[k] = logistic(logit);
        }
    }
};

static std::vector<Request> read_requests(const std::string &path, int &t, int &n) {
    std::ifstream file(path, std::ios::binary);
    int32_t sizes[3];
    file.read(reinterpret_cast<char *>(sizes), sizeof sizes);
    t = sizes[1], n = sizes[2];
    std::vector<Request> requests(sizes[0]);
    auto column = [&](std::vector<int32_t> &values, int count) {
        values.resize(count);
        file.read(reinterpret_cast<char *>(values.data()), count * 4);
    };
    for (auto &r : requests) {
        int32_t user;
        file.read(reinterpret_cast<char *>(&user), 4);
        r.user = user;
        for (auto &values : r.history) column(values, t);
        for (auto &values : r.candidates) column(values, n);
    }
    if (!file) throw std::runtime_error("cannot read the requests");
    return requests;
}

static double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

int main(int count, char **values) try {
    if (count != 4) return 2;
    Weights weights(values[1]);
    const bool tiled = !strcmp(values[2], "tiled"), rnn = !strcmp(values[3], "rnn");
    const dnnl_version_t *v = version();
    printf("{\"engine\": \"oneDNN %d.%d.%d %s\"}\n", v->major, v->minor, v->patch, values[3]);
    fflush(stdout);
    std::unique_ptr<Plan> plan;
    std::vector<Request> requests;
    std::vector<float> probabilities;
    char line[4096], path[4096];
    int threads;
    double seconds;
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "{\"prepare\": \"%[^\"]\", \"threads\": %d", path, &threads) == 2) {
            omp_set_num_threads(threads);
            int t, n;
            requests = read_requests(std::string(path) + ".rows", t, n);
            plan.reset();
            plan = std::make_unique<Plan>(weights, t, n, tiled, rnn);
            probabilities.resize(n);
            printf("{\"probabilities\": [");
            for (size_t r = 0; r < requests.size(); r++) {
                plan->score(requests[r], probabilities.data());
                printf("%s[", r ? ", " : "");
                for (int k = 0; k < n; k++) printf("%s%.9g", k ? ", " : "", probabilities[k]);
                printf("]");
            }
            printf("]}\n");
        } else if (sscanf(line, "{\"measure\": %lf", &seconds) == 1) {
            std::vector<double> times;
            for (double begin = now(); now() - begin < seconds / 4;) plan->score(requests[0], probabilities.data());
            for (double begin = now(); times.size() < 3 || now() - begin < seconds;) {
                double before = now();
                plan->score(requests[times.size() % requests.size()], probabilities.data());
                times.push_back(now() - before);
            }
            std::sort(times.begin(), times.end());
            printf("{\"median_ms\": %.6f, \"runs\": %zu}\n", times[times.size() / 2] * 1e3, times.size());
        } else {
            printf("{\"error\": \"no command\"}\n");
        }
        fflush(stdout);
    }
    return 0;
} catch (const std::exception &failure) {
    printf("{\"error\": \"%s\"}\n", failure.what());
    return 1;
}
