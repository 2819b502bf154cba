"""Parameters before training, as the Swift training draws them (Sources/Training/Initialisation/InitialValues.swift)."""

import numpy as np

from . import draws
from .architectures import AUXILIARY_HIDDEN, PRELU, RECURRENT


def shapes(configuration):
    """Every parameter outside the tables, with its shape."""
    architecture, preset = configuration["architecture"], configuration["preset"]
    embedding, hidden = configuration["embedding_dim"], configuration.get("hidden_size", 0)
    features = configuration["features"]
    item = embedding * len(features["history"])
    interest = hidden if architecture in RECURRENT else item if architecture == "din" else 0
    products = 2 if architecture in ("base", "wide_deep") else 3
    result = {}

    def dense(name, widths):
        for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
            result[f"{name}.{layer}.weight"] = (outputs, inputs)
            result[f"{name}.{layer}.bias"] = (outputs,)
    if architecture in RECURRENT:
        for name, width in (("extractor", item), ("evolution", hidden)):
            result[f"{name}.weight_input"] = (3 * hidden, width)
            result[f"{name}.weight_hidden"] = (3 * hidden, hidden)
            result[f"{name}.bias"] = (3 * hidden,)
            if preset == "paper":
                result[f"{name}.bias_hidden_candidate"] = (hidden,)
        if preset == "paper":
            result["attention.weight"] = (hidden, item)
        else:
            result["attention.query.weight"] = (hidden, item)
            result["attention.query.bias"] = result["attention.query_prelu.alpha"] = (hidden,)
    if "attention_hidden" in configuration:
        dense("attention", [4 * (interest or item), *configuration["attention_hidden"], 1])
    if architecture == "dien" and preset == "reference":
        result["auxiliary.norm.gamma"] = result["auxiliary.norm.beta"] = (hidden + item,)
        dense("auxiliary", [hidden + item, *AUXILIARY_HIDDEN, 2])
    if architecture == "wide_deep":
        result["wide.weight"], result["wide.bias"] = (2, 3 * item), (2,)
    width = embedding * len(features["profile"]) + products * item + interest
    result["head.norm.gamma"] = result["head.norm.beta"] = (width,)
    dense("head", [width, *configuration["head_hidden"], 2])
    for layer, size in enumerate(configuration["head_hidden"]):
        parts = ["alpha"] if architecture in PRELU else ["alpha", "moving_mean", "moving_variance"]
        for part in parts:
            result[f"head.activation{layer}.{part}"] = (size,)
    return result


def values(configuration, seed):
    """Arrays by name: matrices Glorot-uniform, a GRU's gates and its candidate apart; vectors by their kind."""
    hidden = configuration.get("hidden_size", 0)
    item = configuration["embedding_dim"] * len(configuration["features"]["history"])
    result = {}

    def uniform(name, shape, fans):
        """`fans`: rows and columns of the matrix that each row belongs to."""
        limits = np.sqrt(np.float32(6) / np.asarray(fans, dtype=np.float32))
        return draws.uniform(seed, name, shape[0] * shape[1]).reshape(shape) * limits[..., None]

    for table in configuration["tables"]:
        name, shape = f"embedding.{table['name']}", (table["rows"], configuration["embedding_dim"])
        result[name] = uniform(name, shape, sum(shape))
    for name, shape in shapes(configuration).items():
        if name.startswith(("extractor.weight", "evolution.weight")):
            width = (item if name.startswith("extractor.") else hidden) + hidden
            result[name] = uniform(name, shape, [width + 2 * hidden] * (2 * hidden) + [width + hidden] * hidden)
        elif len(shape) == 2:
            result[name] = uniform(name, shape, sum(shape))
        else:
            result[name] = np.full(shape, vector_value(name, configuration["architecture"]), dtype=np.float32)
            if name in ("extractor.bias", "evolution.bias"):
                result[name][:2 * hidden] = 1
    return result


def vector_value(name, architecture):
    if name.endswith((".gamma", ".moving_variance")):
        return 1.0
    if name == "attention.query_prelu.alpha" or (name.endswith(".alpha") and architecture in PRELU):
        return 0.1
    return 0.0
