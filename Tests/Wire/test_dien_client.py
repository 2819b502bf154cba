"""dien-client, and with it the Swift client library, against a server of grpcio's."""

import json
import time
from concurrent import futures
from contextlib import contextmanager

import grpc
import pytest
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from processes import run
from stubs import models, models_grpc, ranking, ranking_grpc

DIGEST = "sha256:" + "ab" * 32


class Ranking(ranking_grpc.RankingServicer):
    """Scores each candidate by its position, and does what the model's name says."""

    def __init__(self):
        self.requests = []
        self.metadata = []
        self.timeouts = []
        self.cancelled = 0

    def Rank(self, request, context):
        self.requests.append(request)
        self.timeouts.append(context.time_remaining())
        if request.model.name == "absent":
            context.abort(grpc.StatusCode.NOT_FOUND, 'no model "absent" ☺\nthe second line')
        if request.model.name == "slow":
            context.add_callback(self.count_cancelled)
            time.sleep(0.5)
        count = len(request.candidates[0].ids) or len(request.candidates[0].strings)
        return ranking.RankResponse(
            scores=[1 / (i + 2) for i in range(count)], top=list(range(count))[:request.top_k],
            served_by=ranking.ServedBy(model=request.model.name, version=2, digest=DIGEST, arm="champion",
                                       registry_epoch=3),
            request_id=request.request_id, total_microseconds=1500, scoring_microseconds=1200,
            unknown_ids=[ranking.UnknownIDs(role="history", feature="item", count=1)], history_length=2,
            attention=[ranking.CandidateAttention(positions=[1, 0], weights=[0.75, 0.25])] * count
            if request.top_attention else [])

    def Prepare(self, request, context):
        self.requests.append(request)
        return ranking.PrepareResponse(
            served_by=ranking.ServedBy(model=request.model.name, version=2, digest=DIGEST, arm="champion"),
            user_state=ranking.USER_STATE_EXTENDED, request_id=request.request_id, history_length=2, total_microseconds=70)

    def count_cancelled(self):
        self.cancelled += 1


class Models(models_grpc.ModelsServicer):
    def ListModels(self, request, context):
        versions = [models.VersionStatus(version=1, state=models.VERSION_STATE_READY, digest=DIGEST,
                                         architecture="dien", preset="paper", kernels="avx2",
                                         user_states=models.ReuseCounts(hits=7, extensions=2, misses=3, held=3, bytes=2**21)),
                    models.VersionStatus(version=2, state=models.VERSION_STATE_REFUSED, reason="head.weight: NaN")]
        return models.ListModelsResponse(
            models=[models.ModelStatus(name="sports", aliases=[models.ModelAlias(alias="champion", version=1, serving_version=1)],
                                       versions=versions)],
            registry_epoch=7, server_version="9.9.9", start_unix_milliseconds=int(time.time() * 1000) - 5000)


@contextmanager
def grpcio_server():
    server = grpc.server(futures.ThreadPoolExecutor(4))
    server.ranking = Ranking()
    ranking_grpc.add_RankingServicer_to_server(server.ranking, server)
    models_grpc.add_ModelsServicer_to_server(Models(), server)
    checks = health.HealthServicer()
    checks.set("", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    server.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield server
    finally:
        server.stop(None).wait()


@pytest.fixture(scope="module")
def peer():
    with grpcio_server() as server:
        yield server


def client(peer, command, *arguments, **options):
    return run("dien-client", command, "--server", peer.address, *arguments, **options)


def test_the_request_arrives_as_it_was_typed(peer):
    result = client(peer, "rank", "--model", "sports", "--version", 3, "--user", 7, "--history", "1,2",
                    "--candidates", f"5,{2**64 - 1}", "--candidates", "brand=a,ä", "--context", "hour=23",
                    "--top-k", 1, "--top-attention", 2, "--request-id", "r-1", "--routing-key", "u7", "--deadline-ms", 5000)
    assert result.returncode == 0, result.stderr
    column = ranking.FeatureColumn
    assert peer.ranking.requests[-1] == ranking.RankRequest(
        model=ranking.ModelSpec(name="sports", version=3), request_id="r-1", routing_key="u7",
        profile=[column(name="user", ids=[7])], history=[column(name="item", ids=[1, 2])],
        candidates=[column(name="item", ids=[5, 2**64 - 1]), column(name="brand", strings=["a", "ä"])],
        context=[column(name="hour", ids=[23])], top_k=1, top_attention=2)
    assert 3 < peer.ranking.timeouts[-1] <= 5


def test_the_ranking_is_shown_best_first(peer):
    result = client(peer, "rank", "--model", "sports", "--candidates", "153,1110")
    assert result.stdout.splitlines()[0] == "sports version 2 (sha256:abababababab), arm champion, epoch 3"
    assert result.stdout.splitlines()[-2:] == [
        "     1   153  0.5000  ██████████",
        "     2  1110  0.3333  ██████▋"]


def test_what_a_candidate_looked_at_is_shown_by_the_history(peer):
    arguments = ("rank", "--model", "sports", "--history", "70,71", "--candidates", "153,1110", "--top-attention", 2)
    shown = client(peer, *arguments).stdout.splitlines()
    assert shown[-1].strip() == shown[-3].strip() == "looked at 71 0.750, 70 0.250"
    answer = json.loads(client(peer, *arguments, "--json").stdout)
    assert answer["ranking"][1]["attention"] == [
        {"position": 1, "id": "71", "weight": 0.75}, {"position": 0, "id": "70", "weight": 0.25}]


def test_a_user_is_prepared_by_the_history_of_the_command_line_or_of_a_file(peer, tmp_path):
    path = tmp_path / "request.json"
    path.write_text(json.dumps({"profile": {"user": [7]}, "history": {"item": [1, 2]}, "candidates": {"item": [4]}}))
    common = ("--model", "sports", "--version", 3, "--request-id", "p-1", "--routing-key", "u7")
    for source in (("--history", "1,2"), ("--request", path)):
        result = client(peer, "prepare", *common, *source)
        assert result.returncode == 0, result.stderr
        assert peer.ranking.requests[-1] == ranking.PrepareRequest(
            model=ranking.ModelSpec(name="sports", version=3), request_id="p-1", routing_key="u7",
            history=[ranking.FeatureColumn(name="item", ids=[1, 2])])
        assert "2 behaviours used, their state extended; " in result.stdout
    answer = json.loads(client(peer, "prepare", *common, "--history", "1,2", "--json").stdout)
    assert answer["user_state"] == "EXTENDED" and answer["served_by"]["version"] == 2


def test_a_golden_file_is_ranked_line_by_line(peer, tmp_path):
    line = {"profile": {"user": [7]}, "history": {"item": [1]}, "candidates": {"item": [2**64 - 1, 4]},
            "probabilities": [0.5, 0.25]}
    path = tmp_path / "golden.jsonl"
    path.write_text("\n".join([json.dumps(line)] * 3) + "\n")
    for source, options in ((path, {}), ("-", {"input": path.read_text()})):
        result = client(peer, "rank", "--model", "sports", "--request", source, "--json", **options)
        assert result.returncode == 0, result.stderr
        answers = [json.loads(text) for text in result.stdout.splitlines()]
        assert len(answers) == 3
        assert [entry["id"] for entry in answers[0]["ranking"]] == [str(2**64 - 1), "4"]
        assert answers[0]["scores"][0] == 0.5
    assert list(peer.ranking.requests[-1].candidates[0].ids) == [2**64 - 1, 4]


def test_a_large_request_and_answer_pass_flow_control(peer):
    line = {"candidates": {"item": list(range(2**40, 2**40 + 300_000))}}
    result = client(peer, "rank", "--model", "sports", "--request", "-", "--json", input=json.dumps(line))
    assert result.returncode == 0, result.stderr
    assert len(json.loads(result.stdout)["scores"]) == 300_000


def test_a_status_is_one_line_and_exit_code_1(peer):
    result = client(peer, "rank", "--model", "absent", "--candidates", "1")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == 'dien-client: NOT_FOUND: no model "absent" ☺ the second line\n'


def test_a_deadline_ends_the_call_on_both_sides(peer):
    start = time.monotonic()
    result = client(peer, "rank", "--model", "slow", "--candidates", "1", "--deadline-ms", 100)
    assert result.returncode == 1
    assert result.stderr.startswith("dien-client: DEADLINE_EXCEEDED: ")
    assert time.monotonic() - start < 0.5
    for _ in range(100):
        if peer.ranking.cancelled:
            break
        time.sleep(0.01)
    assert peer.ranking.cancelled == 1


def test_nobody_listening_names_the_address():
    result = run("dien-client", "status", "--server", "127.0.0.1:1")
    assert result.returncode == 1
    assert result.stderr == "dien-client: UNAVAILABLE: cannot connect to 127.0.0.1:1: connection refused\n"


@pytest.mark.parametrize("arguments", [
    ["rank"], ["rank", "--candidates", "1", "--version", "1", "--alias", "a"], ["rank", "--candidates", "1", "--user", ""],
    ["rank", "--request", "/absent"], ["prepare"], ["prepare", "--history", "1", "--request", "-"], ["status", "--server", "a:b"], ["bogus"], ["rank", "--candidates", "1", "--top-k", "x"],
])
def test_a_wrong_call_is_exit_code_2(arguments):
    result = run("dien-client", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")


def test_status_shows_states_and_reasons(peer):
    result = client(peer, "status")
    assert result.returncode == 0, result.stderr
    assert "SERVING, dien-server 9.9.9, up 5 s, registry epoch 7" in result.stdout
    assert "sports  (champion → 1)" in result.stdout
    assert "  version 1: user states 7 found, 2 extended, 3 computed, 0 evicted; 3 held, 2.1 MB" in result.stdout
    assert "REFUSED" in result.stdout and "head.weight: NaN" in result.stdout
    document = json.loads(client(peer, "status", "--json").stdout)
    assert document["health"] == "SERVING"
    assert document["models"][0]["versions"][0]["user_states"] == {
        "hits": 7, "extensions": 2, "misses": 3, "evictions": 0, "held": 3, "bytes": 2**21}
    assert document["models"][0]["versions"][1] == {
        "version": 2, "state": "REFUSED", "reason": "head.weight: NaN", "digest": "", "architecture": "",
        "preset": "", "kernels": "", "precision": ""}
