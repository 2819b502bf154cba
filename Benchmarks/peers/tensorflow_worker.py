"""TensorFlow as a worker: the forward pass as one function that XLA compiles for its shapes."""

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402

from harness.workers import serve  # noqa: E402


class Network:
    """One model folder in float32; equations and names as in docs/MODEL_FORMAT.md."""

    def __init__(self, folder):
        self.configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.w = {name: tf.constant(value) for name, value in load_file(folder / "model.safetensors").items()}
        self.paper = self.configuration["preset"] == "paper"
        self.size = self.configuration["hidden_size"]

    def embed(self, role, rows):
        tables = [feature["table"] for feature in self.configuration["features"][role]]
        return tf.concat([tf.gather(self.w[f"embedding.{table}"], column) for table, column in zip(tables, rows)], -1)

    def linear(self, name, x):
        return tf.matmul(x, self.w[f"{name}.weight"], transpose_b=True) + self.w[f"{name}.bias"]

    def recurrence(self, name, x, count, attention=None):
        """x [T, 1 or B, ·] of B sequences → states [T, B, H], or with attention [T, B, 1] the last one [B, H]."""
        size, steps = self.size, x.shape[0]
        projected = tf.tensordot(x, self.w[f"{name}.weight_input"], [[2], [1]]) + self.w[f"{name}.bias"]
        gates = tf.transpose(self.w[f"{name}.weight_hidden"][:2 * size])
        candidate = tf.transpose(self.w[f"{name}.weight_hidden"][2 * size:])

        def next_state(t, h):
            p = projected[t]
            r, z = tf.split(tf.sigmoid(p[:, :2 * size] + tf.matmul(h, gates)), 2, 1)
            if self.paper:
                bias = self.w[f"{name}.bias_hidden_candidate"]
                c = tf.tanh(p[:, 2 * size:] + r * (tf.matmul(h, candidate) + bias))
            else:
                c = tf.tanh(p[:, 2 * size:] + tf.matmul(r * h, candidate))
            if attention is not None:
                z = 1 - attention[t] * (1 - z) if self.paper else (1 - attention[t]) * z
            return c + z * (h - c)
        start = (tf.constant(0), tf.zeros([count, size]))
        if attention is not None:
            return tf.while_loop(lambda t, h: t < steps, lambda t, h: (t + 1, next_state(t, h)), start)[1]

        def step(t, h, states):
            h = next_state(t, h)
            return t + 1, h, states.write(t, h)
        states = tf.TensorArray(tf.float32, size=steps, element_shape=[count, size])
        return tf.while_loop(lambda t, h, s: t < steps, step, (*start, states))[2].stack()

    def query(self, q):
        if self.paper:
            return tf.matmul(q, self.w["attention.weight"], transpose_b=True)
        query = self.linear("attention.query", q)
        return tf.where(query > 0, query, self.w["attention.query_prelu.alpha"] * query)

    def attention_shared(self, f, q):
        """f [T, H], q [N, H] → [N, T]; the first layer's products with q and with f are made once each."""
        if self.paper:
            return tf.nn.softmax(tf.matmul(q, f, transpose_b=True), 1)
        on_q, on_f, on_difference, on_product = tf.split(self.w["attention.0.weight"], 4, 1)
        query = tf.matmul(q, on_q + on_difference, transpose_b=True) + self.w["attention.0.bias"]
        key = tf.matmul(f, on_f - on_difference, transpose_b=True)
        product = tf.tensordot(q[:, None] * f[None], on_product, [[2], [1]])
        return self.attention_top(product + query[:, None] + key[None])

    def attention_tiled(self, f, q):
        """f [N, T, H], q [N, H] → [N, T], as written in the equations."""
        if self.paper:
            return tf.nn.softmax(tf.reduce_sum(f * q[:, None], 2), 1)
        q = tf.broadcast_to(q[:, None], f.shape)
        x = tf.concat([q, f, q - f, q * f], -1)
        return self.attention_top(tf.tensordot(x, self.w["attention.0.weight"], [[2], [1]]) + self.w["attention.0.bias"])

    def attention_top(self, x):
        x = tf.sigmoid(tf.tensordot(tf.sigmoid(x), self.w["attention.1.weight"], [[2], [1]]) + self.w["attention.1.bias"])
        x = tf.tensordot(x, self.w["attention.2.weight"], [[2], [1]]) + self.w["attention.2.bias"]
        return tf.nn.softmax(x[:, :, 0], 1)

    def head(self, x):
        x = self.w["head.norm.gamma"] / (1 + 1e-3) ** 0.5 * x + self.w["head.norm.beta"]
        for layer in range(2):
            x, name = self.linear(f"head.{layer}", x), f"head.activation{layer}"
            scale = 1 / (tf.sqrt(self.w[f"{name}.moving_variance"] + 1e-9) + 1e-9)
            e = tf.sigmoid((x - self.w[f"{name}.moving_mean"]) * scale)
            x = x * (self.w[f"{name}.alpha"] * (1 - e) + e)
        x = self.linear("head.2", x)
        return tf.sigmoid(x[:, 0] - x[:, 1])

    def shared(self, user, history, candidates):
        """Embedding rows, one list a feature → probabilities [N]."""
        p, q, x = self.embed("profile", user), self.embed("candidates", candidates), self.embed("history", history)
        count = q.shape[0]
        f = self.recurrence("extractor", x[:, None], 1)
        attention = self.attention_shared(f[:, 0], self.query(q))
        final = self.recurrence("evolution", f, count, tf.transpose(attention)[:, :, None])
        total = tf.broadcast_to(tf.reduce_sum(x, 0), q.shape)
        return self.head(tf.concat([tf.tile(p, [count, 1]), q, total, q * total, final], 1))

    def tiled(self, user, history, candidates):
        """The same, every row computed on its own."""
        p, q, x = self.embed("profile", user), self.embed("candidates", candidates), self.embed("history", history)
        count = q.shape[0]
        x = tf.tile(x[:, None], [1, count, 1])
        f = self.recurrence("extractor", x, count)
        attention = self.attention_tiled(tf.transpose(f, [1, 0, 2]), self.query(q))
        final = self.recurrence("evolution", f, count, tf.transpose(attention)[:, :, None])
        total = tf.reduce_sum(x, 0)
        return self.head(tf.concat([tf.tile(p, [count, 1]), q, total, q * total, final], 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--form", choices=["shared", "tiled"], default="shared")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    network = Network(options.model)

    def prepare(requests, threads):
        if threads != options.threads:
            raise ValueError(f"started with {options.threads} threads, asked for {threads}")
        # One function a shape: the constants of the model are folded into it.
        forward = tf.function(getattr(network, options.form), jit_compile=True)

        def rows(request):
            return [[tf.constant(request["profile"]["user"], tf.int32)],
                    *([tf.constant(request[role][name], tf.int32) for name in ("item", "category")]
                      for role in ("history", "candidates"))]
        return [lambda arguments=rows(r): forward(*arguments).numpy() for r in requests]
    serve(f"TensorFlow {tf.__version__} XLA", prepare)


if __name__ == "__main__":
    main()
