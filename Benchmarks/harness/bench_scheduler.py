"""One large request at a time in dien-server: on one core, and cut by its scheduler over the idle ones."""

import argparse
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import random_model, workers  # noqa: E402
from harness.bench_end_to_end import check, push, start_ours  # noqa: E402
from harness.bench_plan import cores_of  # noqa: E402
from harness.closed_loop import Clients  # noqa: E402
from harness.figures import LARGE, OF_BOUND  # noqa: E402
from harness.tables import Report, add_output_options, commit, finish, machine  # noqa: E402
from harness.work import Shape  # noqa: E402

EPILOG = """The server has as many threads as the cores that it is started on, and keeps no state of a user (--user-states 0). One
stock client calls without pause; it sleeps while the server scores. Times are the server's own of the model's part, medians
over the calls, then over rounds in which the servers take turns."""
SHAPES = [(100, 100), (100, 500), (300, 500), (30, 2000)]


@contextmanager
def pinned(cores):
    """What is started here runs on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(core) for core in cores.split(",")})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def run(options, report):
    for size in options.size or (36, 108):
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            model = random_model.write(folder / "model", size, options.preset)
            os.environ["DIEN_BIN"] = str(random_model.ROOT / ".build" / "release")
            sys.path.insert(0, str(random_model.ROOT / "Tests" / "Wire"))
            registry = push(model, folder)
            servers = {}
            for count in options.cores or (1, 2):
                with pinned(cores_of(count)):
                    flags = ["--user-states", 0, "--max-candidates", 10_000, *(options.server_flag or [])]
                    servers[count] = start_ours(stack, registry, flags)
            times = {Shape(size, options.preset, *shape): measure(shape, servers, options)
                     for shape in options.shapes}
            tell(report, size, options.preset, times, workers.peaks(sorted(servers)))


def measure(shape, servers, options):
    """Median milliseconds by the number of cores."""
    from calls import role_request
    from stubs import ranking
    requests = random_model.requests(*shape, options.users)
    clients = Clients(1, [role_request(r, "random").SerializeToString() for r in requests])
    rounds, expected = {count: [] for count in servers}, {}
    for _ in range(options.rounds):
        for count, address in servers.items():
            _, _, replies = clients.run(1, address, options.seconds)
            answers = check(expected, f"{count} cores", replies, ranking)
            rounds[count].append(statistics.median(a.scoring_microseconds for a in answers) / 1e3)
    clients.close()
    return {count: statistics.median(values) for count, values in rounds.items()}


def tell(report, size, preset, times, peaks):
    report.title(f"{preset}, size {size}, fp32, through the scheduler, one request at a time, ms")
    counts, rows = sorted(peaks), []
    for shape, by_cores in times.items():
        row = [shape.steps, shape.candidates]
        for count in counts:
            bound = shape.bound_ms(peaks[count])
            row += [by_cores[count], f"{100 * bound / by_cores[count]:.0f} %"]
            wanted = OF_BOUND.get((size, count))
            if preset == "reference" and count > 1 and wanted and (shape.steps, shape.candidates) in LARGE:
                report.judge(bound / by_cores[count] >= wanted, f"size {size}, T {shape.steps} N {shape.candidates}, {count} cores "
                             f"through the scheduler: {bound / by_cores[count]:.0%} of the bound, {wanted:.0%} wanted")
        if len(counts) > 1:
            row.append(f"{by_cores[counts[0]] / by_cores[counts[-1]]:.2f} x")
        rows.append(row)
    columns = [part for count in counts for part in (f"{count} core{'s' * (count > 1)}", "of bound")]
    report.table(f"scheduler {preset} {size}", ["T", "N", *columns, *(["faster"] if len(counts) > 1 else [])], rows)


def parse_shape(text):
    t, _, n = text.partition("x")
    return int(t), int(n)


def main():
    parser = argparse.ArgumentParser(prog="bench-scheduler", description=__doc__, epilog=EPILOG)
    parser.add_argument("--size", type=int, action="append", help="D and H (default: 36 and 108)")
    parser.add_argument("--preset", choices=["reference", "paper"], default="reference", help="default: %(default)s")
    parser.add_argument("--cores", type=int, action="append", help="of a server; may be given several times (default: 1 and 2)")
    parser.add_argument("--shape", dest="shapes", type=parse_shape, action="append", metavar="TxN",
                        help="default: " + " ".join(f"{t}x{n}" for t, n in SHAPES))
    parser.add_argument("--users", type=int, default=16, help="different requests, in turn (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=0.5, help="of one server in a round (default: %(default)s)")
    parser.add_argument("--server-flag", action="append", help="a flag for dien-server, such as --server-flag=--kernels")
    add_output_options(parser)
    options = parser.parse_args()
    options.shapes = options.shapes or SHAPES
    report = Report(options.markdown, quiet=options.json)
    report.title(f"Scheduler at {commit(random_model.ROOT)}; {machine()}")
    run(options, report)
    return finish(report, options, rows=report.rows)


if __name__ == "__main__":
    sys.exit(main())
