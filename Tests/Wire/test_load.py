"""dien-client load: what it says it did is compared with what servers of grpcio's and of ours saw."""

import json
import re
import signal
import subprocess
import threading
import time
from concurrent import futures
from html.parser import HTMLParser

import grpc
import pytest

from processes import Server, binary, run, serving
from stubs import ranking, ranking_grpc


class Ranking(ranking_grpc.RankingServicer):
    """Answers at once, notes when each request came, and stands still or refuses as it is told."""

    def __init__(self):
        self.lock = threading.Lock()
        self.arrivals, self.requests, self.peers = [], [], set()
        self.failing_every, self.stall = 0, None

    def Rank(self, request, context):
        with self.lock:
            self.arrivals.append(time.monotonic())
            self.requests.append(request)
            self.peers.add(context.peer())
            number = len(self.arrivals)
        if self.failing_every and number % self.failing_every == 0:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many <calls>")
        if self.stall and number >= self.stall[0]:
            time.sleep(max(0, self.arrivals[self.stall[0] - 1] + self.stall[1] - time.monotonic()))
        return ranking.RankResponse(scores=[0.5] * len(request.candidates[0].ids), total_microseconds=250)


@pytest.fixture
def peer():
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.ranking = Ranking()
    ranking_grpc.add_RankingServicer_to_server(server.ranking, server)
    server.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield server
    server.stop(None).wait()


def load(server, *arguments, code=0, **options):
    """One run with --json; the document."""
    result = run("dien-client", "load", "--server", server.address, "--json", *arguments, **options)
    assert result.returncode == code, (result.returncode, result.stdout, result.stderr)
    return json.loads(result.stdout)


def test_a_fixed_rate_is_reached_at_even_distances(peer):
    document = load(peer, "--rate", 50, "--duration", "2s", "--warmup", "500ms", "--candidates", 3)
    assert (document["mode"], document["rate_asked"]) == ("fixed", 50)
    assert (document["calls"], document["answered"], document["warmup_calls"]) == (100, 100, 25)
    assert document["rate_reached"] == pytest.approx(50, abs=2)
    assert len(peer.ranking.arrivals) == 125
    gaps = [b - a for a, b in zip(peer.ranking.arrivals, peer.ranking.arrivals[1:])]
    assert sum(abs(gap - 0.02) < 0.01 for gap in gaps) > 100
    assert peer.ranking.arrivals[-1] - peer.ranking.arrivals[0] == pytest.approx(124 / 50, abs=0.1)


def test_poisson_arrivals_have_the_rate_and_the_spread_of_a_poisson_process(peer):
    document = load(peer, "--rate", 200, "--arrivals", "poisson", "--duration", "3s", "--warmup", "0", "--seed", 7,
                    "--candidates", 1, "--history", 1)
    assert document["seed"] == 7 and document["mode"] == "poisson"
    count = len(peer.ranking.arrivals)
    assert abs(count - 600) < 4 * 600**0.5
    assert document["calls"] == count
    gaps = [b - a for a, b in zip(peer.ranking.arrivals, peer.ranking.arrivals[1:])]
    mean = sum(gaps) / len(gaps)
    deviation = (sum((gap - mean) ** 2 for gap in gaps) / len(gaps)) ** 0.5
    assert 0.8 < deviation / mean < 1.25  # 1 for exponential gaps, 0 for even ones


def test_a_closed_loop_has_as_many_calls_in_progress_as_callers(peer):
    peer.ranking.stall = (1, 3600)  # every call is held
    command = [binary("dien-client"), "load", "--server", peer.address, "--concurrency", "3", "--connections", "2",
               "--duration", "500ms", "--warmup", "0", "--deadline-ms", "400", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert len(peer.ranking.arrivals) >= 3 and len(peer.ranking.peers) == 2
    assert peer.ranking.arrivals[2] - peer.ranking.arrivals[0] < 0.2
    document = json.loads(result.stdout)
    assert result.returncode == 1 and document["errors"][0]["status"] == "DEADLINE_EXCEEDED"
    assert document["latency_ms"]["p50"] == pytest.approx(400, abs=60)  # a call without an answer took that long, at least
    peer.ranking.stall = None


def test_a_stall_of_the_server_counts_for_every_call_that_it_held_up(peer):
    peer.ranking.stall = (100, 0.5)  # the 100th call and those after it wait until half a second has gone
    document = load(peer, "--rate", 100, "--duration", "2s", "--warmup", "0", "--candidates", 1, "--max-in-flight", 1)
    assert document["calls"] == 200
    # One call is seen to be slow by who counts from sending; a quarter of all were late, evenly up to half a second.
    assert document["service_ms"]["max"] == pytest.approx(500, abs=50) and document["service_ms"]["p90"] < 100
    assert document["latency_ms"]["max"] == pytest.approx(500, abs=50)
    assert document["latency_ms"]["p90"] == pytest.approx(300, abs=80)
    assert document["client_lag_ms"]["p99"] < 50  # it was not the client


def test_requests_of_a_file_are_sent_in_order_once_or_over_and_over(peer, tmp_path):
    path = tmp_path / "requests.jsonl"
    lines = [{"profile": {"user": [n]}, "candidates": {"item": [n, n + 1]}, "probabilities": [0.5, 0.5]} for n in range(5)]
    path.write_text("\n".join(map(json.dumps, lines)))
    document = load(peer, "--requests", path, "--once", "--alias", "challenger", "--model", "sports")
    assert document["calls"] == 5
    assert [request.profile[0].ids[0] for request in peer.ranking.requests] == [0, 1, 2, 3, 4]
    assert {(r.model.name, r.model.alias) for r in peer.ranking.requests} == {("sports", "challenger")}
    load(peer, "--requests", path, "--rate", 40, "--duration", "300ms", "--warmup", "0")
    assert [request.profile[0].ids[0] for request in peer.ranking.requests[5:]] == [n % 5 for n in range(12)]
    assert load(peer, "--requests", "-", "--once", input=path.read_text())["calls"] == 5


def test_the_same_seed_makes_the_same_requests_within_the_ranges(peer):
    arguments = ("--rate", 100, "--duration", "300ms", "--warmup", "0", "--seed", 3, "--history", "2-4", "--candidates", "1-5",
                 "--ids", "1000-1009", "--users", 2, "--version", 2)
    load(peer, *arguments)
    first, peer.ranking.requests = peer.ranking.requests, []
    load(peer, *arguments)
    assert len(first) == 30 and first == peer.ranking.requests
    assert {2, 3, 4} >= {len(r.history[0].ids) for r in first}
    assert {n for r in first for c in (*r.history, *r.candidates) for n in c.ids} <= set(range(1000, 1010))
    assert len({tuple(r.history[0].ids) for r in first}) == 2 and {r.model.version for r in first} == {2}


def test_failures_are_counted_by_status_and_allowed_up_to_a_limit(peer):
    peer.ranking.failing_every = 10
    arguments = ("--rate", 100, "--duration", "1s", "--warmup", "0", "--candidates", 1)
    document = load(peer, *arguments, code=1)
    assert document["errors"] == [{"status": "RESOURCE_EXHAUSTED", "count": 10, "message": "too many <calls>"}]
    assert (document["answered"], document["failed"]) == (90, 10)
    load(peer, *arguments, "--allow-errors", "10%")
    load(peer, *arguments, "--allow-errors", 9, code=1)


def test_an_answer_with_too_few_scores_is_a_failure(peer):
    rank = peer.ranking.Rank
    peer.ranking.Rank = lambda request, context: ranking.RankResponse(scores=[0.5])
    document = load(peer, "--rate", 20, "--duration", "1s", "--warmup", "0", "--candidates", 2, code=1)
    peer.ranking.Rank = rank
    assert document["errors"][0]["message"] == "1 scores for 2 candidates"


class Outside(HTMLParser):
    """What a page would load from elsewhere, and whether its tags are closed."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag != "meta":
            self.open.append(tag)
        self.found += [(tag, name, value) for name, value in attributes if name in ("src", "href", "data", "action")]
        if tag in ("script", "link", "iframe", "object"):
            self.found.append(tag)

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def test_a_real_server_bears_a_load_and_the_report_is_a_page_of_its_own(quick_start_registry, tmp_path):
    path = tmp_path / "load.html"
    with serving(quick_start_registry.path) as server:
        document = load(server, "--concurrency", 2, "--connections", 2, "--threads", 2, "--duration", "1s", "--warmup", "200ms",
                        "--history", "1-20", "--candidates", "1-20", "--ids", "1-18000", "--html", path)
    assert document["answered"] == document["calls"] > 50 and document["errors"] == []
    assert document["server_ms"]["p50"] < document["latency_ms"]["p50"]
    assert document["rate_reached"] == pytest.approx(document["calls"], rel=0.1)
    assert 0 < document["client_busy"] <= 1
    assert document["percentiles"][-1]["percentile"] == 100
    text = path.read_text(encoding="utf-8")
    page = Outside(text)
    assert page.found == [] and page.open == []
    assert "url(" not in text and "@import" not in text
    assert text.count("<svg ") == 3 and "Latency by percentile" in page.texts


def test_a_server_that_drains_and_ends_is_seen_in_the_errors(quick_start_registry):
    server = Server(quick_start_registry.path)
    command = [binary("dien-client"), "load", "--server", server.address, "--rate", "100", "--duration", "3s", "--warmup", "0",
               "--json"]
    client = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    assert server.stop() == 0
    output, errors = client.communicate(timeout=30)
    document = json.loads(output)
    assert client.returncode == 1 and errors == ""
    assert [error["status"] for error in document["errors"]] == ["UNAVAILABLE"]
    assert document["answered"] > 50 and document["failed"] > 100
    assert document["answered"] + document["failed"] == document["calls"] == 300


def test_ctrl_c_prints_what_there_is(peer):
    command = [binary("dien-client"), "load", "--server", peer.address, "--rate", "50", "--duration", "1h", "--warmup", "0"]
    client = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    client.send_signal(signal.SIGINT)
    start = time.monotonic()
    output, errors = client.communicate(timeout=10)
    assert time.monotonic() - start < 2 and errors == "" and client.returncode == 130
    document = json.loads(output)
    assert document["interrupted"] and 40 < document["calls"] <= 80
    assert document["seconds"] == pytest.approx(document["calls"] / 50, abs=0.1)


def test_the_summary_is_for_people(peer):
    result = run("dien-client", "load", "--server", peer.address, "--rate", 50, "--duration", "1s", "--warmup", "0", "--seed", 1)
    assert result.returncode == 0 and result.stderr == ""  # no progress bar where no terminal is
    lines = result.stdout.splitlines()
    assert lines[0] == f"{peer.address}: fixed rate, 50.0/s over 1 connection, 1.00 s, seed 1"
    assert lines[2] == "  calls      50: 50 answered, 0 failed"
    assert any(re.fullmatch(r"  ms +p50 +p90 +p99 +p99\.9 +p99\.99 +max +mean", line) for line in lines)
    assert any(re.fullmatch(r"  latency( +\d+\.?\d*){7}", line) for line in lines)


def test_nobody_listening_is_told_at_once():
    result = run("dien-client", "load", "--server", "127.0.0.1:1", "--rate", 10)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "dien-client: UNAVAILABLE: cannot connect to 127.0.0.1:1: connection refused\n"


@pytest.mark.parametrize("arguments", [
    ["--rate", "0"], ["--rate", "x"], ["--rate", "10", "--concurrency", "2"], ["--arrivals", "poisson"], ["--history", "9-1"],
    ["--candidates", "0"], ["--duration", "0"], ["--duration", "3d"], ["--skew", "-1"], ["--once"], ["--requests", "/absent"],
    ["--connections", "4", "--concurrency", "2"], ["--threads", "2"], ["--allow-errors", "200%"], ["--users", "0"],
    ["--version", "1", "--alias", "a"], ["--html", "/absent/load.html"], ["--max-in-flight", "0"],
])
def test_a_wrong_call_is_exit_code_2(arguments):
    result = run("dien-client", "load", *arguments)
    assert (result.returncode, result.stdout) == (2, ""), result.stderr
    assert result.stderr.startswith("Error: ")
