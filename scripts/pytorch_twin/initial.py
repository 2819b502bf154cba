"""Parameters before training: the distributions of the authors' program, as the Swift training draws them."""

import torch

from .network import AUXILIARY_HIDDEN, PRELU, RECURRENT


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
    """Drawn in float32 with torch's generator: the distributions are the Swift training's, the numbers are not."""
    generator = torch.Generator().manual_seed(seed)
    hidden = configuration.get("hidden_size", 0)
    item = configuration["embedding_dim"] * len(configuration["features"]["history"])
    result = {}

    def uniform(shape, fans):
        return (torch.rand(shape, generator=generator) * 2 - 1) * (6 / fans) ** 0.5
    for table in configuration["tables"]:
        shape = (table["rows"], configuration["embedding_dim"])
        result[f"embedding.{table['name']}"] = uniform(shape, sum(shape))
    for name, shape in shapes(configuration).items():
        if name.startswith(("extractor.weight", "evolution.weight")):
            width = (item if name.startswith("extractor.") else hidden) + hidden
            gates = uniform((2 * hidden, shape[1]), width + 2 * hidden)
            result[name] = torch.cat([gates, uniform((hidden, shape[1]), width + hidden)])
        elif len(shape) == 2:
            result[name] = uniform(shape, sum(shape))
        else:
            result[name] = torch.full(shape, vector_value(name, configuration["architecture"]))
            if name in ("extractor.bias", "evolution.bias"):
                result[name][:2 * hidden] = 1
    return result


def vector_value(name, architecture):
    if name.endswith((".gamma", ".moving_variance")):
        return 1.0
    if name == "attention.query_prelu.alpha" or (name.endswith(".alpha") and architecture in PRELU):
        return 0.1
    return 0.0
