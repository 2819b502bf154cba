#!/usr/bin/env python3
"""Times PyTorch on training steps of DIEN with the auxiliary loss, on made-up samples; prints one JSON line.

Batches are padded to their longest history and masked. The paper's extractor is torch.nn.GRU; the loops that have no
such kernel run as TorchScript. Adam on the tables is either torch.optim.SparseAdam, which moves the rows of a batch and
no others, or torch.optim.Adam, which moves all rows as the authors' program does.
"""

import argparse
import json
import time
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

USERS, ITEMS, CATEGORIES, E, H, D = 603_668, 367_983, 1601, 18, 36, 36


@torch.jit.script
def reset_before(x: Tensor, weight: Tensor, attention: Tensor, keeps: bool) -> Tensor:
    """Projections x [T, B, 3H] → states [T, B, H]; `keeps`: h' by (1 - a) z."""
    size = weight.size(1)
    gates, candidate = weight[:2 * size].t(), weight[2 * size:].t()
    h = torch.zeros(x.size(1), size)
    states = []
    for t in range(x.size(0)):
        rz = torch.sigmoid(torch.addmm(x[t, :, :2 * size], h, gates))
        r, z = rz.chunk(2, 1)
        c = torch.tanh(torch.addmm(x[t, :, 2 * size:], r * h, candidate))
        k = (1 - attention[t]) * z if keeps else z
        h = c + k * (h - c)
        states.append(h)
    return torch.stack(states)


@torch.jit.script
def reset_after(x: Tensor, weight: Tensor, bias: Tensor, attention: Tensor) -> Tensor:
    """Projections x [T, B, 3H] → states [T, B, H] of the paper's AUGRU."""
    size = weight.size(1)
    gates, candidate = weight[:2 * size].t(), weight[2 * size:].t()
    h = torch.zeros(x.size(1), size)
    states = []
    for t in range(x.size(0)):
        rz = torch.sigmoid(torch.addmm(x[t, :, :2 * size], h, gates))
        r, z = rz.chunk(2, 1)
        c = torch.tanh(x[t, :, 2 * size:] + r * torch.addmm(bias, h, candidate))
        h = h + attention[t] * (1 - z) * (c - h)
        states.append(h)
    return torch.stack(states)


class Norm(nn.Module):
    """gamma x / sqrt(1 + 1e-3) + beta"""

    def __init__(self, size):
        super().__init__()
        self.gamma, self.beta = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))

    def forward(self, x):
        return self.gamma * (x / (1 + 1e-3) ** 0.5) + self.beta


class Dice(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(size))

    def forward(self, x):
        deviation = (x.var(0, unbiased=False) + 1e-9).sqrt()
        p = torch.sigmoid((x - x.mean(0)) / (deviation + 1e-9))
        return self.alpha * (1 - p) * x + p * x


class Model(nn.Module):
    def __init__(self, paper, sparse):
        super().__init__()
        self.paper = paper
        self.user, self.item, self.category = (
            nn.Embedding(rows, E, sparse=sparse) for rows in (USERS, ITEMS, CATEGORIES))
        if paper:
            self.extractor = nn.GRU(D, H)
            self.bilinear = nn.Linear(D, H, bias=False)
            self.candidate_bias = nn.Parameter(torch.zeros(H))
        else:
            self.extractor_input = nn.Linear(D, 3 * H)
            self.extractor_hidden = nn.Parameter(torch.randn(3 * H, H) / 6)
            self.query = nn.Sequential(nn.Linear(D, H), nn.PReLU(H))
            self.score = nn.Sequential(nn.Linear(4 * H, 80), nn.Sigmoid(), nn.Linear(80, 40), nn.Sigmoid(),
                                       nn.Linear(40, 1))
            self.auxiliary = nn.Sequential(Norm(H + D), nn.Linear(H + D, 100), nn.Sigmoid(), nn.Linear(100, 50),
                                           nn.Sigmoid(), nn.Linear(50, 2))
        self.evolution_input = nn.Linear(H, 3 * H)
        self.evolution_hidden = nn.Parameter(torch.randn(3 * H, H) / 6)
        size = E + 3 * D + H
        self.head = nn.Sequential(Norm(size), nn.Linear(size, 200), Dice(200), nn.Linear(200, 80), Dice(80),
                                  nn.Linear(80, 2))

    def pair(self, rows):
        return torch.cat([self.item(rows[0]), self.category(rows[1])], -1)

    def forward(self, batch):
        """→ target loss + auxiliary loss. Histories [T, B, …]."""
        x, n, q = self.pair(batch["history"]), self.pair(batch["negatives"]), self.pair(batch["target"])
        mask, last = batch["mask"], batch["last"]
        if self.paper:
            f = self.extractor(x)[0]
            scores = (f * self.bilinear(q)).sum(-1)
        else:
            f = reset_before(self.extractor_input(x), self.extractor_hidden, mask[..., None], False)
            query = self.query(q).expand_as(f)
            scores = self.score(torch.cat([query, f, query - f, query * f], -1))[..., 0]
        attention = torch.softmax(scores.masked_fill(~mask.bool(), -1e30), 0)[..., None]
        inputs = self.evolution_input(f)
        if self.paper:
            states = reset_after(inputs, self.evolution_hidden, self.candidate_bias, attention)
        else:
            states = reset_before(inputs, self.evolution_hidden, attention, True)
        final = states[last, torch.arange(last.numel())]
        total = (x * mask[..., None]).sum(0)
        z = self.head(torch.cat([self.user(batch["user"]), q, total, q * total, final], 1))
        logit = z[:, 0] - z[:, 1]
        target = (softplus(logit) - batch["label"] * logit).mean()
        return target + self.auxiliary_loss(f[:-1], x[1:], n[1:], mask[1:])

    def auxiliary_loss(self, h, x, n, mask):
        def logits(behaviours):
            if self.paper:
                return (h * behaviours).sum(-1)
            z = self.auxiliary(torch.cat([h, behaviours], -1))
            return z[..., 0] - z[..., 1]
        losses = softplus(-logits(x)) + softplus(logits(n))
        return (losses * mask).sum() / mask.sum().clamp(min=1)


def make_batch(lengths, draw):
    lengths = torch.tensor(lengths)
    steps, count = int(lengths.max()), lengths.numel()

    def rows(*shape):
        return [torch.randint(0, table, shape, generator=draw) for table in (ITEMS, CATEGORIES)]
    mask = (torch.arange(steps)[:, None] < lengths).float()
    return {"user": torch.randint(0, USERS, (count,), generator=draw), "target": rows(count),
            "history": rows(steps, count), "negatives": rows(steps, count), "mask": mask, "last": lengths - 1,
            "label": torch.randint(0, 2, (count,), generator=draw).float()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=("paper", "reference"), default="reference")
    parser.add_argument("--lengths", type=Path, required=True, metavar="FILE", help="lengths of histories, one a line")
    parser.add_argument("--adam", choices=("sparse", "dense"), default="sparse")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=4)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    draw = torch.Generator().manual_seed(1)
    values = list(map(int, options.lengths.read_text(encoding="utf-8").split()))
    batches = [make_batch(values[i:i + options.batch], draw) for i in range(0, len(values), options.batch)]
    model = Model(options.preset == "paper", options.adam == "sparse")
    tables = [table.weight for table in (model.user, model.item, model.category)]
    rest = [p for p in model.parameters() if all(p is not table for table in tables)]
    optimisers = [torch.optim.Adam(rest, lr=1e-3),
                  (torch.optim.SparseAdam if options.adam == "sparse" else torch.optim.Adam)(tables, lr=1e-3)]

    def step(batch):
        for optimiser in optimisers:
            optimiser.zero_grad()
        model(batch).backward()
        for optimiser in optimisers:
            optimiser.step()

    for batch in batches[:4]:
        step(batch)
    # Whole rounds of all batches, whose lengths differ where they are buckets.
    trained, begin = 0, time.perf_counter()
    while trained == 0 or time.perf_counter() - begin < options.seconds:
        for batch in batches:
            step(batch)
            trained += batch["label"].numel()
    rate = trained / (time.perf_counter() - begin)
    print(json.dumps({"engine": f"pytorch {torch.__version__}", "preset": options.preset, "adam": options.adam,
                      "threads": options.threads, "samples_per_second": round(rate), "samples": trained}))


if __name__ == "__main__":
    main()
