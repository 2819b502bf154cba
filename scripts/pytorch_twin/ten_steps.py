"""Ten optimiser steps from a golden file's parameters: the fixtures of the Swift tests.

Step k leaves sample k mod B out, so that rows of the tables go some steps without a gradient. In double precision.
A fixture has the losses of each step and, of each parameter afterwards, its sum, its sum of squares and some elements.
"""

import json
from pathlib import Path

import torch

from . import golden
from .optimiser import make_optimiser

STEPS = 10
ELEMENTS = 24


def elements(count):
    """Which elements of a parameter are shown: evenly spread, the first and the last one among them."""
    shown = min(count, ELEMENTS)
    return [index * (count - 1) // max(shown - 1, 1) for index in range(shown)]


def run(path, learning_rate, weight_decay=0.0, clip_norm=None):
    facts, twin, inputs = golden.twin(path)
    optimiser = make_optimiser(twin, learning_rate, weight_decay)
    samples, weight = len(inputs["labels"]), facts["auxiliary_weight"]
    steps = []
    for step in range(STEPS):
        optimiser.zero_grad()
        target, auxiliary = twin.losses(golden.batch(inputs, left_out=step % samples))
        (target + weight * auxiliary).backward()
        norm = torch.nn.utils.clip_grad_norm_(twin.weights, clip_norm or float("inf"))
        optimiser.step()
        # The golden moments are stored ones, which count as a full window.
        twin.follow_moments(100 + step + 1)
        steps.append({"target": target.item(), "auxiliary": auxiliary.item(), "gradient_norm": norm.item()})
    final = {name: twin[name].detach().flatten() for name in twin.names}
    final |= {name: value.flatten() for name, value in twin.moments.items()}
    return {
        "golden": path.stem, "learning_rate": learning_rate, "weight_decay": weight_decay, "clip_norm": clip_norm,
        "auxiliary_weight": weight, "steps": steps,
        "parameters": {name: summary(value) for name, value in sorted(final.items())},
    }


def summary(value):
    shown = [float(f"{value[index].item():.9g}") for index in elements(len(value))]
    return {"sum": value.sum().item(), "squares": (value * value).sum().item(), "elements": shown}


def write(options):
    options.output.mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(options.golden).glob("*.safetensors")):
        if path.stem.count(".") != 1:
            continue  # other sizes and lengths of a case that is there already
        variants = {"": {}}
        if path.stem in ("dien.reference", "din.reference"):
            variants[".decay_and_clipping"] = {"weight_decay": 0.1, "clip_norm": 0.05}
        for suffix, constants in variants.items():
            result = run(path, options.learning_rate, **constants)
            target = options.output / f"{path.stem}{suffix}.json"
            target.write_text(json.dumps(result, indent=0) + "\n", encoding="utf-8")
            print(json.dumps({"fixture": str(target), "target_losses": [s["target"] for s in result["steps"]]}))
