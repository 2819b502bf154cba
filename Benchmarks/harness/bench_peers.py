"""This server's engine beside ONNX Runtime, OpenVINO, oneDNN, PyTorch and TensorFlow: same weights, same requests, same run."""

import argparse
import json
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import engines, figures, random_model, rounds, workers  # noqa: E402
from harness.bench_plan import cores_of  # noqa: E402
from harness.tables import Report, add_output_options, commit, finish, machine  # noqa: E402
from harness.work import Shape  # noqa: E402
from peers import onednn_weights  # noqa: E402

EPILOG = """Every engine runs in a process of its own, pinned to the same cores, one at a time; rounds are interleaved, each
engine's figure is the median of its rounds' medians after a warm-up. Probabilities must agree within 1e-5 (2e-2 in bf16)
before time counts. "shared" computes the user's part once, "tiled" repeats the history for each candidate. The best of a
peer's tunings stands for it, shape by shape."""
AGREEMENT = {"fp32": 1e-5, "bf16": 2e-2}
USERS = 4
DEFAULT_SHAPES = [(100, 1), (100, 10), (100, 100), (100, 500), (300, 100), (300, 500)]


def agree(name, found, expected, tolerance):
    difference = max(abs(a - b) for x, y in zip(found, expected) for a, b in zip(x, y))
    if len(found) != len(expected) or not difference <= tolerance:
        raise workers.WorkerFailure(f"{name} differs from dien by {difference:.2g}")
    return difference


def measure_shape(shape, running, folder, options, precision):
    """Median milliseconds by (engine, form), after all agree; what was left out, with the reason."""
    requests = random_model.requests(shape.steps, shape.candidates, USERS)
    path = folder / "requests.jsonl"
    path.write_text("\n".join(map(json.dumps, requests)) + "\n", encoding="utf-8")
    onednn_weights.write_requests(requests, Path(f"{path}.rows"))
    expected, measures, left_out = running["dien", "shared"].prepare(path), {}, {}
    for key, worker in running.items():
        if key[1] == "tiled" and shape.steps * shape.candidates > options.tiled_limit:
            continue
        try:
            if key[0] == "dien bf16":
                agree(key[0], worker.prepare(path), expected, AGREEMENT["bf16"])
            elif key[0] != "dien":
                agree(key[0], worker.prepare(path), expected, AGREEMENT[precision])
            measures[key] = partial(measure_pausing, worker, options.seconds)
        except workers.WorkerFailure as failure:
            left_out[key] = str(failure)
    return rounds.medians(measures, options.rounds), left_out


def measure_pausing(worker, seconds):
    # Threads of the one before may still look for work.
    time.sleep(0.02)
    return worker.measure(seconds)


def compare(size, count, precision, options, report):
    """One table: a model on a number of cores."""
    cores = cores_of(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = random_model.write(folder / "model", size, options.preset)
        running = {("dien", "shared"): workers.ours(model, cores)}
        if precision == "bf16":
            running["dien bf16", "shared"] = workers.ours(model, cores, precision="bf16")
        else:
            running["dien, state kept", "shared"] = workers.ours(model, cores, states=True)
        started, missing = engines.start(options.peer or engines.default_peers(), model, options.form or ("shared", "tiled"), cores,
                                         folder, precision)
        running |= started
        peaks = workers.peaks([count])[count]
        result = {}
        for t, n in options.shapes:
            shape = Shape(size, options.preset, t, n)
            result[shape], left_out = measure_shape(shape, running, folder, options, precision)
            missing |= {f"{key[0]}, {key[1]}, T {t} N {n}": why for key, why in left_out.items()}
        for worker in running.values():
            worker.close()
    tell(report, size, count, precision, options.preset, peaks, result, missing)
    return {"size": size, "cores": count, "precision": precision, "preset": options.preset, "peaks": peaks,
            "missing": missing, "shapes": [
                {"T": s.steps, "N": s.candidates, "bound_ms": s.bound_ms(peaks, precision),
                 "ms": {" ".join(key): ms for key, ms in times.items()}} for s, times in result.items()]}


def tell(report, size, count, precision, preset, peaks, result, missing):
    own = ("dien bf16" if precision == "bf16" else "dien", "shared")
    for form in ("shared", "tiled"):
        names = list(dict.fromkeys(key[0] for times in result.values() for key in times
                                   if key[1] == form and not key[0].startswith("dien")))
        if not names:
            continue
        report.title(f"{preset}, size {size}, {precision}, {count} core{'s' * (count > 1)}, peers {form}, ms")
        rows = []
        for shape, times in result.items():
            theirs = {name: times[name, form] for name in names if (name, form) in times}
            if not theirs:
                continue
            mine, bound, best = times[own], shape.bound_ms(peaks, precision), min(theirs, key=theirs.get)
            beside = times["dien" if precision == "bf16" else "dien, state kept", "shared"]
            extra = [beside] if form == "shared" else []
            rows.append([shape.steps, shape.candidates, bound, mine, f"{100 * bound / mine:.0f} %", *extra,
                         *(theirs.get(name, "") for name in names), f"{theirs[best] / mine:.2f} x ({best.split()[0]})"])
            figures.judge(report, shape, count, precision, form, mine, bound, theirs[best], beside)
        ours = ["dien", "of bound", *([["state kept", "dien fp32"][precision == "bf16"]] if form == "shared" else [])]
        report.table(f"{preset} {size} {precision} {count} {form}",
                     ["T", "N", "bound", *ours, *names, "best peer / dien"], rows)
    for name, why in missing.items():
        report.write(f"without {name}: {why}")


def parse_shape(text):
    t, _, n = text.partition("x")
    return int(t), int(n)


def main():
    parser = argparse.ArgumentParser(prog="bench-peers", description=__doc__, epilog=EPILOG)
    parser.add_argument("--size", type=int, action="append", help="D and H (default: 36 and 108)")
    parser.add_argument("--cores", type=int, action="append", help="default: 1; may be given several times")
    parser.add_argument("--preset", choices=["reference", "paper"], default="reference", help="default: %(default)s")
    parser.add_argument("--precision", action="append", choices=["fp32", "bf16"], help="default: fp32")
    parser.add_argument("--form", action="append", choices=["shared", "tiled"], help="default: both")
    parser.add_argument("--peer", action="append", choices=engines.PEERS,
                        help="default: all; tensorflow, which XLA compiles a second and more for each shape, once it was given")
    parser.add_argument("--shape", dest="shapes", type=parse_shape, action="append", metavar="TxN",
                        help="default: " + " ".join(f"{t}x{n}" for t, n in DEFAULT_SHAPES))
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=0.08, help="of one engine in a round (default: %(default)s)")
    parser.add_argument("--tiled-limit", type=int, default=10_000, metavar="PAIRS",
                        help="most T x N of tiled forms (default: %(default)s)")
    add_output_options(parser)
    options = parser.parse_args()
    options.shapes = options.shapes or DEFAULT_SHAPES
    report = Report(options.markdown, quiet=options.json)
    report.title(f"Peers at {commit(random_model.ROOT)}; {machine()}")
    runs = [compare(size, count, precision, options, report) for size in options.size or [36, 108]
            for precision in options.precision or ["fp32"] for count in options.cores or [1]]
    return finish(report, options, runs=runs)


if __name__ == "__main__":
    sys.exit(main())
