"""Model folders with random weights of a trained model's magnitude, whose golden requests numpy computes in float64."""

import json
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

ROOT = Path(__file__).resolve().parents[2]
ROWS = {"user": 2000, "item": 20000, "category": 500}
MAX_HISTORY = 2000


def checker():
    """scripts/check-model as a module: the float64 statement of the format."""
    loader = SourceFileLoader("check_model", str(ROOT / "scripts" / "check-model"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def configuration(size, preset):
    item_and_category = [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}]
    result = {
        "format": "dien-model/1", "architecture": "dien", "preset": preset, "embedding_dim": size // 2,
        "hidden_size": size, "head_hidden": [200, 80], "max_history": MAX_HISTORY,
        "tables": [{"name": name, "rows": rows, "ids": "uint64"} for name, rows in ROWS.items()],
        "features": {"profile": [{"name": "user", "table": "user"}], "history": item_and_category,
                     "candidates": item_and_category, "context": []},
        "golden_tolerance": 1e-5}
    return result | ({"attention_hidden": [80, 40]} if preset == "reference" else {})


def weights(size, preset, draw):
    def matrix(rows, columns, gain=1.0):
        limit = gain * (6 / (rows + columns)) ** 0.5
        return draw.uniform(-limit, limit, (rows, columns)).astype(np.float32)

    def vector(count, low=-0.2, high=0.2):
        return draw.uniform(low, high, count).astype(np.float32)

    embedding = size // 2
    width = embedding + 4 * size
    w = {f"embedding.{name}": vector(rows * embedding, -0.5, 0.5).reshape(rows, embedding)
         for name, rows in ROWS.items()}
    for cell in ("extractor", "evolution"):
        w[f"{cell}.weight_input"] = np.concatenate([matrix(size, size) for _ in range(3)])
        w[f"{cell}.weight_hidden"] = np.concatenate([matrix(size, size) for _ in range(3)])
        w[f"{cell}.bias"] = vector(3 * size)
        if preset == "paper":
            w[f"{cell}.bias_hidden_candidate"] = vector(size)
    if preset == "paper":
        w["attention.weight"] = matrix(size, size, 2)
    else:
        w |= {"attention.query.weight": matrix(size, size, 2), "attention.query.bias": vector(size),
              "attention.query_prelu.alpha": vector(size, 0.05, 0.25)}
        for layer, (outputs, inputs) in enumerate([(80, 4 * size), (40, 80), (1, 40)]):
            w[f"attention.{layer}.weight"] = matrix(outputs, inputs, 3)
            w[f"attention.{layer}.bias"] = vector(outputs)
    # The sum of a long history is large; a trained norm scales it down.
    gamma = vector(width, 0.8, 1.2)
    gamma[embedding + size:embedding + 3 * size] *= 0.05
    w |= {"head.norm.gamma": gamma, "head.norm.beta": vector(width)}
    for layer, (outputs, inputs) in enumerate([(200, width), (80, 200), (2, 80)]):
        w[f"head.{layer}.weight"], w[f"head.{layer}.bias"] = matrix(outputs, inputs, 2), vector(outputs)
        if layer < 2:
            w |= {f"head.activation{layer}.alpha": vector(outputs),
                  f"head.activation{layer}.moving_mean": vector(outputs),
                  f"head.activation{layer}.moving_variance": vector(outputs, 0.5, 1.5)}
    return w


def requests(steps, candidates, count=1, seed=1):
    """Requests of different users, in the form of golden.jsonl; an id is its own row."""
    draw = np.random.default_rng(seed)

    def columns(length):
        return {name: draw.integers(1, ROWS[name], length).tolist() for name in ("item", "category")}
    return [{"profile": {"user": [int(draw.integers(1, ROWS["user"]))]}, "history": columns(steps),
             "candidates": columns(candidates)} for _ in range(count)]


def write(folder, size, preset, seed=7):
    """A folder that the loader accepts; returns it."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(configuration(size, preset)), encoding="utf-8")
    save_file(weights(size, preset, np.random.default_rng(seed)), folder / "model.safetensors")
    vocabulary = {}
    for name, rows in ROWS.items():
        vocabulary[f"{name}.ids"] = np.arange(1, rows, dtype=np.uint64)
        vocabulary[f"{name}.rows"] = np.arange(1, rows, dtype=np.int32)
    save_file(vocabulary, folder / "vocabulary.safetensors")
    twin = checker().Twin(folder)
    golden = requests(7, 5, 2) + requests(1, 3, seed=2) + requests(60, 2, seed=3)
    lines = [json.dumps(r | {"probabilities": twin.probabilities(r).tolist()}) for r in golden]
    (folder / "golden.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
