"""DIEN as an ONNX graph, written with onnx.helper from the weights of a model folder, for one T and one N.

Two forms: `shared` computes the user's part once, as this server does, and `tiled` repeats the history for each
candidate, as a training graph does when it is served. The extractor is ONNX's GRU, the evolution a Scan over the steps.
"""

import json

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from safetensors.numpy import load_file

OPSET, IR = 17, 8


class Graph:
    """Nodes and constants with names of their own."""

    def __init__(self, prefix="v"):
        self.nodes, self.constants, self.prefix, self.count = [], [], prefix, 0

    def name(self):
        self.count += 1
        return f"{self.prefix}{self.count}"

    def constant(self, array):
        name = self.name()
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind, *inputs, outputs=1, **attributes):
        names = [self.name() for _ in range(outputs)]
        inputs = [x if isinstance(x, str) else self.constant(x) for x in inputs]
        self.nodes.append(helper.make_node(kind, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def reshape(self, x, *shape):
        return self.op("Reshape", x, np.array(shape, np.int64))

    def expand(self, x, *shape):
        return self.op("Expand", x, np.array(shape, np.int64))


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


class Exporter:
    """One model folder; `model(...)` gives its graph for a shape of request."""

    def __init__(self, folder):
        self.configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.w = load_file(folder / "model.safetensors")
        self.paper = self.configuration["preset"] == "paper"
        self.size = self.configuration["hidden_size"]

    def model(self, steps, candidates, form):
        self.t, self.n, self.tiled = steps, candidates, form == "tiled"
        g = self.g = Graph()
        p = g.op("Gather", self.w["embedding.user"], "user")
        x, q = self.items("history"), self.items("candidates")
        total = g.op("ReduceSum", x, np.array([0], np.int64), keepdims=1)
        f = self.extractor(x)
        final = self.evolution(f, self.attention(f, self.query(q)))
        width = self.w["embedding.item"].shape[1] * 2
        total = g.expand(total, self.n, width)
        p = g.expand(p, self.n, self.w["embedding.user"].shape[1])
        v = g.op("Concat", p, q, total, g.op("Mul", q, total), final, axis=1)
        g.nodes.append(helper.make_node("Sigmoid", [self.head(v)], ["probabilities"]))
        inputs = [value("user", TensorProto.INT64, [1])]
        for role, count in (("history", self.t), ("candidates", self.n)):
            inputs += [value(f"{role}.{name}", TensorProto.INT64, [count]) for name in ("item", "category")]
        graph = helper.make_graph(g.nodes, "dien", inputs, [value("probabilities", TensorProto.FLOAT, [self.n, 1])],
                                  g.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
        checker.check_model(model)
        return model

    def items(self, role):
        return self.g.op("Concat", *(self.g.op("Gather", self.w[f"embedding.{name}"], f"{role}.{name}")
                                     for name in ("item", "category")), axis=1)

    def extractor(self, x):
        """[T, D] → states [T, 1 or N, H]; ONNX stacks the gates z, r, c."""
        g, size, rows = self.g, self.size, self.n if self.tiled else 1
        width = self.w["extractor.weight_input"].shape[1]
        x = g.reshape(x, self.t, 1, width)
        if self.tiled:
            x = g.expand(x, self.t, rows, width)
        r, z, c = (slice(k * size, (k + 1) * size) for k in range(3))
        gates = [np.concatenate([self.w[f"extractor.{part}"][k] for k in (z, r, c)])[None]
                 for part in ("weight_input", "weight_hidden", "bias")]
        hidden = self.w.get("extractor.bias_hidden_candidate", np.zeros(size, np.float32))
        bias = np.concatenate([gates[2][0], np.zeros(2 * size, np.float32), hidden])[None]
        states = g.op("GRU", x, gates[0], gates[1], bias, hidden_size=size, linear_before_reset=int(self.paper))
        return g.reshape(states, self.t, rows, size)

    def query(self, q):
        g, w = self.g, self.w
        if self.paper:
            return g.op("MatMul", q, w["attention.weight"].T)
        q = g.op("Gemm", q, w["attention.query.weight"], w["attention.query.bias"], transB=1)
        return g.op("PRelu", q, w["attention.query_prelu.alpha"])

    def attention(self, f, q):
        """Weights [T, N, 1]."""
        g, w, size, t, n = self.g, self.w, self.size, self.t, self.n
        if self.paper:
            if self.tiled:
                scores = g.op("ReduceSum", g.op("Mul", f, q), np.array([2], np.int64), keepdims=0)
            else:
                scores = g.op("Gemm", g.reshape(f, t, size), q, transB=1)
        else:
            first = self.first_layer_tiled(f, q) if self.tiled else self.first_layer_shared(f, q)
            x = g.op("Sigmoid", g.reshape(first, t * n, w["attention.0.bias"].size))
            x = g.op("Sigmoid", g.op("Gemm", x, w["attention.1.weight"], w["attention.1.bias"], transB=1))
            x = g.op("Gemm", x, w["attention.2.weight"], w["attention.2.bias"], transB=1)
            scores = g.reshape(x, t, n)
        return g.reshape(g.op("Softmax", scores, axis=0), t, n, 1)

    def first_layer_tiled(self, f, q):
        g, w, t, n, size = self.g, self.w, self.t, self.n, self.size
        q = g.expand(q, t, n, size)
        z = g.op("Concat", q, f, g.op("Sub", q, f), g.op("Mul", q, f), axis=2)
        return g.op("Gemm", g.reshape(z, t * n, 4 * size), w["attention.0.weight"], w["attention.0.bias"], transB=1)

    def first_layer_shared(self, f, q):
        g, w, t, n, size = self.g, self.w, self.t, self.n, self.size
        on_q, on_f, on_difference, on_product = np.split(w["attention.0.weight"], 4, axis=1)
        width = w["attention.0.bias"].size
        query = g.op("Gemm", q, on_q + on_difference, w["attention.0.bias"], transB=1)
        key = g.reshape(g.op("MatMul", g.reshape(f, t, size), (on_f - on_difference).T), t, 1, width)
        product = g.op("MatMul", g.reshape(g.op("Mul", f, q), t * n, size), on_product.T)
        return g.op("Add", g.op("Add", g.reshape(product, t, n, width), key), query)

    def evolution(self, f, attention):
        """The last states [N, H]: input projections of all steps at once, then a Scan over what waits for the state."""
        g, w, size = self.g, self.w, self.size
        rows = self.n if self.tiled else 1
        projected = g.op("Gemm", g.reshape(f, self.t * rows, size), w["evolution.weight_input"], w["evolution.bias"],
                         transB=1)
        projected = g.reshape(projected, self.t, rows, 3 * size)
        gates, candidate = g.op("Split", projected, np.array([2 * size, size], np.int64), outputs=2, axis=2)
        weight = attention if self.paper else g.op("Sub", np.float32(1), attention)
        start = g.constant(np.zeros((self.n, size), np.float32))
        return g.op("Scan", start, gates, candidate, weight, body=self.step(rows), num_scan_inputs=3)

    def step(self, rows):
        w, size, b = self.w, self.size, Graph("step")
        hidden = w["evolution.weight_hidden"]
        rz = b.op("Sigmoid", b.op("Add", b.op("MatMul", "h", hidden[:2 * size].T), "gates"))
        r, z = b.op("Split", rz, np.array([size, size], np.int64), outputs=2, axis=1)
        if self.paper:
            product = b.op("Add", b.op("MatMul", "h", hidden[2 * size:].T), w["evolution.bias_hidden_candidate"])
            c = b.op("Tanh", b.op("Add", b.op("Mul", r, product), "candidate"))
            move = b.op("Mul", "weight", b.op("Sub", np.float32(1), z))
            moved = b.op("Mul", move, b.op("Sub", c, "h"))
            b.nodes.append(helper.make_node("Add", ["h", moved], ["next"]))
        else:
            product = b.op("MatMul", b.op("Mul", r, "h"), hidden[2 * size:].T)
            c = b.op("Tanh", b.op("Add", product, "candidate"))
            kept = b.op("Mul", b.op("Mul", "weight", z), b.op("Sub", "h", c))
            b.nodes.append(helper.make_node("Add", [c, kept], ["next"]))
        state = [self.n, size]
        inputs = [("h", state), ("gates", [rows, 2 * size]), ("candidate", [rows, size]), ("weight", [self.n, 1])]
        return helper.make_graph(
            b.nodes, "step", [value(name, TensorProto.FLOAT, shape) for name, shape in inputs],
            [value("next", TensorProto.FLOAT, state)], b.constants)

    def head(self, v):
        g, w = self.g, self.w
        scale = w["head.norm.gamma"] / np.float32(1 + 1e-3) ** 0.5
        first = w["head.0.weight"]
        x = g.op("Gemm", v, first * scale, w["head.0.bias"] + first @ w["head.norm.beta"], transB=1)
        x = g.op("Gemm", self.dice(x, 0), w["head.1.weight"], w["head.1.bias"], transB=1)
        last, bias = w["head.2.weight"], w["head.2.bias"]
        return g.op("Gemm", self.dice(x, 1), last[:1] - last[1:], bias[:1] - bias[1:], transB=1)

    def dice(self, x, layer):
        g, w = self.g, self.w
        mean, variance, alpha = (w[f"head.activation{layer}.{part}"]
                                 for part in ("moving_mean", "moving_variance", "alpha"))
        scale = (1 / (np.sqrt(variance + 1e-9) + 1e-9)).astype(np.float32)
        e = g.op("Sigmoid", g.op("Add", g.op("Mul", x, scale), -mean * scale))
        return g.op("Mul", x, g.op("Add", g.op("Mul", e, 1 - alpha), alpha))


def feeds(request):
    """A request in the form of golden.jsonl as the graph's inputs; ids are rows."""
    result = {"user": np.array(request["profile"]["user"], np.int64)}
    for role in ("history", "candidates"):
        for name in ("item", "category"):
            result[f"{role}.{name}"] = np.array(request[role][name], np.int64)
    return result


def shape_of(requests):
    """(T, N) of requests that share them."""
    shapes = {(len(r["history"]["item"]), len(r["candidates"]["item"])) for r in requests}
    assert len(shapes) == 1, "requests of one shape"
    return shapes.pop()
