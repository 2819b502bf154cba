"""What this machine can do at most: measured, one core and all."""

import argparse
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import workers  # noqa: E402
from harness.tables import Report, add_output_options, machine  # noqa: E402

NAMES = {
    "scalar_gflops": "multiply-adds, one float at a time, GFLOP/s", "avx2_gflops": "AVX2 FMA, GFLOP/s",
    "avx512_gflops": "AVX-512 FMA, GFLOP/s", "neon_gflops": "NEON FMA, GFLOP/s",
    "bf16_gflops": "bf16 dot products, fp32 sums, GFLOP/s", "sigmoid_giga": "sigmoids, G/s",
    "read_gbytes": "memory read, GB/s", "triad_gbytes": "memory triad, GB/s"}


def main():
    parser = argparse.ArgumentParser(prog="bench-peaks", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.3, help="time of one measurement (default: %(default)s)")
    add_output_options(parser)
    options = parser.parse_args()
    threads = sorted({1, len(os.sched_getaffinity(0))})
    measured = workers.peaks(threads, options.seconds, memory=True)
    if options.json:
        print(json.dumps({"machine": machine(), "peaks": measured}))
        return
    report = Report(options.markdown)
    report.title(f"Peaks of {machine()}")
    rows = [[name, *(measured[n][key] for n in threads)] for key, name in NAMES.items() if key in measured[1]]
    report.table("peaks", ["", *(f"{n} thread{'s' * (n > 1)}" for n in threads)], rows)


if __name__ == "__main__":
    main()
