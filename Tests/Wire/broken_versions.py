"""A good version's files, broken in one way each: what a server and `dien-registry verify` must refuse."""

import json

import numpy as np
from safetensors.numpy import load, save


def with_tensor(content, name, change):
    tensors = load(content)
    tensors[name] = np.ascontiguousarray(change(tensors[name]))
    return save(tensors)


def without_tensor(content, name):
    tensors = load(content)
    del tensors[name]
    return save(tensors)


def not_a_number(tensor):
    tensor = tensor.copy()
    tensor.flat[tensor.size // 2] = np.nan
    return tensor


def wrong_golden(content):
    lines = [json.loads(line) for line in content.decode().splitlines()]
    lines[1]["probabilities"][3] += 0.001
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def wrong_configuration(content):
    return json.dumps(json.loads(content) | {"hiden_size": 36}).encode()


def flipped(content):
    content = bytearray(content)
    content[len(content) // 2] ^= 1
    return bytes(content)


# each: the file, what becomes of it, whether its digest is that of the broken content, what the reason must name
MODEL, GOLDEN, CONFIG = "model.safetensors", "golden.jsonl", "config.json"
BROKEN = {
    "bad digest": (MODEL, flipped, False, "digest"),
    "bad digest of the golden requests": (GOLDEN, flipped, False, "digest"),
    "truncated file": (MODEL, lambda content: content[:-1000], False, ""),
    "truncated before it was pushed": (MODEL, lambda content: content[:-1000], True, MODEL),
    "empty file": (MODEL, lambda content: b"", True, MODEL),
    "wrong shape": (MODEL, lambda c: with_tensor(c, "head.1.weight", lambda t: t[:, :-1]), True, "head.1.weight"),
    "missing tensor": (MODEL, lambda c: without_tensor(c, "head.2.bias"), True, "head.2.bias"),
    "wrong type": (MODEL, lambda c: with_tensor(c, "head.2.bias", lambda t: t.astype(np.float64)), True, "head.2.bias"),
    "NaN": (MODEL, lambda c: with_tensor(c, "extractor.bias", not_a_number), True, "extractor.bias"),
    "golden mismatch": (GOLDEN, wrong_golden, True, "golden"),
    "unknown key": (CONFIG, wrong_configuration, True, "hiden_size"),
}


def add_broken(registry, model, version, kind):
    """Commits a broken copy of a version, past every check of dien-registry; its number and the expected reason."""
    contents = registry.files(model, version)
    file, change, honest, reason = BROKEN[kind]
    broken = change(contents[file])
    if honest:
        return registry.add_version(model, contents | {file: broken}), reason
    # the blob of a good version may not rot with it: a byte more makes the content, and so the blob, its own
    own = contents[file] + b" " if file == GOLDEN else with_tensor(contents[file], "head.2.bias", lambda t: t + 1)
    rotten = change(own)
    return registry.add_version(model, contents | {file: own}, rotten={file: rotten}), reason
