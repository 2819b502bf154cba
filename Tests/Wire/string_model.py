"""A small model whose item identifiers are strings, with a context feature, so that every kind of column is served."""

import json

import numpy as np

from trained_folder import checker, importer

ITEMS = ["boots", "rope", "stove", "tent", "zelt-ä", "été"]  # ascending bytewise
CATEGORIES = 4


def configuration(preset):
    behaviour = [{"name": "item", "table": "item"}, {"name": "category", "table": "category", "lookup": "item"}]
    return {
        "format": "dien-model/1", "architecture": "dien", "preset": preset, "embedding_dim": 5, "hidden_size": 7,
        **({"attention_hidden": [12, 6]} if preset == "reference" else {}),
        "head_hidden": [20, 9, 5] if preset == "paper" else [20], "max_history": 8,
        "tables": [{"name": "user", "rows": 4, "ids": "uint64"}, {"name": "item", "rows": 6, "ids": "string"},
                   {"name": "category", "rows": CATEGORIES, "ids": "uint64"},
                   {"name": "hour", "rows": 25, "ids": "uint64"}],
        "features": {"profile": [{"name": "user", "table": "user"}], "history": behaviour, "candidates": behaviour,
                     "context": [{"name": "hour", "table": "hour"}]},
        "golden_tolerance": 2e-6,
    }


def vocabulary():
    strings = [item.encode("utf-8") for item in ITEMS]
    assert strings == sorted(strings)
    ids = {"user": [7, 11, 2**64 - 1], "category": range(1, CATEGORIES), "hour": range(24)}
    rows = {"user": [1, 2, 3], "category": range(1, CATEGORIES), "hour": range(1, 25)}
    tensors = {f"{table}.ids": np.array(list(values), np.uint64) for table, values in ids.items()}
    tensors |= {f"{table}.rows": np.array(list(values), np.int32) for table, values in rows.items()}
    return tensors | {
        "item.bytes": np.frombuffer(b"".join(strings), np.uint8),
        "item.offsets": np.cumsum([0] + [len(s) for s in strings]).astype(np.uint64),
        "item.rows": np.array([1, 2, 3, 4, 5, 0], np.int32),  # "été" was not seen in training …
        "item.category": np.array([1, 2, 3, 2, 0, 1], np.int32),  # … but its category was
    }


def weights(shapes, seed):
    generator = np.random.default_rng(seed)
    tensors = {name: generator.normal(0, 0.4, shape).astype(np.float32) for name, shape in sorted(shapes.items())}
    return {name: np.abs(t) + 0.5 if name.endswith("moving_variance") else t for name, t in tensors.items()}


def requests():
    def request(user, history, candidates, hour):
        return {"profile": {"user": [user]}, "history": {"item": history}, "candidates": {"item": candidates},
                "context": {"hour": [hour]}}
    return [
        request(7, ["boots", "tent"], ["rope", "été", "zelt-ä", "no such item"], 9),
        request(2**64 - 1, [], ["boots"], 23),
        request(3, ITEMS * 3, ITEMS, 99),
    ]


def write_string_model(folder, preset="paper", seed=5):
    folder.mkdir(parents=True)
    model = configuration(preset)
    importer.write_configuration(folder, model)
    importer.write_weights(folder, weights(importer.expected_shapes(model), seed), model)
    importer.write_vocabulary(folder, vocabulary())
    twin = checker.Twin(folder)
    lines = [request | {"probabilities": [round(float(p), 9) for p in twin.probabilities(request)]}
             for request in requests()]
    importer.write_golden(folder, lines)
    return folder


def golden(folder):
    return [json.loads(line) for line in (folder / "golden.jsonl").read_text(encoding="utf-8").splitlines()]
