"""Small requests of different users in a queue: scored side by side, beside one by one and the bound of the machine's peaks."""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import random_model, workers  # noqa: E402
from harness.bench_plan import cores_of  # noqa: E402
from harness.tables import Report, commit, machine  # noqa: E402
from harness.work import Shape  # noqa: E402

EPILOG = """Users have from half to one and a half times T behaviours, and no state of one is kept. Both ways take turns, on one core.
What is left between one by one and the bound is all that company can gain: a request that is near the bound alone has no
second half to give."""
RATIO = 2.0


def measure(shape, model, options):
    rounds = [workers.batches(model, cores_of(1), shape.steps, shape.candidates, options.batch, options.seconds)
              for _ in range(options.rounds)]
    bound = shape.bound_ms(workers.peaks([1])[1])
    alone, together, ratio = (statistics.median(r[key] for r in rounds) for key in
                              ("requests_per_second_alone", "requests_per_second_together", "ratio"))
    return {"alone": alone, "together": together, "ratio": ratio, "bound_ms": bound}


def tell(report, found, options):
    report.title(f"T {options.history} on average, N {options.candidates}, fp32, 1 core, {options.batch} side by side")
    rows = []
    for (size, preset), f in found.items():
        most = 1e3 / f["alone"] / f["bound_ms"]
        rows.append([f"{preset} {size}", 1e3 / f["alone"], 1e3 / f["together"], f["bound_ms"], f"{f['ratio']:.2f} x", f"{most:.2f} x"])
        report.judge(f["ratio"] >= RATIO, f"{preset}, size {size}: side by side {f['ratio']:.2f} x the requests/s of one by one, "
                     f"{RATIO} wanted; at the bound it would be {most:.2f} x")
    report.table("batches", ["model", "one by one, ms", "side by side, ms", "bound, ms", "faster", "at the bound"], rows)


def main():
    parser = argparse.ArgumentParser(prog="bench-batches", description=__doc__, epilog=EPILOG)
    parser.add_argument("--size", type=int, action="append", help="D and H (default: 36 and 108)")
    parser.add_argument("--preset", action="append", choices=["reference", "paper"], help="default: both")
    parser.add_argument("--history", type=int, default=30, metavar="T", help="on average (default: %(default)s)")
    parser.add_argument("--candidates", type=int, default=5, metavar="N", help="default: %(default)s")
    parser.add_argument("--batch", type=int, default=16, help="requests side by side (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=0.5, help="of each way in a round (default: %(default)s)")
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument("--json", action="store_true", help="one JSON object instead")
    options = parser.parse_args()
    report = Report(options.markdown, quiet=options.json)
    report.title(f"Batches at {commit(random_model.ROOT)}; {machine()}")
    found = {}
    for size in options.size or (36, 108):
        for preset in options.preset or ("reference", "paper"):
            with tempfile.TemporaryDirectory() as name:
                model = random_model.write(Path(name) / "model", size, preset)
                found[size, preset] = measure(Shape(size, preset, options.history, options.candidates), model, options)
    tell(report, found, options)
    status = report.close()
    if options.json:
        print(json.dumps({"machine": machine(), "rows": report.rows, "verdicts": report.verdicts}))
    return status


if __name__ == "__main__":
    sys.exit(main())
