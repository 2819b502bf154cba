"""dien-client replay and load from a log: what was sent and counted is compared with what the server itself wrote down."""

import json
import signal
import subprocess
import time
from concurrent import futures

import grpc
import numpy as np
import pytest

from calls import rank_all, rank_request, real_requests
from closed_loop import bits
from processes import binary, run, serving
from registry_tool import succeed
from request_log import read
from stubs import feedback, feedback_grpc, models, models_grpc, ranking, ranking_grpc

USAGE, INTERRUPTED = 2, 130
REQUESTS = real_requests("paper")
UNKNOWN = 2**64 - 1  # what nobody had before the last item
LOGGED = ("--request-log-share", 100)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """300 users of sports as a data set of their own, whose rows are not the models'; the last item is what they bought."""
    folder = tmp_path_factory.mktemp("replayed")
    lines = [f"{request['user']}\t{item}\t{when}" for request in REQUESTS
             for when, item in enumerate([*request["history"], request["candidates"][0]])]
    (folder / "interactions.tsv").write_text("user\titem\ttimestamp\n" + "\n".join(lines) + "\n")
    result = run("dien-train", "prepare", folder / "interactions.tsv", "--output", folder / "data",
                 "--protocol", "leave-one-out")
    assert result.returncode == 0, result.stderr
    return folder / "data"


def command(server, *arguments):
    return ["dien-client", "replay", "--server", server.address, "--json", *arguments]


def replay(server, *arguments, code=0):
    result = run(*command(server, *arguments))
    assert result.returncode == code, (result.returncode, result.stdout, result.stderr)
    return json.loads(result.stdout)


def area(scores, labels):
    """By its definition: the share of pairs of a click and another in order, ties half."""
    scores, labels = np.asarray(scores, np.float64), np.asarray(labels)
    difference = scores[labels][:, None] - scores[~labels][None, :]
    return (difference > 0).mean() + (difference == 0).mean() / 2


def counted(server, quantity):
    """By arm, what the server counted of the running experiment, closed windows and open ones."""
    with server.channel() as channel:
        reply = models_grpc.ModelsStub(channel).Counters(models.CountersRequest(model="sports"), timeout=10)
    return {arm.arm: sum(getattr(arm.sums, quantity)) + getattr(arm.open, quantity)
            for experiment in reply.models[0].experiments if experiment.running and experiment.experiment
            for arm in experiment.arms}


def test_clicks_of_a_data_set_are_replayed_and_counted_by_arm_as_the_log_tells_them(registry, data, tmp_path):
    succeed(registry, "split", "start", "sports", "--candidate", 2, "--coverage", 100)
    with serving(registry.path, "--request-log", tmp_path / "log", *LOGGED) as server:
        document = replay(server, data, "--model", "sports", "--negatives", 6, "--seed", 5, "--concurrency", 4)
        clicks, impressions = counted(server, "clicks"), counted(server, "impressions")
    users = document["planned"]
    assert users > 290 and (document["answered"], document["failed"], document["unreadable"]) == (users, 0, 0)
    bought = {request["candidates"][0] for request in REQUESTS}
    records = read(tmp_path / "log")
    assert len(records) == len({record.request.routing_key for record in records}) == users
    assert [arm["arm"] for arm in document["arms"]] == ["candidate", "control"]
    total = 0
    for arm in document["arms"]:
        mine = [record for record in records if record.assigned_arm == arm["arm"]]
        sizes = [len(record.scores) for record in mine]
        assert set(sizes) == {7}
        for record in mine:
            known = [item for item in record.request.candidates[0].ids if item != UNKNOWN]
            assert len(set(known)) == len(known) >= 6
        assert (arm["requests"], arm["users"], arm["clicks"], arm["impressions"]) == (
            len(mine), len(mine), len(mine), sum(sizes))
        assert (clicks[arm["arm"]], impressions[arm["arm"]]) == (len(mine), sum(sizes))
        # What was clicked, then what was drawn.
        labels = [place == 0 for size in sizes for place in range(size)]
        assert {record.request.candidates[0].ids[0] for record in mine} - {UNKNOWN} <= bought
        scores = [score for record in mine for score in record.scores]
        assert arm["auc"]["value"] == pytest.approx(area(scores, np.array(labels)), abs=1e-9)
        total += len(labels)
    assert document["feedback"] == {"accepted": total + users, "late": 0, "early": 0, "unmatched": 0, "duplicate": 0,
                                    "invalid": 0, "not_reported": 0}


def test_a_replayed_log_gets_the_same_answers_to_the_bit_and_reports_nothing(registry, tmp_path):
    with serving(registry.path, "--request-log", tmp_path / "log", *LOGGED) as server, server.channel() as channel:
        rank_all(channel, [rank_request(request, request_id=f"r-{n}", routing_key=f"u-{n}")
                           for n, request in enumerate(REQUESTS[:60])])
    with serving(registry.path, "--request-log", tmp_path / "again", *LOGGED) as server:
        document = replay(server, tmp_path / "log", "--speed", 1000)
        assert document["repeated"] == {"requests": 60, "equal": 60} and document["feedback"]["accepted"] == 0
        other = replay(server, tmp_path / "log", "--rate", 500, "--alias", "challenger", "--last", 10)
        assert (other["answered"], other["repeated"]["requests"]) == (10, 0)
        assert [arm["versions"] for arm in other["arms"]] == [[2]]
        loaded = run("dien-client", "load", "--server", server.address, "--requests", tmp_path / "log", "--once", "--json",
                     "--last", 50)
        assert loaded.returncode == 0 and json.loads(loaded.stdout)["answered"] == 50, loaded.stderr
    before = {record.request.routing_key: record for record in read(tmp_path / "log")}
    after = read(tmp_path / "again")
    assert len(after) == 120
    for record in after[:60]:
        original = before[record.request.routing_key]
        assert bits(record.scores) == bits(original.scores) and not record.request.request_id
        assert record.request.candidates == original.request.candidates and record.request_id != original.request_id


def test_an_interrupted_replay_reports_what_was_answered_and_says_what_there_is(registry, data):
    succeed(registry, "split", "start", "sports", "--candidate", 2, "--coverage", 100)
    with serving(registry.path) as server:
        arguments = command(server, data, "--rate", "20")
        process = subprocess.Popen([binary(arguments[0]), *map(str, arguments[1:])], stdout=subprocess.PIPE, text=True)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=20)
        assert process.returncode == INTERRUPTED
        document = json.loads(out)
        assert document["interrupted"] and 5 < document["answered"] < document["planned"]
        assert document["feedback"]["accepted"] == 3 * document["answered"]  # two shown, one of them clicked
        assert sum(counted(server, "clicks").values()) == document["answered"]


class Stalling(ranking_grpc.RankingServicer, feedback_grpc.FeedbackServicer):
    """Stands still once, for half a second, and takes no report before the third."""

    def __init__(self):
        self.calls, self.reports, self.users = 0, 0, set()

    def Rank(self, request, context):
        self.calls += 1
        if self.calls == 50:
            time.sleep(0.5)
        return ranking.RankResponse(scores=[0.5] * len(request.candidates[0].ids), request_id=request.routing_key)

    def Report(self, request, context):
        self.reports += 1
        if self.reports < 3:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "no room")
        self.users |= {outcomes.request_id for outcomes in request.outcomes}
        return feedback.ReportResponse()


@pytest.fixture
def peer():
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.servicer = Stalling()
    ranking_grpc.add_RankingServicer_to_server(server.servicer, server)
    feedback_grpc.add_FeedbackServicer_to_server(server.servicer, server)
    server.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield server
    server.stop(None).wait()


def test_a_stall_counts_for_every_request_that_it_held_up_and_a_refused_report_is_repeated(peer, data):
    document = replay(peer, data, "--rate", 100, "--limit", 100, "--max-in-flight", 1)
    assert document["service_ms"]["max"] == pytest.approx(500, abs=60) and document["service_ms"]["p90"] < 100
    assert document["latency_ms"]["max"] == pytest.approx(500, abs=80)
    assert document["latency_ms"]["p90"] > 250  # half of them were late, evenly up to half a second
    assert len(peer.servicer.users) == 100 and document["feedback"]["not_reported"] == 0


def test_what_is_no_source_is_refused_and_a_dead_server_is_told(registry, data, tmp_path):
    (tmp_path / "file").write_text("neither one nor the other\n")
    for arguments in ((tmp_path / "file",), (tmp_path / "nothing",), (data, "--speed", 2), (data, "--last", 3),
                      (data, "--rate", 0), (data, "--rate", 1, "--concurrency", 1), (data, "--negatives", 1001)):
        result = run("dien-client", "replay", *arguments)
        assert result.returncode == USAGE and result.stderr.startswith("Error: "), (arguments, result.stderr)
    dead = run("dien-client", "replay", data, "--server", "127.0.0.1:9")
    assert dead.returncode == 1 and "UNAVAILABLE" in dead.stderr and len(dead.stderr.splitlines()) == 1
