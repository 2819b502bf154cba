"""Prepared data sets (dien-dataset/1): dataset.json and samples.safetensors, as `dien-train prepare` writes them."""

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file

from . import draws
from .network import Batch


class Split:
    """The samples of one split; a history is the last `max_history` of the events [0, end) of its sequence."""

    def __init__(self, dataset, name, max_history):
        tensors, features = dataset.tensors, dataset.features
        self.dataset = dataset
        self.sequence, self.end = tensors[f"{name}.sequence"].astype(np.int64), tensors[f"{name}.end"].astype(np.int64)
        self.labels = tensors[f"{name}.label"].astype(np.float32)
        self.targets = [tensors[f"{name}.target.{f['name']}"].astype(np.int64) for f in features["candidates"]]
        self.lengths = np.minimum(self.end, max_history)
        self.first = dataset.offsets[self.sequence] + self.end - self.lengths

    def __len__(self):
        return len(self.labels)

    def batch(self, samples, place=None):
        """The samples padded to the longest; with a place (seed, epoch, batch) negatives are drawn for the auxiliary loss."""
        dataset, lengths = self.dataset, self.lengths[samples]
        steps = max(int(lengths.max()), 1)
        mask = np.arange(steps)[None] < lengths[:, None]
        places = np.where(mask, self.first[samples][:, None] + np.arange(steps)[None], 0)
        history = [np.where(mask, column[places], 0) for column in dataset.history]
        negatives = dataset.draw_negatives(history[0], mask, *place) if place else []
        users = self.sequence[samples]

        def rows(columns):
            return [torch.from_numpy(column) for column in columns]
        return Batch(rows([column[users] for column in dataset.profile]),
                     rows([column[samples] for column in self.targets]), rows(history), rows(negatives),
                     torch.from_numpy(lengths), torch.from_numpy(self.labels[samples]))


class Dataset:
    def __init__(self, folder):
        folder = Path(folder)
        self.description = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
        if self.description["format"] != "dien-dataset/1":
            raise SystemExit(f"{folder}: format {self.description['format']}, want dien-dataset/1")
        self.features, self.tables = self.description["features"], self.description["tables"]
        self.tensors = load_file(folder / "samples.safetensors")
        self.offsets = self.tensors["sequence.offsets"].astype(np.int64)

        def columns(prefix, role):
            return [self.tensors[f"{prefix}.{f['name']}"].astype(np.int64) for f in self.features[role]]
        self.history, self.negatives = columns("sequence", "history"), columns("negatives", "history")
        self.profile = columns("profile", "profile")

    def split(self, name, max_history):
        return Split(self, name, max_history)

    def draw_negatives(self, items, mask, *place):
        drawn = draws.negatives(self.negatives[0], items, mask, *place)
        return [np.where(mask, column[drawn], 0) for column in self.negatives]
