"""PyTorch twin of the nine architectures: what the Swift training is compared with."""
