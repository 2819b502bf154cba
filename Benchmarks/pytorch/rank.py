#!/usr/bin/env python3
"""Times PyTorch on the forward pass that the server computes, on one core, from the same model folder.

Two forms of the same numbers, both checked against the folder's golden requests before anything is timed:
  shared  the user side (embeddings, GRU over the history, projections) once, the candidates as one batch
  tiled   the history repeated for each candidate, as a training graph serves: what most deployments do
and two modes: eager, and TorchScript, which takes Python out of the loop over the history.
What is timed starts at embedding rows and ends at probabilities; neither protocol nor vocabulary is in it.
"""

import argparse
import json
import os
import statistics
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor

EPILOG = """examples:
  python3 Benchmarks/pytorch/rank.py --model sports-model --history 100 --candidates 100
  python3 Benchmarks/pytorch/rank.py --model sports-model --history 50 --candidates 20 --json
"""

# ---------------------------------------------------------------- layers; all shapes as in docs/MODEL_FORMAT.md


def gru(x: Tensor, weight_input: Tensor, weight_hidden: Tensor, bias: Tensor, bias_candidate: Tensor,
        reset_after: bool) -> Tensor:
    """x [B, T, D] → every state [B, T, H]."""
    size = weight_hidden.size(1)
    projected = x @ weight_input.t() + bias
    gates, candidate = weight_hidden[:2 * size].t().contiguous(), weight_hidden[2 * size:].t().contiguous()
    h = torch.zeros(x.size(0), size)
    states = []
    for t in range(x.size(1)):
        p = projected[:, t]
        rz = torch.sigmoid(torch.addmm(p[:, :2 * size], h, gates))
        r, z = rz[:, :size], rz[:, size:]
        if reset_after:
            c = torch.tanh(p[:, 2 * size:] + r * torch.addmm(bias_candidate, h, candidate))
        else:
            c = torch.tanh(torch.addmm(p[:, 2 * size:], r * h, candidate))
        h = c + z * (h - c)
        states.append(h)
    return torch.stack(states, 1)


def augru(f: Tensor, attention: Tensor, weight_input: Tensor, weight_hidden: Tensor, bias: Tensor,
          bias_candidate: Tensor, paper: bool) -> Tensor:
    """f [1 or B, T, H], attention [B, T] → the final state [B, H]."""
    size = weight_hidden.size(1)
    projected = f @ weight_input.t() + bias
    gates, candidate = weight_hidden[:2 * size].t().contiguous(), weight_hidden[2 * size:].t().contiguous()
    h = torch.zeros(attention.size(0), size)
    for t in range(f.size(1)):
        p = projected[:, t]
        a = attention[:, t:t + 1]
        rz = torch.sigmoid(torch.addmm(p[:, :2 * size], h, gates))
        r, z = rz[:, :size], rz[:, size:]
        if paper:
            c = torch.tanh(p[:, 2 * size:] + r * torch.addmm(bias_candidate, h, candidate))
            h = h + a * (1 - z) * (c - h)
        else:
            c = torch.tanh(torch.addmm(p[:, 2 * size:], r * h, candidate))
            h = c + (1 - a) * z * (h - c)
    return h


class Model:
    """One model folder in float32; `mode` decides how the two recurrent loops run."""

    def __init__(self, folder, mode="eager"):
        self.configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.w = load_file(folder / "model.safetensors")
        self.paper = self.configuration["preset"] == "paper"
        self.gru, self.augru = (gru, augru) if mode == "eager" else (torch.jit.script(gru), torch.jit.script(augru))
        if self.paper:
            self.native = self.native_gru()

    def native_gru(self):
        """The paper's extractor is torch.nn.GRU; its own kernel is the fastest PyTorch has."""
        w, size = self.w, self.configuration["hidden_size"]
        layer = torch.nn.GRU(w["extractor.weight_input"].size(1), size, batch_first=True)
        hidden_bias = torch.cat([torch.zeros(2 * size), w["extractor.bias_hidden_candidate"]])
        layer.load_state_dict({
            "weight_ih_l0": w["extractor.weight_input"], "weight_hh_l0": w["extractor.weight_hidden"],
            "bias_ih_l0": w["extractor.bias"], "bias_hh_l0": hidden_bias})
        return layer

    def cell(self, name):
        w, size = self.w, self.configuration["hidden_size"]
        parts = [w[f"{name}.{part}"] for part in ("weight_input", "weight_hidden", "bias")]
        return (*parts, w.get(f"{name}.bias_hidden_candidate", torch.zeros(size)))

    def extract(self, x):
        return self.native(x)[0] if self.paper else self.gru(x, *self.cell("extractor"), False)

    def embed(self, role, rows):
        tables = [feature["table"] for feature in self.configuration["features"][role]]
        parts = [self.w[f"embedding.{table}"][column] for table, column in zip(tables, rows)]
        return torch.cat(parts, -1) if parts else torch.zeros(1, 0)

    def query(self, q):
        w = self.w
        if self.paper:
            return q @ w["attention.weight"].t()
        query = q @ w["attention.query.weight"].t() + w["attention.query.bias"]
        return torch.nn.functional.prelu(query, w["attention.query_prelu.alpha"])

    def attention_shared(self, f, q):
        """f [T, H], q [N, H] → [N, T]; the first layer's products with q and with f are made once each."""
        w = self.w
        if self.paper:
            return torch.softmax(q @ f.t(), 1)
        size = f.size(1)
        on_q, on_f, on_difference, on_product = w["attention.0.weight"].split(size, 1)
        query = q @ (on_q + on_difference).t() + w["attention.0.bias"]
        key = f @ (on_f - on_difference).t()
        x = torch.sigmoid((q[:, None] * f[None]) @ on_product.t() + query[:, None] + key[None])
        return self.attention_top(x)

    def attention_tiled(self, f, q):
        """f [N, T, H], q [N, H] → [N, T], as written in the equations."""
        w = self.w
        if self.paper:
            return torch.softmax((f @ q[:, :, None])[:, :, 0], 1)
        q = q[:, None].expand_as(f)
        x = torch.cat([q, f, q - f, q * f], -1)
        return self.attention_top(torch.sigmoid(x @ w["attention.0.weight"].t() + w["attention.0.bias"]))

    def attention_top(self, x):
        w = self.w
        x = torch.sigmoid(x @ w["attention.1.weight"].t() + w["attention.1.bias"])
        return torch.softmax((x @ w["attention.2.weight"].t() + w["attention.2.bias"])[:, :, 0], 1)

    def head(self, x):
        w = self.w
        x = w["head.norm.gamma"] / (1 + 1e-3) ** 0.5 * x + w["head.norm.beta"]
        for layer in range(2):
            x = torch.nn.functional.linear(x, w[f"head.{layer}.weight"], w[f"head.{layer}.bias"])
            name = f"head.activation{layer}"
            scale = 1 / ((w[f"{name}.moving_variance"] + 1e-9).sqrt() + 1e-9)
            e = torch.sigmoid((x - w[f"{name}.moving_mean"]) * scale)
            x = x * (w[f"{name}.alpha"] * (1 - e) + e)
        x = torch.nn.functional.linear(x, w["head.2.weight"], w["head.2.bias"])
        return torch.sigmoid(x[:, 0] - x[:, 1])

    def shared(self, user, history, candidates):
        """Embedding rows: user [features], history [features][T], candidates [features][N] → probabilities [N]."""
        p, q = self.embed("profile", user), self.embed("candidates", candidates)
        count, size = q.size(0), self.configuration["hidden_size"]
        total, final = torch.zeros(q.size(1)), torch.zeros(count, size)
        if history[0].numel():
            x = self.embed("history", history)
            total, f = x.sum(0), self.extract(x[None])
            attention = self.attention_shared(f[0], self.query(q))
            final = self.augru(f, attention, *self.cell("evolution"), self.paper)
        total = total.expand_as(q)
        return self.head(torch.cat([p.expand(count, -1), q, total, q * total, final], 1))

    def tiled(self, user, history, candidates):
        """The same, every row computed on its own."""
        q = self.embed("candidates", candidates)
        count, size = q.size(0), self.configuration["hidden_size"]
        p = self.embed("profile", [column.expand(count) for column in user])
        total, final = torch.zeros_like(q), torch.zeros(count, size)
        if history[0].numel():
            x = self.embed("history", [column.expand(count, -1) for column in history])
            total, f = x.sum(1), self.extract(x)
            final = self.augru(f, self.attention_tiled(f, self.query(q)), *self.cell("evolution"), self.paper)
        return self.head(torch.cat([p, q, total, q * total, final], 1))


# ---------------------------------------------------------------- golden requests


class Vocabulary:
    """Identifier columns → embedding rows, for folders whose ids are uint64."""

    def __init__(self, folder, configuration):
        # torch has no arithmetic for unsigned 64 bits, numpy has
        self.tensors = {name: tensor.numpy() for name, tensor in load_file(folder / "vocabulary.safetensors").items()}
        self.configuration = configuration

    def rows(self, role, columns):
        features = self.configuration["features"][role]
        tables = {feature["name"]: feature["table"] for feature in features}
        limit = self.configuration["max_history"] if role == "history" else None
        result = []
        for feature in features:
            name, table = feature["name"], feature["table"]
            source = name if name in columns else feature["lookup"]
            part = "rows" if name in columns else table
            ids = np.array(columns[source], np.uint64)
            result.append(self.gather(tables[source], part, ids if limit is None else ids[-limit:]))
        return result

    def gather(self, table, part, ids):
        known = self.tensors[f"{table}.ids"]
        if not known.size:
            return torch.zeros(len(ids), dtype=torch.int64)
        place = np.minimum(np.searchsorted(known, ids), known.size - 1)
        rows = np.where(known[place] == ids, self.tensors[f"{table}.{part}"][place], 0)
        return torch.from_numpy(rows.astype(np.int64))


def check_golden(folder, model, form):
    """The largest |Δp| over the folder's golden requests; more than its tolerance ends the program."""
    vocabulary, largest = Vocabulary(folder, model.configuration), 0.0
    tolerance = model.configuration.get("golden_tolerance", 1e-5)
    for number, line in enumerate((folder / "golden.jsonl").read_text(encoding="utf-8").splitlines(), start=1):
        request = json.loads(line)
        rows = [vocabulary.rows(role, request.get(role, {})) for role in ("profile", "history", "candidates")]
        found = form(*rows).double().numpy()
        difference = float(np.abs(found - np.array(request["probabilities"])).max())
        largest = max(largest, difference)
        if difference > tolerance:
            raise SystemExit(f"golden.jsonl: line {number}: differs by {difference:.3g}, more than {tolerance:g}")
    return largest


# ---------------------------------------------------------------- timing


def random_rows(configuration, history, candidates):
    """Row numbers drawn with a fixed seed: the time does not depend on the values, only on cache misses."""
    generator = torch.Generator().manual_seed(1)
    rows = {table["name"]: table["rows"] for table in configuration["tables"]}

    def draw(role, count):
        return [torch.randint(0, rows[f["table"]], (count,), generator=generator)
                for f in configuration["features"][role]]
    return draw("profile", 1), draw("history", history), draw("candidates", candidates)


def measure(call, seconds):
    """Milliseconds of single calls after a warm-up: median, 99th percentile, and how many."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds / 4:
        call()
    times, begin = [], time.perf_counter()
    while len(times) < 20 or time.perf_counter() - begin < seconds:
        before = time.perf_counter_ns()
        call()
        times.append((time.perf_counter_ns() - before) / 1e6)
    times.sort()
    return {"median_ms": round(statistics.median(times), 4),
            "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 4), "runs": len(times)}


def run(options):
    warnings.filterwarnings("ignore", message=".*torch.jit.script.*")  # still the only way out of Python in the loop
    torch.set_num_threads(1)
    if hasattr(os, "sched_setaffinity"):
        core = max(os.sched_getaffinity(0)) if options.core is None else options.core
        os.sched_setaffinity(0, {core})
    results, golden = [], 0.0
    with torch.inference_mode():
        for mode in ("eager", "script"):
            model = Model(options.model, mode)
            rows = random_rows(model.configuration, options.history, options.candidates)
            for form in ("shared", "tiled"):
                forward = getattr(model, form)
                golden = max(golden, check_golden(options.model, model, forward))
                timing = measure(lambda: forward(*rows), options.seconds)
                results.append({"form": form, "mode": mode, **timing})
    return {
        "engine": f"pytorch {torch.__version__}", "threads": 1, "preset": model.configuration["preset"],
        "history": options.history, "candidates": options.candidates,
        "golden_largest_difference": float(f"{golden:.3g}"),
        "best_median_ms": min(result["median_ms"] for result in results), "results": results,
    }


def main():
    parser = argparse.ArgumentParser(
        prog="rank.py", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, metavar="FOLDER", help="model folder, dien-model/1")
    parser.add_argument("--history", type=int, default=100, metavar="T", help="behaviours (default: %(default)s)")
    parser.add_argument("--candidates", type=int, default=100, metavar="N", help="candidates (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=2, metavar="S",
                        help="time for each form and mode (default: %(default)s)")
    parser.add_argument("--core", type=int, help="core to run on (default: the last one allowed)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    options = parser.parse_args()
    report = run(options)
    if options.json:
        print(json.dumps(report))
        return
    print(f"{report['engine']}, preset {report['preset']}, T={report['history']}, N={report['candidates']}, one core")
    for result in report["results"]:
        print(f"  {result['form']:6} {result['mode']:6} median {result['median_ms']:8.3f} ms"
              f"  p99 {result['p99_ms']:8.3f} ms  ({result['runs']} runs)")


if __name__ == "__main__":
    main()
