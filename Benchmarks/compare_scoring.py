"""Runs the scoring benchmark and PyTorch's in turn, three rounds each, and compares the medians."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Wire"))
from registry_folder import RegistryFolder  # noqa: E402

ROUNDS, LIMIT = 3, 3.0
SHAPES = [(100, 100), (50, 20), (100, 1)]


def median_ms(command):
    core = str(max(os.sched_getaffinity(0)))
    return json.loads(subprocess.run(["taskset", "-c", core, *map(str, command)], check=True, capture_output=True,
                                     text=True).stdout)["best_median_ms"]


def main():
    registry = RegistryFolder(ROOT / "registry")
    ours = ROOT / "Benchmarks/.build/release/scoring-benchmark"
    torch = [ROOT / ".venv/pytorch/bin/python", ROOT / "Benchmarks/pytorch/rank.py", "--json"]
    worst = 0
    print(f"{'preset':10}{'T':>5}{'N':>5}{'ours ms':>10}{'PyTorch ms':>12}{'ours/PyTorch':>14}")
    with tempfile.TemporaryDirectory() as folder:
        for version, preset in ((1, "paper"), (2, "reference")):
            model = registry.checkout("sports", version, Path(folder) / preset)
            for history, candidates in SHAPES:
                shape = ["--model", model, "--history", history, "--candidates", candidates, "--seconds", 1]
                pairs = [(median_ms([ours, *shape]), median_ms([*torch, *shape])) for _ in range(ROUNDS)]
                mine, theirs = (statistics.median(column) for column in zip(*pairs))
                ratio = statistics.median(a / b for a, b in pairs)
                worst = max(worst, ratio)
                print(f"{preset:10}{history:5}{candidates:5}{mine:10.3f}{theirs:12.3f}{ratio:14.2f}", flush=True)
    print(f"{'pass' if worst <= LIMIT else 'FAIL'}: at most {worst:.2f} of PyTorch's best time, {LIMIT} allowed")
    return worst > LIMIT


if __name__ == "__main__":
    sys.exit(main())
