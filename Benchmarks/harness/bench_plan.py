"""Scoring of whole requests over T, N, size, preset and precision, beside the bound that this machine's peaks give."""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import figures, random_model, rounds, workers  # noqa: E402
from harness.tables import Report, add_output_options, commit, finish, machine  # noqa: E402
from harness.work import Shape  # noqa: E402

EPILOG = """The bound is the operations of the user-once form at the measured FMA peak plus its transcendentals at the
measured rate of sigmoids, one after the other, divided by the cores. Requests are of different users, in turn; shapes are
measured in rounds, and the medians stand."""
STEPS, CANDIDATES = (10, 30, 100, 300, 1000), (1, 10, 100, 500, 2000)
SHORT_STEPS, SHORT_CANDIDATES = (10, 100, 1000), (1, 10, 100, 2000)
STATES = ((100, 1), (100, 100), (1000, 1), (1000, 100))
PAPER_RATIO = 2.0
LINEAR, ONE_STEP, AT_LEAST_USERS, LONGEST_WORK = 0.10, 0.02, 4, 4e9


def cores_of(count):
    """The last `count` cores, as taskset takes them."""
    return ",".join(map(str, sorted(os.sched_getaffinity(0))[-count:]))


def grid(options):
    """The shapes that are measured: all T x N, less what takes too long in a short run."""
    steps = options.history or (SHORT_STEPS if options.short else STEPS)
    candidates = options.candidates or (SHORT_CANDIDATES if options.short else CANDIDATES)
    for size in options.size or (36, 108):
        for preset in options.preset or ("reference", "paper"):
            yield size, preset, [Shape(size, preset, t, n) for t in steps for n in candidates]


def measure(worker, shape, folder, seconds):
    # Several users, so that no state of one is there already; one where a request is long enough by itself.
    users = AT_LEAST_USERS if shape.operations()[0] < LONGEST_WORK else 1
    path = folder / "requests.jsonl"
    requests = random_model.requests(shape.steps, shape.candidates, users)
    path.write_text("\n".join(map(json.dumps, requests)) + "\n", encoding="utf-8")
    worker.prepare(path)
    return worker.measure(seconds)


def run(options, report):
    everything = []
    for size, preset, shapes in grid(options):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            model = random_model.write(folder / "model", size, preset)
            for precision in options.precision or ["fp32"]:
                for count in options.cores or [1]:
                    peaks = workers.peaks([count])[count]
                    if precision == "bf16" and "bf16_gflops" not in peaks:
                        continue
                    worker = workers.ours(model, cores_of(count), options.kernels or "automatic", precision)
                    measures = {s: partial(measure, worker, s, folder, options.seconds) for s in shapes}
                    times = rounds.medians(measures, options.rounds)
                    worker.close()
                    everything.append((size, preset, precision, count, peaks, times, worker.engine))
                    tell(report, *everything[-1])
            if preset == "reference":
                tell_states(report, size, model, options.seconds)
    judge_presets(report, everything)
    judge_precisions(report, everything)
    return everything


def judge_presets(report, everything):
    """Preset paper against reference at the shape that both presets' figures are stated for."""
    times = {(s, precision, count): ms for _, _, precision, count, _, shapes, _ in everything for s, ms in shapes.items()}
    for (shape, precision, count), milliseconds in times.items():
        if (shape.size, shape.steps, shape.candidates, shape.preset) == (36, 100, 100, "paper"):
            other = times.get((replace(shape, preset="reference"), precision, count))
            if other:
                report.judge(other / milliseconds >= PAPER_RATIO, f"size 36, T 100 N 100, {precision}, {count} core"
                             f"{'s' * (count > 1)}: paper {other / milliseconds:.2f} x as fast as reference, {PAPER_RATIO} wanted")


def judge_precisions(report, everything):
    """bf16 against fp32, where both were measured: at the shapes of a large request with the larger size."""
    times = {(s, precision, count): ms for _, _, precision, count, _, shapes, _ in everything for s, ms in shapes.items()}
    for (shape, precision, count), milliseconds in times.items():
        large = shape.size == 108 and shape.preset == "reference" and (shape.steps, shape.candidates) in figures.LARGE
        if precision == "bf16" and large and (shape, "fp32", count) in times:
            ratio = times[shape, "fp32", count] / milliseconds
            report.judge(ratio >= figures.BF16_OF_FP32, f"size 108, T {shape.steps} N {shape.candidates}, {count} "
                         f"core{'s' * (count > 1)}: bf16 {ratio:.2f} x as fast as fp32, {figures.BF16_OF_FP32} wanted")


def tell(report, size, preset, precision, count, peaks, times, engine):
    report.title(f"{engine}, {preset}, size {size}, {precision}, {count} core{'s' * (count > 1)}")
    rows, bounds = [], {shape: shape.bound_ms(peaks, precision) for shape in times}
    for shape, milliseconds in times.items():
        (flop, _), bound = shape.operations(), bounds[shape]
        rows.append([shape.steps, shape.candidates, milliseconds, flop / milliseconds / 1e6, bound,
                     f"{100 * bound / milliseconds:.0f} %"])
    report.table(f"{preset} {size} {precision} {count}", ["T", "N", "ms", "GFLOP/s", "bound ms", "of bound"], rows)
    judge_linear(report, f"{preset}, size {size}, {precision}, {count} core{'s' * (count > 1)}", times, bounds)


def tell_states(report, size, model, seconds):
    """What a kept state of the user saves."""
    found = [workers.kept_states(model, cores_of(1), *shape, seconds) for shape in STATES]
    report.title(f"reference, size {size}, fp32, 1 core, by what became of the user's state, ms")
    rows = []
    for f in found:
        step, whole = f["step_ms"], f["computed_ms"] - f["hit_ms"]
        rows.append([f["history"], f["candidates"], f["computed_ms"], f["hit_ms"], f["extended_ms"],
                     f"{step / whole:.1%}" if f["candidates"] == 1 else ""])
        if f["history"] == 1000 and f["candidates"] == 1:
            report.judge(step <= ONE_STEP * whole, f"size {size}, T 1000: one new behaviour costs {step / whole:.1%} of the "
                         f"user's part, at most {ONE_STEP:.0%} wanted")
    report.table(f"states {size}", ["T", "N", "computed", "found", "one behaviour new", "of the user's part"], rows)


def judge_linear(report, where, times, bounds):
    """Time by the work that the bound counts, along N and along T, against the middle of those measured."""
    for letter, along, fixed in (("N", "candidates", "steps"), ("T", "steps", "candidates")):
        shapes = [s for s in times if getattr(s, fixed) == 100 and s.candidates >= 10]
        if len(shapes) < 3:
            continue
        costs = {getattr(s, along): times[s] / bounds[s] for s in shapes}
        middle = sorted(costs.values())[len(costs) // 2]
        worst = max(costs, key=lambda x: abs(costs[x] / middle - 1))
        report.judge(abs(costs[worst] / middle - 1) <= LINEAR,
                     f"{where}: linear in {letter}: {costs[worst] / middle - 1:+.0%} time for its work at {letter} {worst}, "
                     f"10 % allowed")


def main():
    parser = argparse.ArgumentParser(prog="bench-plan", description=__doc__, epilog=EPILOG)
    parser.add_argument("--size", type=int, action="append", help="D and H (default: 36 and 108)")
    parser.add_argument("--preset", action="append", choices=["reference", "paper"], help="default: both")
    parser.add_argument("--precision", action="append", choices=["fp32", "bf16"], help="default: fp32")
    parser.add_argument("--cores", type=int, action="append", help="default: 1; may be given several times")
    parser.add_argument("--history", type=int, action="append", metavar="T", help=f"default: {STEPS}")
    parser.add_argument("--candidates", type=int, action="append", metavar="N", help=f"default: {CANDIDATES}")
    parser.add_argument("--short", action="store_true", help="fewer shapes")
    parser.add_argument("--kernels", help="an instruction set instead of the fastest")
    parser.add_argument("--seconds", type=float, default=0.1, help="time of one measurement (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each shape (default: %(default)s)")
    add_output_options(parser)
    options = parser.parse_args()
    report = Report(options.markdown, quiet=options.json)
    report.title(f"Scoring at {commit(random_model.ROOT)}; {machine()}")
    everything = run(options, report)
    return finish(report, options, runs=[
        {"size": size, "preset": preset, "precision": precision, "cores": count, "peaks": peaks, "engine": engine,
         "shapes": [{"T": s.steps, "N": s.candidates, "ms": ms, "bound_ms": s.bound_ms(peaks, precision)}
                    for s, ms in times.items()]}
        for size, preset, precision, count, peaks, times, engine in everything])


if __name__ == "__main__":
    sys.exit(main())
