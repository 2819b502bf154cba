"""Each kernel of the forward pass alone, for every instruction set, beside this machine's peak in the same run."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import workers  # noqa: E402
from harness.tables import Report, add_output_options, machine  # noqa: E402
from harness.work import fp32_peak  # noqa: E402

EPILOG = """A kernel's bound is its operations at the fp32 peak of its own instruction set plus its sigmoids, tanh and exp at
the machine's rate of sigmoids. Scalar kernels are held against scalar multiply-adds, all else of them against AVX-512's."""


def measure(size, options, core):
    command = ["taskset", "-c", core, workers.RELEASE / "kernel-benchmark", "--size", size, "--history", options.history,
               "--candidates", options.candidates, "--seconds", options.seconds]
    command += ["--kernels", options.kernels] if options.kernels else []
    out = subprocess.run([str(x) for x in command], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def judged(row, peaks):
    """GFLOP/s, giga transcendentals a second, bound in ms."""
    milliseconds, name = row["milliseconds"], row["kernels"]
    name = "bf16" if name.endswith("bf16") else name
    bound = row["flop"] / peaks.get(f"{name}_gflops", fp32_peak(peaks)) / 1e6
    bound += row["transcendentals"] / peaks["sigmoid_giga"] / 1e6
    return row["flop"] / milliseconds / 1e6, row["transcendentals"] / milliseconds / 1e6, bound


def main():
    parser = argparse.ArgumentParser(prog="bench-kernels", description=__doc__, epilog=EPILOG)
    parser.add_argument("--size", type=int, action="append", help="D and H; may be given twice (default: 36 and 108)")
    parser.add_argument("--history", type=int, default=100, metavar="T", help="default: %(default)s")
    parser.add_argument("--candidates", type=int, default=100, metavar="N", help="default: %(default)s")
    parser.add_argument("--kernels", help="one instruction set alone")
    parser.add_argument("--seconds", type=float, default=0.06, help="time of one measurement (default: %(default)s)")
    add_output_options(parser)
    options = parser.parse_args()
    core = str(max(os.sched_getaffinity(0)))
    report, everything = Report(options.markdown, quiet=options.json), []
    for size in options.size or [36, 108]:
        peaks = workers.peaks()[1]
        rows = measure(size, options, core)
        everything += [{"peaks": peaks, **row} for row in rows]
        for name in dict.fromkeys(row["kernels"] for row in rows):
            report.title(f"{name}, size {size}, one core; peak {peaks.get(name + '_gflops', fp32_peak(peaks)):.0f} GFLOP/s, "
                         f"{peaks['sigmoid_giga']:.2f} G sigmoids/s; {machine()}")
            table = []
            for row in rows:
                if row["kernels"] == name:
                    gflops, transcendentals, bound = judged(row, peaks)
                    milliseconds = row["milliseconds"]
                    table.append([row["kernel"], row["shape"], milliseconds * 1e3, gflops or "", transcendentals or "",
                                  f"{100 * bound / milliseconds:.0f} %"])
            report.table(f"{name} {size}", ["kernel", "shape", "us", "GFLOP/s", "G exp/s", "of bound"], table)
    if options.json:
        print(json.dumps({"machine": machine(), "kernels": everything}))


if __name__ == "__main__":
    main()
