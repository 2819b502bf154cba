"""The nine architectures as one module; equations and tensor names as in docs/MODEL_FORMAT.md.

Histories are padded at the end to the batch's longest; what is past a history takes part in nothing.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, linear, softplus

from .architectures import PRELU


class Batch:
    """Rows of tables: profile, target [features][B]; history, negatives [features][B, T]; lengths, labels [B]."""

    def __init__(self, profile, targets, history, negatives, lengths, labels):
        self.profile, self.targets, self.history, self.negatives = profile, targets, history, negatives
        self.lengths, self.labels = lengths, labels
        steps = history[0].shape[1]
        self.mask = torch.arange(steps)[None] < lengths[:, None]


class Twin(nn.Module):
    """`configuration` is a model's config.json; `tensors` its parameters by name, moments of Dice included."""

    def __init__(self, configuration, tensors):
        super().__init__()
        self.configuration = configuration
        self.architecture, self.preset = configuration["architecture"], configuration["preset"]
        self.names = sorted(name for name in tensors if ".moving_" not in name)
        self.weights = nn.ParameterList([nn.Parameter(tensors[name].clone()) for name in self.names])
        self.places = {name: place for place, name in enumerate(self.names)}
        self.moments = {name: value.clone() for name, value in tensors.items() if ".moving_" in name}
        self.batch_moments = {}

    def __getitem__(self, name) -> Tensor:
        return self.weights[self.places[name]]

    # ------------------------------------------------------------ parts

    def embed(self, role, rows):
        features = self.configuration["features"][role]
        return torch.cat([self[f"embedding.{f['table']}"][r] for f, r in zip(features, rows)], -1)

    def dense(self, name, x):
        return linear(x, self[f"{name}.weight"], self[f"{name}.bias"])

    def norm(self, name, x):
        return self[f"{name}.gamma"] * x / (1 + 1e-3) ** 0.5 + self[f"{name}.beta"]

    def gru(self, name, x, mask, attention=None):
        """x [B, T, D] → the states [B, T, H], 0 past a history, and the last one of each."""
        size = self[f"{name}.weight_hidden"].shape[1]
        projected = linear(x, self[f"{name}.weight_input"], self[f"{name}.bias"])
        of_gates, of_candidate = self[f"{name}.weight_hidden"].split([2 * size, size])
        h = x.new_zeros(x.shape[0], size)
        states = []
        for t in range(x.shape[1]):
            gates, candidate = projected[:, t].split([2 * size, size], 1)
            r, z = torch.sigmoid(gates + linear(h, of_gates)).chunk(2, 1)
            if self.preset == "paper":
                recurrent = r * linear(h, of_candidate, self[f"{name}.bias_hidden_candidate"])
            else:
                recurrent = linear(r * h, of_candidate)
            c = torch.tanh(candidate + recurrent)
            k = self.keep(z, None if attention is None else attention[:, t:t + 1])
            valid = mask[:, t:t + 1]
            h = torch.where(valid, k * h + (1 - k) * c, h)
            states.append(h * valid)
        return (torch.stack(states, 1) if states else x.new_zeros(x.shape[0], 0, size)), h

    def keep(self, z, a):
        if a is None:
            return z
        if self.architecture == "agru":
            return (1 - a).expand_as(z)
        return 1 - a * (1 - z) if self.preset == "paper" else (1 - a) * z

    def attention(self, target, facts, mask):
        """→ weights [B, T], 0 past a history."""
        if "attention.weight" in self.places:
            scores = (facts * linear(target, self["attention.weight"])[:, None]).sum(-1)
        else:
            query = target
            if self.architecture != "din":
                projected = self.dense("attention.query", target)
                query = torch.where(projected > 0, projected, self["attention.query_prelu.alpha"] * projected)
            query = query[:, None].expand_as(facts)
            x = torch.cat([query, facts, query - facts, query * facts], -1)
            x = torch.sigmoid(self.dense("attention.0", x))
            x = torch.sigmoid(self.dense("attention.1", x))
            scores = self.dense("attention.2", x)[..., 0]
        scores = scores.masked_fill(~mask, -1e30)
        return torch.softmax(scores, 1) * mask if scores.shape[1] else scores

    def interest(self, target, behaviours, mask):
        """→ what stands for the history in the head's input, and the extractor's states."""
        if self.architecture in PRELU:
            return target[:, :0], None
        if self.architecture == "din":
            weights = self.attention(target, behaviours, mask)
            return (weights[..., None] * behaviours).sum(1), None
        states, _ = self.gru("extractor", behaviours, mask)
        if self.architecture == "gru_attention":
            second, _ = self.gru("evolution", states, mask)
            return (self.attention(target, second, mask)[..., None] * second).sum(1), states
        weights = self.attention(target, states, mask)
        if self.architecture == "aigru":
            return self.gru("evolution", weights[..., None] * states, mask)[1], states
        return self.gru("evolution", states, mask, weights)[1], states

    def activation(self, name, x):
        alpha = self[f"{name}.alpha"]
        if self.architecture in PRELU:
            return torch.where(x > 0, x, alpha * x)
        if self.training:
            mean, variance = x.mean(0), x.var(0, unbiased=False)
            self.batch_moments[name] = (mean.detach(), variance.detach())
        else:
            mean, variance = self.moments[f"{name}.moving_mean"], self.moments[f"{name}.moving_variance"]
        gate = torch.sigmoid((x - mean) / ((variance + 1e-9).sqrt() + 1e-9))
        return alpha * (1 - gate) * x + gate * x

    def head(self, x):
        x = self.norm("head.norm", x)
        layers = len(self.configuration["head_hidden"])
        for layer in range(layers):
            x = self.activation(f"head.activation{layer}", self.dense(f"head.{layer}", x))
        return self.dense(f"head.{layers}", x)

    def auxiliary_loss(self, states, behaviours, negatives, mask):
        """The mean over the pairs t → t + 1 there are; 0 without one."""
        valid = mask[:, 1:]
        if not bool(valid.any()):
            return states.sum() * 0
        now = states[:, :-1][valid]
        positive, negative = (self.discriminate(now, x[:, 1:][valid]) for x in (behaviours, negatives))
        return (softplus(-positive) + softplus(negative)).mean()

    def discriminate(self, states, behaviours):
        """The logit of a click."""
        if self.preset == "paper":
            return (states * behaviours).sum(-1)
        x = self.norm("auxiliary.norm", torch.cat([states, behaviours], -1))
        x = torch.sigmoid(self.dense("auxiliary.0", x))
        x = torch.sigmoid(self.dense("auxiliary.1", x))
        x = self.dense("auxiliary.2", x)
        return x[:, 0] - x[:, 1]

    # ------------------------------------------------------------ whole

    def logits(self, batch):
        """z0 - z1 of each sample, and the auxiliary loss (None where the architecture has none)."""
        target, behaviours = self.embed("candidates", batch.targets), self.embed("history", batch.history)
        total = (behaviours * batch.mask[..., None]).sum(1)
        vector, states = self.interest(target, behaviours, batch.mask)
        parts = [self.embed("profile", batch.profile), target, total]
        if self.architecture not in ("base", "wide_deep"):
            parts.append(target * total)
        logits = self.head(torch.cat([*parts, vector], 1))
        if self.architecture == "wide_deep":
            logits = logits + self.dense("wide", torch.cat([target, total, target * total], 1))
        auxiliary = None
        if self.architecture == "dien" and self.training:
            negatives = self.embed("history", batch.negatives)
            auxiliary = self.auxiliary_loss(states, behaviours, negatives, batch.mask)
        return logits[:, 0] - logits[:, 1], auxiliary

    def losses(self, batch):
        """The mean cross entropy, and the auxiliary loss (0 without one)."""
        logits, auxiliary = self.logits(batch)
        target = binary_cross_entropy_with_logits(logits, batch.labels.to(logits.dtype))
        return target, torch.zeros_like(target) if auxiliary is None else auxiliary

    @torch.no_grad()
    def follow_moments(self, batches):
        """After the step that makes it so many: the mean of the batches' moments, from the hundredth on a moving one."""
        for name, (mean, variance) in self.batch_moments.items():
            for part, value in (("mean", mean), ("variance", variance)):
                stored = self.moments[f"{name}.moving_{part}"]
                stored += (value - stored) / min(batches, 100)
