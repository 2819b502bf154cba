"""A tiny trained folder with random weights: what scripts/import-pytorch reads, made in milliseconds."""

import json

import numpy as np
from safetensors.numpy import save_file

from scripts_under_test import load

importer = load("import-pytorch")
checker = load("check-model")

USERS, ITEMS, CATEGORIES, EMBEDDING, HIDDEN = 5, 9, 4, 3, 4


def training_config(preset):
    return {"architecture": "dien", "preset": preset, "embedding_dim": EMBEDDING, "hidden_size": HIDDEN,
            "users": USERS, "items": ITEMS, "categories": CATEGORIES, "max_history": 6, "seed": 1}


def random_weights(preset, seed):
    generator = np.random.default_rng(seed)
    shapes = importer.expected_shapes(importer.model_configuration(training_config(preset), 1e-6))
    weights = {name: generator.normal(0, 0.5, shape).astype(np.float32) for name, shape in sorted(shapes.items())}
    for name in weights:
        if name.endswith("moving_variance"):
            weights[name] = np.abs(weights[name])
    weights["auxiliary.weight"] = generator.normal(0, 0.5, (2, 2)).astype(np.float32)
    return weights


def write_trained_folder(folder, preset="paper", seed=1):
    """Ids 100, 110, … are items in descending order of row, so that id order and row order differ."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(training_config(preset)))
    save_file(random_weights(preset, seed), folder / "weights.safetensors")
    items = "".join(f"{100 + 10 * n}\t{ITEMS - 1 - n}\t{n % CATEGORIES}\n" for n in range(ITEMS - 1))
    (folder / "items.tsv").write_text("item\trow\tcategory\n" + items)
    (folder / "users.tsv").write_text("user\trow\n" + "".join(f"{7 * n}\t{n}\n" for n in range(1, USERS)))
    requests = [
        {"user": 7, "history": [100, 130, 170], "candidates": [110, 999], "probabilities": [0.5, 0.5]},
        {"user": 1, "history": [], "candidates": [120], "probabilities": [0.5]},
        {"user": 14, "history": [100 + 10 * (n % 8) for n in range(10)], "candidates": [140], "probabilities": [0.5]},
    ]
    (folder / "requests.jsonl").write_text("".join(json.dumps(r) + "\n" for r in requests))
    return folder


def write_true_probabilities(trained, scratch):
    """Replaces the placeholder probabilities by those of the float64 twin."""
    importer.import_model(trained, scratch, golden=1024)
    twin = checker.Twin(scratch)
    requests = [json.loads(line) for line in (trained / "requests.jsonl").read_text().splitlines()]
    golden = [json.loads(line) for line in (scratch / "golden.jsonl").read_text().splitlines()]
    for request, line in zip(requests, golden):
        request["probabilities"] = [round(float(p), 9) for p in twin.probabilities(line)]
    (trained / "requests.jsonl").write_text("".join(json.dumps(r) + "\n" for r in requests))
