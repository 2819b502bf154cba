"""The random numbers of `dien-train train`, bit for bit: with a seed the twin starts from the same parameters, and sees
the same batches and negatives.

Numbers are of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). What the Swift programs draw with it:
Sources/Training/Initialisation/UniformStream.swift, Sources/Training/Trainer/{SeededGenerator,BatchPlan,NegativeSampler}.swift.
"""

import numpy as np

STEP = 0x9E37_79B9_7F4A_7C15
ALL = (1 << 64) - 1
ORDER, NEGATIVES = 1, 2
ATTEMPTS = 100


def mix(value):
    """64 bits to 64 bits; an int, or an array of uint64."""
    value = ((value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9) & ALL
    value = ((value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB) & ALL
    return value ^ (value >> 31)


def uniform(seed, name, count):
    """Numbers 0 to count - 1 of a parameter's stream, float32 in -1 ..< 1."""
    hashed = 0xCBF2_9CE4_8422_2325
    for byte in name.encode():
        hashed = ((hashed ^ byte) * 0x100_0000_01B3) & ALL
    start = mix((seed + STEP) & ALL) ^ hashed
    bits = mix(np.uint64(start) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(STEP))
    return (bits >> np.uint64(40)).astype(np.float32) * np.float32(2 ** -23) - np.float32(1)


class Generator:
    """The numbers of one purpose at one place of the training, such as epoch and batch."""

    def __init__(self, seed, purpose, *place):
        self.state = seed
        for part in (purpose, *place):
            self.state = self.next() ^ part

    def next(self):
        self.state = (self.state + STEP) & ALL
        return mix(self.state)

    def below(self, bound):
        """Uniform in 0 ..< bound, as Swift's `Int.random(in:using:)` (Lemire, ACM TOMACS 2019)."""
        product = self.next() * bound
        if product & ALL < bound:
            threshold = (1 << 64) % bound
            while product & ALL < threshold:
                product = self.next() * bound
        return product >> 64

    def shuffle(self, values):
        """As Swift's `shuffle(using:)`: each place from the first on takes one of those that are left."""
        for place in range(len(values) - 1):
            other = place + self.below(len(values) - place)
            values[place], values[other] = values[other], values[place]


def plan(lengths, batch_size, window, seed, epoch):
    """Shuffled; windows of batches sorted by length; batches shuffled. Sizes differ by one at most."""
    generator = Generator(seed, ORDER, epoch)
    order = list(range(len(lengths)))
    generator.shuffle(order)
    order = np.array(order, dtype=np.int64)
    count = -(-len(order) // batch_size)
    starts = [batch * len(order) // count for batch in range(count + 1)]
    batches = []
    for first in range(0, count, window):
        last = min(first + window, count)
        part = order[starts[first]:starts[last]]
        part = part[np.argsort(-lengths[part], kind="stable")]
        batches += [part[starts[b] - starts[first]:starts[b + 1] - starts[first]] for b in range(first, last)]
    generator.shuffle(batches)
    return batches


def negatives(events, items, mask, seed, epoch, batch):
    """A training event for each valid step [B, T], step after step, uniformly; drawn again where it is the step's item."""
    generator = Generator(seed, NEGATIVES, epoch, batch)
    drawn = np.zeros(items.shape, dtype=np.int64)
    for step, sample in zip(*np.nonzero(mask.T)):
        for _ in range(ATTEMPTS):
            event = generator.below(len(events))
            if events[event] != items[sample, step]:
                break
        drawn[sample, step] = event
    return drawn
