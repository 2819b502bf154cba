// What a model on oneDNN is made of: weights from a file, products with what follows them, recurrences.
#ifndef ONEDNN_PARTS_H
#define ONEDNN_PARTS_H

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <algorithm>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "dnnl.hpp"

using namespace dnnl;
using tag = memory::format_tag;
using dims = memory::dims;
using arguments = std::unordered_map<int, memory>;

static engine cpu(engine::kind::cpu, 0);
static stream queue(cpu);

static memory::desc floats(const dims &shape, tag layout) { return {shape, memory::data_type::f32, layout}; }

// A buffer, aligned, that memories can be laid over.
struct Floats {
    std::vector<float> storage;
    float *data = nullptr;
    Floats() = default;
    explicit Floats(size_t count) : storage(count + 16) {
        data = reinterpret_cast<float *>((reinterpret_cast<uintptr_t>(storage.data()) + 63) / 64 * 64);
    }
};

struct Weights {
    int embedding, size, first, second, head0, head1;
    std::vector<std::vector<float>> tables; // user, item, category
    std::unordered_map<std::string, std::vector<float>> tensors;

    explicit Weights(const char *path) {
        std::ifstream file(path, std::ios::binary);
        int32_t count = 0, sizes[6];
        file.read(reinterpret_cast<char *>(sizes), sizeof sizes);
        embedding = sizes[0], size = sizes[1], first = sizes[2], second = sizes[3], head0 = sizes[4], head1 = sizes[5];
        file.read(reinterpret_cast<char *>(&count), 4);
        for (int i = 0; i < count; i++) {
            char name[32];
            int64_t length;
            file.read(name, 32);
            file.read(reinterpret_cast<char *>(&length), 8);
            auto &values = tensors[name];
            values.resize(length);
            file.read(reinterpret_cast<char *>(values.data()), length * 4);
        }
        if (!file) throw std::runtime_error("cannot read the weights");
    }
    float *operator[](const char *name) {
        auto found = tensors.find(name);
        if (found == tensors.end()) throw std::runtime_error(name);
        return found->second.data();
    }
};

static memory reordered(memory from, const memory::desc &wanted) {
    if (from.get_desc() == wanted) return from;
    memory to(wanted, cpu);
    reorder(from, to).execute(queue, from, to);
    queue.wait();
    return to;
}

// dst [rows, outputs] = activation(src [rows, inputs] W + bias (+ addend)); memories are set call by call.
struct Product {
    matmul primitive;
    memory weights, source, target, bias, addend;
    bool adds;

    Product() = default;
    Product(int rows, int inputs, int outputs, float *w, algorithm activation, bool adds = false) : adds(adds) {
        auto src = floats({rows, inputs}, tag::ab), dst = floats({rows, outputs}, tag::ab);
        auto row = floats({1, outputs}, tag::ab);
        post_ops after;
        if (adds) after.append_binary(algorithm::binary_add, dst);
        if (activation != algorithm::undef) after.append_eltwise(activation, 0, 0);
        primitive_attr attributes;
        attributes.set_post_ops(after);
        matmul::primitive_desc chosen(cpu, src, floats({inputs, outputs}, tag::any), row, dst, attributes);
        memory plain(floats({inputs, outputs}, tag::ab), cpu, w);
        weights = reordered(plain, chosen.weights_desc());
        primitive = matmul(chosen);
        source = memory(src, cpu, nullptr), target = memory(dst, cpu, nullptr);
        bias = memory(row, cpu, nullptr), addend = memory(dst, cpu, nullptr);
    }
    void run(const float *from, const float *b, float *to, const float *plus = nullptr) {
        source.set_data_handle(const_cast<float *>(from)), target.set_data_handle(to);
        bias.set_data_handle(const_cast<float *>(b));
        arguments args = {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, weights}, {DNNL_ARG_BIAS, bias}, {DNNL_ARG_DST, target}};
        if (adds) {
            addend.set_data_handle(const_cast<float *>(plus));
            args.insert({DNNL_ARG_ATTR_MULTIPLE_POST_OP(0) | DNNL_ARG_SRC_1, addend});
        }
        primitive.execute(queue, args);
    }
};

// A GRU or AUGRU over [T, rows, inputs].
struct Recurrence {
    primitive call;
    arguments args;

    Recurrence() = default;
    Recurrence(int steps, int rows, int inputs, int size, float *layer, float *iter, float *bias, float *source,
               float *attention, float *states, float *last) {
        auto src = floats({steps, rows, inputs}, tag::tnc), dst = floats({steps, rows, size}, tag::tnc);
        auto dst_last = floats({1, 1, rows, size}, tag::ldnc), b = floats({1, 1, 3, size}, tag::ldgo);
        auto any_layer = floats({1, 1, inputs, 3, size}, tag::any), any_iter = floats({1, 1, size, 3, size}, tag::any);
        auto direction = rnn_direction::unidirectional_left2right;
        memory plain_layer(floats({1, 1, inputs, 3, size}, tag::ldigo), cpu, layer);
        memory plain_iter(floats({1, 1, size, 3, size}, tag::ldigo), cpu, iter);
        args = {{DNNL_ARG_SRC_LAYER, memory(src, cpu, source)}, {DNNL_ARG_BIAS, memory(b, cpu, bias)},
                {DNNL_ARG_DST_LAYER, memory(dst, cpu, states)}, {DNNL_ARG_DST_ITER, memory(dst_last, cpu, last)}};
        auto finish = [&](auto chosen, auto made) {
            args.insert({DNNL_ARG_WEIGHTS_LAYER, reordered(plain_layer, chosen.weights_layer_desc())});
            args.insert({DNNL_ARG_WEIGHTS_ITER, reordered(plain_iter, chosen.weights_iter_desc())});
            call = made;
        };
        if (attention) {
            auto weight = floats({steps, rows, 1}, tag::tnc);
            augru_forward::primitive_desc chosen(cpu, prop_kind::forward_inference, direction, src, memory::desc(), weight,
                                                 any_layer, any_iter, b, dst, dst_last);
            args.insert({DNNL_ARG_AUGRU_ATTENTION, memory(weight, cpu, attention)});
            finish(chosen, augru_forward(chosen));
        } else {
            gru_forward::primitive_desc chosen(cpu, prop_kind::forward_inference, direction, src, memory::desc(), any_layer,
                                               any_iter, b, dst, dst_last);
            finish(chosen, gru_forward(chosen));
        }
    }
    void run() { call.execute(queue, args); }
};

#endif
