"""Versions that pass every check of push and of the server, and fail while they serve: what only an experiment can find."""

import json

import numpy as np
from safetensors.numpy import load, save

from broken_versions import GOLDEN, MODEL, with_tensor
from trained_folder import checker, importer


def write(contents, folder):
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def overflowing(registry, version, folder, items):
    """A copy whose embeddings of some items are finite and so large that what is computed from them is no number."""

    def enlarged(table):
        table = table.copy()
        # ids are rows here; signs alternate, so that a sum has infinities of both
        table[items] = np.where(np.arange(table.shape[1]) % 2 == 0, 3e38, -3e38)
        return table

    contents = registry.files("sports", version)
    assert np.isfinite(enlarged(load(contents[MODEL])["embedding.item"])).all()
    return write(contents | {MODEL: with_tensor(contents[MODEL], "embedding.item", enlarged)}, folder)


def slow(registry, folder, hidden=512):
    """A model of the same features with so large a state that it takes a hundred times as long; its weights are noise."""
    contents = registry.files("sports", 1)
    configuration = json.loads(contents["config.json"]) | {"hidden_size": hidden}
    generator = np.random.default_rng(1)
    old = load(contents[MODEL])
    weights = {}
    for name, shape in sorted(importer.expected_shapes(configuration).items()):
        kept = old.get(name)
        if kept is not None and kept.shape == tuple(shape):
            weights[name] = kept
        else:
            weights[name] = generator.normal(0, 0.3 / np.sqrt(shape[-1]), shape).astype(np.float32)
        if name.endswith("moving_variance"):
            weights[name] = np.abs(weights[name]) + np.float32(0.1)
    lines = [json.loads(line) for line in contents[GOLDEN].splitlines()[:3]]
    for line in lines:
        line["candidates"] = {name: values[:3] for name, values in line["candidates"].items()}
    contents |= {"config.json": json.dumps(configuration).encode(), MODEL: save(weights)}
    folder = write(contents, folder)
    twin = checker.Twin(folder)
    for line in lines:
        line["probabilities"] = [round(float(p), 8) for p in twin.probabilities(line)]
    (folder / GOLDEN).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def lose_pages(registry, model, version):
    """Cuts the weights of a version short on the disk, while a server has them mapped."""
    manifest = json.loads(registry.blob_path(registry.manifest_digest(model, version)).read_bytes())
    path = registry.blob_path(manifest["files"][MODEL]["digest"])
    path.chmod(0o644)
    with open(path, "r+b") as file:
        file.truncate(4096)
