"""torch's own Adam with the constants of the Swift one."""

import torch


def make_optimiser(twin, learning_rate, weight_decay=0.0):
    """Adam on dense gradients; with weight decay AdamW, which spares the vectors."""
    if weight_decay == 0:
        return torch.optim.Adam(twin.weights, lr=learning_rate)
    matrices = [weight for weight in twin.weights if weight.dim() > 1]
    vectors = [weight for weight in twin.weights if weight.dim() == 1]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=learning_rate)
