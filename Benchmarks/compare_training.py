"""Trains DIEN on made-up samples of the same lengths with dien and with PyTorch in turn, and compares samples a second."""

import argparse
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from harness import rounds

ROOT = Path(__file__).resolve().parent.parent
BATCH, WINDOW, MEMORY_SLACK = 128, 20, 1 << 30
# The wanted ratio to PyTorch, by how it makes its batches; of two threads to one; of a long item table to one of a tenth,
# where time in proportion to the rows would be 0.1, and misses of the caches leave less than 1.
PADDED, BUCKETS, THREADS, TABLE = 8.0, 4.0, 1.7, 0.5


def lengths(count):
    """Lengths of histories, lognormal with a mean of 28 after the cut at 100."""
    draw = random.Random(3)
    return [min(max(int(math.exp(2.98 + 0.95 * draw.gauss(0, 1))), 1), 100) for _ in range(count)]


def buckets(values):
    """As the authors' program: 20 batches at a time are sorted by length."""
    size = BATCH * WINDOW
    return [x for i in range(0, len(values), size) for x in sorted(values[i:i + size], reverse=True)]


def measured(command):
    out = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
    return json.loads(out.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", default=ROOT / ".venv/pytorch/bin/python", help="an interpreter that has torch")
    parser.add_argument("--seconds", type=float, default=4, help="time of one measurement (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each kind (default: %(default)s)")
    options = parser.parse_args()
    checks = []
    with tempfile.TemporaryDirectory() as folder:
        files = {"mixed": Path(folder) / "mixed", "buckets": Path(folder) / "buckets"}
        values = lengths(BATCH * WINDOW)
        files["mixed"].write_text("\n".join(map(str, values)))
        files["buckets"].write_text("\n".join(map(str, buckets(values))))
        print(f"lengths: mean {statistics.mean(values):.1f}, longest {max(values)}; batch {BATCH}")
        for preset in ("reference", "paper"):
            compare(preset, files, options, checks)
    for good, text in checks:
        print(f"{'ok  ' if good else 'MISS'} {text}")
    missed = [text for good, text in checks if not good]
    print(f"FAIL: {'; '.join(missed)}" if missed else f"pass: {len(checks)} figures")
    return bool(missed)


def compare(preset, files, options, checks):
    def ours(threads, batches, *extra):
        return measured([ROOT / "Benchmarks/.build/release/training-benchmark", "--preset", preset, "--threads", threads,
                         "--lengths", files[batches], "--seconds", options.seconds, *extra])

    def torch(batches, adam):
        return measured([options.python, ROOT / "Benchmarks/pytorch/train.py", "--preset", preset, "--adam", adam,
                         "--lengths", files[batches], "--seconds", options.seconds])

    def rate(measure, *arguments):
        return measure(*arguments)["samples_per_second"]

    kinds = {("dien", threads, batches): partial(rate, ours, threads, batches) for threads in (1, 2) for batches in files}
    kinds |= {("PyTorch", adam, batches): partial(rate, torch, batches, adam)
              for batches in files for adam in ("sparse", "dense")}
    rates = rounds.medians(kinds, options.rounds)
    for (engine, how, batches), value in rates.items():
        text = f"{how} Adam, 2 threads" if engine == "PyTorch" else f"{how} thread{'s' * (how > 1)}"
        print(f"{preset:10} {engine:8} {batches:8}{value:10.0f} samples/s, {text}", flush=True)
    for batches, wanted in (("mixed", PADDED), ("buckets", BUCKETS)):
        ratio = rates["dien", 2, batches] / max(rates["PyTorch", adam, batches] for adam in ("sparse", "dense"))
        checks.append((ratio >= wanted, f"{preset}, {batches}: {ratio:.1f} x PyTorch's best, {wanted} wanted"))
    scaling = sorted((ours(2, "mixed", "--scaling") for _ in range(options.rounds)), key=lambda s: s["ratio"])
    scaling = scaling[len(scaling) // 2]
    ratio = scaling["ratio"]
    checks.append((ratio >= THREADS, f"{preset}: two threads {ratio:.2f} x one in turns of four steps (quartiles "
                   f"{scaling['lower_quartile']:.2f} and {scaling['upper_quartile']:.2f}), {THREADS} wanted"))
    full, short = ours(2, "mixed"), ours(2, "mixed", "--items", 36_798)
    ratio = full["samples_per_second"] / short["samples_per_second"]
    checks.append((ratio >= TABLE, f"{preset}: with ten times the items {ratio:.2f} of the speed, {TABLE} wanted"))
    limit = 3 * full["parameter_bytes"] + MEMORY_SLACK
    checks.append((full["peak_bytes"] < limit, f"{preset}: peak memory {full['peak_bytes'] / 2**20:.0f} MiB of "
                   f"{limit / 2**20:.0f} MiB allowed"))


if __name__ == "__main__":
    sys.exit(main())
