"""Golden files (one batch, its parameters) as a twin and ten batches."""

import json

import torch
from safetensors import safe_open

from .network import Batch, Twin


def load(path, dtype=torch.float64):
    """→ the case's facts, its configuration, its parameters by name, its inputs by name."""
    with safe_open(path, "pt") as file:
        facts = json.loads(file.metadata()["case"])
        tensors = {name: file.get_tensor(name) for name in file.keys() if name.startswith(("param.", "input."))}
    parameters = {name[6:]: value.to(dtype) for name, value in tensors.items() if name.startswith("param.")}
    inputs = {name[6:]: value for name, value in tensors.items() if name.startswith("input.")}
    features = [{"name": "item", "table": "item"}, {"name": "category", "table": "category"}]
    configuration = {
        "architecture": facts["architecture"], "preset": facts["preset"], "head_hidden": [200, 80],
        "features": {"profile": [{"name": "user", "table": "user"}], "history": features, "candidates": features},
    }
    return facts, configuration, parameters, inputs


def twin(path, dtype=torch.float64):
    facts, configuration, parameters, inputs = load(path, dtype)
    return facts, Twin(configuration, parameters), inputs


def batch(inputs, left_out=None):
    """All samples but one, in their order."""
    kept = [b for b in range(len(inputs["labels"])) if b != left_out]
    lengths = inputs["lengths"][kept].long()
    steps = int(lengths.max())

    def rows(name):
        return inputs[name][kept].long()

    def sequences(kind):
        return [rows(f"{kind}_{name}")[:, :steps] for name in ("items", "categories")]
    return Batch([rows("users")], [rows("items"), rows("categories")], sequences("history"), sequences("negative"),
                 lengths, inputs["labels"][kept])
