"""A model folder's weights and requests in the layouts that onednn_worker.cpp reads."""

import json
import struct

import numpy as np
from safetensors.numpy import load_file


def write_weights(folder, path):
    configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert configuration["preset"] == "reference", "oneDNN's AUGRU keeps (1 - a) u, as preset reference does"
    w, size = load_file(folder / "model.safetensors"), configuration["hidden_size"]
    out = {name: w[name] for name in w if name.startswith("embedding.")}
    for cell in ("extractor", "evolution"):
        # Gates stand u (our z), r, c.
        r, z, c = (slice(k * size, (k + 1) * size) for k in range(3))
        for part, name in (("weight_input", "layer"), ("weight_hidden", "iter"), ("bias", "bias")):
            out[f"{cell}.{name}"] = np.concatenate([w[f"{cell}.{part}"][k] for k in (z, r, c)]).T
    hidden = w["evolution.weight_hidden"]
    out["evolution.gates"] = np.concatenate([hidden[size:2 * size], hidden[:size]]).T
    out["evolution.candidate"] = hidden[2 * size:].T
    on_q, on_f, on_difference, on_product = np.split(w["attention.0.weight"], 4, axis=1)
    out |= {"query": w["attention.query.weight"].T, "query.bias": w["attention.query.bias"],
            "query.alpha": w["attention.query_prelu.alpha"], "query.first": (on_q + on_difference).T,
            "key.first": (on_f - on_difference).T, "pair.first": on_product.T}
    for layer in range(3):
        out |= {f"attention.{layer}": w[f"attention.{layer}.weight"].T, f"attention.{layer}.bias": w[f"attention.{layer}.bias"]}
    first = w["head.0.weight"]
    out["head.0"] = (first * (w["head.norm.gamma"] / np.float32(1 + 1e-3) ** 0.5)).T
    out["head.0.bias"] = w["head.0.bias"] + first @ w["head.norm.beta"]
    out |= {"head.1": w["head.1.weight"].T, "head.1.bias": w["head.1.bias"],
            "head.2": w["head.2.weight"][0] - w["head.2.weight"][1], "head.2.bias": w["head.2.bias"][:1] - w["head.2.bias"][1:]}
    for layer in range(2):
        mean, variance, alpha = (w[f"head.activation{layer}.{part}"]
                                 for part in ("moving_mean", "moving_variance", "alpha"))
        scale = 1 / (np.sqrt(variance + 1e-9) + 1e-9)
        out |= {f"dice.{layer}.scale": scale, f"dice.{layer}.offset": -mean * scale, f"dice.{layer}.alpha": alpha}
    with path.open("wb") as file:
        file.write(struct.pack("<6i", configuration["embedding_dim"], size, *configuration["attention_hidden"],
                               *configuration["head_hidden"]))
        file.write(struct.pack("<i", len(out)))
        for name, array in out.items():
            file.write(name.encode().ljust(32, b"\0"))
            file.write(struct.pack("<q", array.size))
            file.write(np.ascontiguousarray(array, np.float32).tobytes())
    return path


def write_requests(requests, path):
    """The rows of all requests, which share T and N; ids are rows."""
    shape = len(requests), len(requests[0]["history"]["item"]), len(requests[0]["candidates"]["item"])
    with path.open("wb") as file:
        file.write(struct.pack("<3i", *shape))
        for r in requests:
            columns = [r["profile"]["user"], *(r[role][name] for role in ("history", "candidates")
                                               for name in ("item", "category"))]
            for column in columns:
                file.write(np.array(column, np.int32).tobytes())
