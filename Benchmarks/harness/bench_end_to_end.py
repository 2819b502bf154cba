"""This server beside a grpcio server with ONNX Runtime, over loopback: same model, same stock grpcio clients, in turn."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from harness import random_model  # noqa: E402
from harness.closed_loop import Clients  # noqa: E402
from harness.engines import PYTHON  # noqa: E402
from harness.tables import Report, add_output_options, commit, finish, machine  # noqa: E402
from harness.workers import FOLDER  # noqa: E402

EPILOG = """Clients, in processes of their own, and servers share all cores. The servers are measured in turn within each round;
figures are medians over the rounds. Of ONNX Runtime with one and with several threads the better one stands, for each
number of clients. "compute" is the model's part of a request as the server measures it, "inside" what the server adds to
it from the arrival of the call to its scores. "nothing" is a server that answers with bytes that it has, after being busy for
the compute time measured just before: what is beyond that time is the client's own. This server keeps no state of a user here
(--user-states 0). It runs in fp32, as ONNX Runtime does, and beside that with --precision bf16; figures are of fp32."""
RATE_RATIO, CLIENT_SLACK_MS, OVERHEAD_US = 2.2, 0.25, 60
OURS, BF16, NOTHING = "dien", "dien bf16", "nothing"


def start_ours(stack, registry, flags):
    from processes import serving
    return stack.enter_context(serving(registry, *flags)).address


def push(model, folder):
    from registry_tool import succeed
    registry = folder / "registry"
    succeed(registry, "init")
    version = succeed(registry, "push", "random", str(model))["version"]
    succeed(registry, "promote", "random", str(version))
    return registry


@contextmanager
def grpcio_server(model, options, threads):
    command = [PYTHON, FOLDER / "peers" / "grpc_onnxruntime_server.py", "--model", model, "--history", options.history,
               "--candidates", options.candidates, "--threads", threads]
    process = subprocess.Popen([str(x) for x in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    if not line:
        raise SystemExit("bench-end-to-end: the grpcio server did not start")
    try:
        yield line.split()[-1]
    finally:
        process.stdin.close()
        process.wait(timeout=10)


@contextmanager
def canned_server(folder, reply, milliseconds):
    (folder / "reply").write_bytes(reply)
    command = [FOLDER / ".venv" / "canned_server", folder / "reply", round(1e3 * milliseconds)]
    process = subprocess.Popen([str(x) for x in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.stdin.close()
        process.wait(timeout=10)


def percentile(ascending, percent):
    return ascending[min(len(ascending) - 1, len(ascending) * percent // 100)]


class Samples:
    """Rounds of one server with one number of clients."""

    def __init__(self):
        self.rates, self.p50, self.p99, self.compute, self.inside = [], [], [], [], []

    def add(self, latencies, rate, answers):
        self.add_times(latencies, rate, statistics.median(a.scoring_microseconds for a in answers) / 1e3)
        self.inside.append(statistics.median(a.total_microseconds - a.scoring_microseconds for a in answers))

    def add_times(self, latencies, rate, compute):
        self.rates.append(rate)
        self.p50.append(percentile(latencies, 50))
        self.p99.append(percentile(latencies, 99))
        self.compute.append(compute)

    @property
    def slack(self):
        """What a call takes beyond the compute time, in milliseconds."""
        return statistics.median(a - b for a, b in zip(self.p50, self.compute))


def check(expected, name, replies, ranking):
    """Decoded replies, whose scores must agree with those first seen for the same payload."""
    answers = []
    for payload, reply in replies:
        answer = ranking.RankResponse.FromString(reply)
        reference = expected.setdefault(payload, answer.scores)
        difference = max(abs(a - b) for a, b in zip(reference, answer.scores, strict=True))
        if not difference <= (2e-2 if name == BF16 else 1e-5):
            raise SystemExit(f"bench-end-to-end: {name} differs by {difference:.2g}")
        answers.append(answer)
    return answers


def run(options, report):
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        model = random_model.write(folder / "model", options.size, "reference")
        os.environ["DIEN_BIN"] = str(random_model.ROOT / ".build" / "release")
        sys.path.insert(0, str(random_model.ROOT / "Tests" / "Wire"))
        registry, flags = push(model, folder), ["--user-states", 0, *(options.server_flag or [])]
        servers = {OURS: start_ours(stack, registry, flags),
                   BF16: start_ours(stack, registry, [*flags, "--precision", "bf16"])}
        for threads in sorted({1, len(os.sched_getaffinity(0))}):
            servers[f"grpcio + ORT {threads}"] = stack.enter_context(grpcio_server(model, options, threads))
        from calls import role_request
        from stubs import ranking
        requests = random_model.requests(options.history, options.candidates, 64)
        payloads = [role_request(r, "random").SerializeToString() for r in requests]
        clients = Clients(max(options.clients), payloads)
        samples, expected = {}, {}
        for count in options.clients:
            for _ in range(options.rounds):
                for server, address in servers.items():
                    latencies, rate, replies = clients.run(count, address, options.seconds)
                    answers = check(expected, server, replies, ranking)
                    samples.setdefault((count, server), Samples()).add(latencies, rate, answers)
                    if server == OURS and count == 1:
                        run_nothing(clients, folder, replies[0][1], options, samples)
        clients.close()
    tell(report, options, samples, list(servers))
    return samples


def run_nothing(clients, folder, reply, options, samples):
    """One client of a server that is as fast as can be but for the compute time."""
    compute = samples[1, OURS].compute[-1]
    with canned_server(folder, reply, compute) as address:
        latencies, rate, _ = clients.run(1, address, options.seconds)
    samples.setdefault((1, NOTHING), Samples()).add_times(latencies, rate, compute)


def tell(report, options, samples, servers):
    median = statistics.median
    rows = []
    for count in options.clients:
        peer = max((s for s in servers if s not in (OURS, BF16)), key=lambda s: median(samples[count, s].rates))
        best = median(samples[count, peer].rates)
        for server in servers:
            s = samples[count, server]
            ours = server in (OURS, BF16)
            rows.append([count, server, median(s.rates), median(s.p50), median(s.p99),
                         median(s.compute) if ours else "", median(s.inside) if ours else "",
                         f"{median(s.rates) / best:.2f} x" if ours else ""])
        if count == 1:
            s = samples[1, NOTHING]
            rows.append([1, NOTHING, median(s.rates), median(s.p50), median(s.p99), median(s.compute), "", ""])
        ratio = median(a / b for a, b in zip(samples[count, OURS].rates, samples[count, peer].rates))
        report.judge(ratio >= RATE_RATIO, f"{count} clients: {ratio:.2f} x the requests/s of {peer} threads, {RATE_RATIO} wanted")
    report.title(f"T {options.history} N {options.candidates}, size {options.size}, reference, closed loop")
    report.table("end to end", ["clients", "server", "requests/s", "p50 ms", "p99 ms", "compute ms", "inside us",
                                "to grpcio"], rows)
    if 1 in options.clients:
        one = samples[1, OURS]
        report.judge(one.slack <= CLIENT_SLACK_MS, f"p50 of one client is compute + {one.slack:.3f} ms, {CLIENT_SLACK_MS} wanted; "
                     f"of a server that does nothing else it is + {samples[1, NOTHING].slack:.3f} ms")
        report.judge(median(one.inside) <= OVERHEAD_US, f"the server adds {median(one.inside):.0f} us to scoring, "
                     f"{OVERHEAD_US} wanted")


def main():
    parser = argparse.ArgumentParser(prog="bench-end-to-end", description=__doc__, epilog=EPILOG)
    parser.add_argument("--size", type=int, default=36, help="D and H (default: %(default)s)")
    parser.add_argument("--history", type=int, default=100, metavar="T", help="default: %(default)s")
    parser.add_argument("--candidates", type=int, default=100, metavar="N", help="default: %(default)s")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 4, 8], help="default: 1 2 4 8")
    parser.add_argument("--rounds", type=int, default=2, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one server in a round (default: %(default)s)")
    parser.add_argument("--server-flag", action="append", help="a flag for dien-server, such as --server-flag=--kernels")
    add_output_options(parser)
    options = parser.parse_args()
    report = Report(options.markdown, quiet=options.json)
    report.title(f"End to end at {commit(random_model.ROOT)}; {machine()}")
    run(options, report)
    return finish(report, options, rows=report.rows)


if __name__ == "__main__":
    sys.exit(main())
