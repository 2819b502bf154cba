"""Trains the twin on a prepared data set, by the rules of `dien-train train`."""

import json
import time

import numpy as np
import torch

from . import draws, initial, saving
from .architectures import RECURRENT
from .dataset import Dataset
from .network import Twin
from .optimiser import make_optimiser


def model_configuration(dataset, options):
    """config.json's part that the network needs."""
    configuration = {
        "architecture": options.architecture, "preset": options.preset, "embedding_dim": options.embedding_dim,
        "head_hidden": [200, 80], "tables": dataset.tables, "features": dataset.features,
    }
    if options.architecture in RECURRENT:
        configuration["hidden_size"] = options.hidden_size
    if options.architecture == "din" or options.architecture in RECURRENT and options.preset == "reference":
        configuration["attention_hidden"] = [80, 40]
    return configuration


def auc(scores, labels):
    """The probability that a click scores above a non-click; ties count half."""
    order = np.argsort(scores, kind="stable")
    ordered, ranks = scores[order], np.empty(len(scores))
    edges = np.flatnonzero(np.diff(ordered)) + 1
    bounds = np.concatenate([[0], edges, [len(ordered)]])
    for begin, end in zip(bounds, bounds[1:]):
        ranks[order[begin:end]] = (begin + end + 1) / 2
    clicks = labels > 0.5
    positive, negative = int(clicks.sum()), int((~clicks).sum())
    if positive == 0 or negative == 0:
        return float("nan")
    return (ranks[clicks].sum() - positive * (positive + 1) / 2) / (positive * negative)


@torch.no_grad()
def evaluate(twin, split, batch_size):
    """→ AUC and mean cross entropy."""
    twin.eval()
    scores = np.empty(len(split))
    order = np.argsort(-split.lengths, kind="stable")
    for begin in range(0, len(order), batch_size):
        samples = order[begin:begin + batch_size]
        scores[samples] = twin.logits(split.batch(samples))[0].numpy()
    twin.train()
    losses = np.logaddexp(0, scores) - split.labels * scores
    return auc(scores, split.labels), float(losses.mean())


def snapshot(twin):
    return {name: twin[name].detach().clone() for name in twin.names} | {
        name: value.clone() for name, value in twin.moments.items()}


def train(dataset, options, seed):
    """→ what one seed gave, the test AUC of the epoch that was best on the validation split, and the twin of that epoch."""
    configuration = model_configuration(dataset, options)
    first = {name: torch.from_numpy(value) for name, value in initial.values(configuration, seed).items()}
    twin = Twin(configuration, first)
    twin.train()
    optimiser = make_optimiser(twin, options.learning_rate, options.weight_decay)
    splits = {name: dataset.split(name, options.max_history) for name in ("train", "validation", "test")}
    best, kept, waited, steps, epochs, begin = -1.0, None, 0, 0, [], time.perf_counter()
    for epoch in range(options.epochs):
        rate = options.learning_rate / 2 ** epoch if options.decay == "halved" else options.learning_rate
        for group in optimiser.param_groups:
            group["lr"] = rate
        batches = draws.plan(splits["train"].lengths, options.batch_size, options.bucket_window, seed, epoch)
        for number, samples in enumerate(batches):
            optimiser.zero_grad()
            target, auxiliary = twin.losses(splits["train"].batch(samples, (seed, epoch, number)))
            (target + options.auxiliary_weight * auxiliary).backward()
            if options.clip_norm:
                torch.nn.utils.clip_grad_norm_(twin.weights, options.clip_norm)
            optimiser.step()
            steps += 1
            twin.follow_moments(steps)
        value, loss = evaluate(twin, splits[options.select], options.evaluation_batch)
        epochs.append({"auc": value, "log_loss": loss})
        if value > best:
            best, kept, waited = value, snapshot(twin), 0
        else:
            waited += 1
            if waited >= options.patience:
                break
    seconds = time.perf_counter() - begin
    kept_twin = Twin(configuration, kept if kept is not None else snapshot(twin))
    value, loss = evaluate(kept_twin, splits["test"], options.evaluation_batch)
    return kept_twin, {
        "engine": f"pytorch {torch.__version__}", "architecture": options.architecture, "preset": options.preset,
        "seed": seed, "epochs": epochs, "selected_by": options.select, "test_auc": value, "test_log_loss": loss,
        "steps": steps, "seconds": round(seconds, 1),
        "samples_per_second": round(len(splits["train"]) * len(epochs) / seconds, 1),
    }


def run(options):
    torch.set_num_threads(options.threads)
    dataset = Dataset(options.data)
    if options.save:
        saving.check(options.save, dataset)
    for seed in options.seeds:
        twin, result = train(dataset, options, seed)
        print(json.dumps(result), flush=True)
    if options.save:
        saving.write(options.save, twin, dataset, options, result)
