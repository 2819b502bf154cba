"""Metrics, probes and events over HTTP/1.1: what they count is what was done, and who misuses the port is cut."""

import contextlib
import json
import re
import socket
import time

import grpc
import pytest

from admin_port import AdminPort
from broken_versions import add_broken
from calls import rank, rank_request, real_requests, refusal
from processes import Server, run, serving
from raw_http2 import Connection
from registry_tool import succeed
from scripts_under_test import ROOT
from test_grpc_protocol import BODY, half_sent_when_the_drain_begins

REQUESTS = real_requests("paper")[:20]


@pytest.fixture
def admin(server):
    return AdminPort(server)


# ---------------------------------------------------------------- metrics


def test_the_counts_are_those_of_the_calls_made(registry):
    with serving(registry.path) as server, server.channel() as channel:
        admin = AdminPort(server)
        replies = [rank(channel, rank_request(request, version=1)) for request in REQUESTS]
        code, _ = refusal(rank, channel, rank_request(REQUESTS[0], model="nothing"))
        assert code == grpc.StatusCode.NOT_FOUND
        wrong = rank_request(REQUESTS[0], version=1)
        wrong.candidates[0].name = "brand"
        assert refusal(rank, channel, wrong)[0] == grpc.StatusCode.INVALID_ARGUMENT
        one = {"model": "sports", "version": "1"}
        assert admin.value("dien_rank_calls_total", **one, code="OK") == len(REQUESTS)
        assert admin.value("dien_rank_calls_total", **one, code="INVALID_ARGUMENT") == 1
        assert admin.value("dien_rank_calls_total", model="", version="", code="NOT_FOUND") == 1
        assert admin.value("dien_candidates_scored_total", **one) == sum(len(r.scores) for r in replies)
        for role in ("profile", "history", "candidates"):
            unknown = sum(ids.count for reply in replies for ids in reply.unknown_ids if ids.role == role)
            assert admin.value("dien_unknown_ids_total", **one, role=role) == unknown
        truncated = sum(len(q["history"]) > r.history_length for q, r in zip(REQUESTS, replies))
        assert admin.value("dien_histories_truncated_total", **one) == truncated
        for name, field in (("dien_scoring_seconds", "scoring_microseconds"), ("dien_rank_seconds", "total_microseconds")):
            assert admin.value(f"{name}_count", **one) == len(REQUESTS)
            told = sum(getattr(reply, field) for reply in replies) / 1e6
            assert told <= admin.value(f"{name}_sum", **one) <= told + len(REQUESTS) * 1e-6
        method = "/dien.v1.Ranking/Rank"
        assert admin.value("dien_grpc_calls_total", method=method, code="OK") == len(REQUESTS)
        assert admin.value("dien_grpc_calls_total", method=method, code="INVALID_ARGUMENT") == 1
        assert admin.value("dien_grpc_streams", method=method) == 0
        assert admin.value("dien_grpc_connections") >= 1
        assert 0 <= admin.value("dien_registry_check_age_seconds") < 5


def test_buckets_are_cumulative_and_end_at_the_count(admin, channel):
    rank(channel, rank_request(REQUESTS[0]))
    metrics = admin.metrics()
    series = {}
    for (name, labels), value in metrics.items():
        if name.endswith("_bucket"):
            rest = frozenset(label for label in labels if label[0] != "le")
            series.setdefault((name, rest), []).append((float(dict(labels)["le"]), value))
    assert series
    for (name, labels), buckets in series.items():
        counts = [count for _, count in sorted(buckets)]
        assert counts == sorted(counts) and counts[-1] == metrics[name.removesuffix("_bucket") + "_count", labels]


def test_arms_and_requests_without_a_unit_are_counted(registry):
    succeed(registry, "split", "start", "sports", "--candidate", "2", "--coverage", "100")
    with serving(registry.path) as server, server.channel() as channel:
        admin = AdminPort(server)
        replies = [rank(channel, rank_request(REQUESTS[0], routing_key=f"user-{n}")) for n in range(40)]
        for _ in range(3):
            rank(channel, rank_request(REQUESTS[0]))
        experiment = replies[0].served_by.experiment
        of = {"model": "sports", "experiment": experiment}
        assert admin.value("dien_split_decisions_total", **of, reason="unassigned") == 3
        assert admin.value("dien_split_decisions_total", **of, reason="enrolled") == 40
        for arm in ("candidate", "control"):
            count = sum(reply.served_by.assigned_arm == arm for reply in replies)
            assert count > 0
            assert admin.value("dien_split_assigned_total", **of, arm=arm, served="arm") == count


# ---------------------------------------------------------------- states and events


def test_states_and_events_follow_promote_rollback_and_a_broken_version(registry):
    with serving(registry.path) as server:
        admin = AdminPort(server)
        assert [admin.state("sports", version) for version in (1, 2)] == ["active", "active"]
        broken, reason = add_broken(registry, "sports", 1, "NaN")
        epoch = registry.point("sports", broken)
        admin.wait_for(lambda: admin.value("dien_registry_epoch") == epoch)
        assert admin.state("sports", broken) == "refused" and admin.state("sports", 1) == "active"
        assert admin.value("dien_version_loads_total", model="sports", outcome="refused") == 1
        assert admin.get("/readyz")[0] == 200
        succeed(registry, "promote", "sports", "2")
        admin.wait_for(lambda: admin.value("dien_registry_epoch") == epoch + 1)
        assert [admin.state("sports", version) for version in (1, 2)] == ["ready", "active"]
        succeed(registry, "promote", "sports", "1")
        admin.wait_for(lambda: admin.value("dien_registry_epoch") == epoch + 2)
        assert admin.state("sports", 1) == "active"
        events = admin.events()
        steps = [(event["from"], event["to"]) for event in events if event.get("version") == broken]
        assert steps[:3] == [("not_loaded", "checking_files"), ("checking_files", "refused"), ("refused", "not_loaded")]
        refused = next(event for event in events if event.get("to") == "refused")
        assert reason in refused["reason"] and refused["epoch"] == epoch and refused["model"] == "sports"
        assert refused["digest"] == registry.manifest_digest("sports", broken)
        assert [event["epoch"] for event in events if event["event"] == "epoch_followed"][-3:] == [epoch, epoch + 1, epoch + 2]
        assert [event["time"] for event in events] == sorted(event["time"] for event in events)
        assert server.wait_for_log("to=refused")


def test_a_version_with_a_blob_that_rots_on_the_disk_leaves_service(registry):
    manifest = json.loads(registry.blob_path(registry.manifest_digest("sports", 2)).read_bytes())
    weights = manifest["files"]["model.safetensors"]["digest"]
    succeed(registry, "promote", "sports", "2")
    with serving(registry.path, "--scrub-pause", 1, "--scrub-rate", 1000) as server, server.channel() as channel:
        admin = AdminPort(server)
        assert rank(channel, rank_request(REQUESTS[0])).served_by.version == 2
        path = registry.blob_path(weights)
        path.chmod(0o644)
        with open(path, "r+b") as file:  # in place: the pages that the server has mapped
            file.seek(-4, 2)
            file.write(b"\x00\x00\x00\x01")
        admin.wait_for(lambda: admin.state("sports", 2) == "quarantined")
        assert admin.value("dien_version_quarantines_total", model="sports") == 1
        assert admin.value("dien_scrub_findings_total") >= 1
        code, reason = refusal(rank, channel, rank_request(REQUESTS[0], version=2))
        assert code == grpc.StatusCode.FAILED_PRECONDITION and "damaged" in reason
        damaged, left = [e for e in admin.events() if e["event"] == "blob_damaged" or e.get("to") == "quarantined"][:2]
        assert (damaged["digest"], left["version"], left["from"]) == (weights, 2, "active")
        # no champion was loaded before it, so nobody answers for it, and the replica says so
        assert refusal(rank, channel, rank_request(REQUESTS[0]))[0] == grpc.StatusCode.FAILED_PRECONDITION
        assert admin.get("/readyz")[0] == 503
        succeed(registry, "promote", "sports", "1")
        admin.wait_for(lambda: admin.get("/readyz")[0] == 200)
        assert rank(channel, rank_request(REQUESTS[0])).served_by.version == 1


# ---------------------------------------------------------------- probes


def test_probes_answer_while_calls_drain(committed):
    with serving(committed.path) as server:
        admin = AdminPort(server)
        assert admin.get("/healthz")[::2] == (200, "alive\n") and admin.get("/readyz")[::2] == (200, "ready\n")
    with contextlib.ExitStack() as stack:
        server = Server(committed.path)
        stack.callback(server.process.kill)
        admin = AdminPort(server)
        with Connection(server) as connection:
            stream = half_sent_when_the_drain_begins(server, connection)
            assert admin.get("/healthz")[0] == 200
            assert admin.get("/readyz")[::2] == (503, "not ready: draining\n")
            assert admin.value("dien_grpc_streams", method="/dien.v1.Ranking/Rank") == 1
            connection.send(stream, BODY[20:], end=True)
            connection.wait(stream)
        assert server.stop() == 0
        with pytest.raises(OSError):
            admin.get("/healthz")


def test_readiness_waits_for_a_champion(tmp_path):
    assert run("dien-registry", "init", tmp_path / "empty").returncode == 0
    with serving(tmp_path / "empty") as server:
        admin = AdminPort(server)
        assert admin.get("/healthz")[0] == 200
        assert admin.get("/readyz")[::2] == (503, "not ready: no champion is loaded\n")


def test_the_port_can_be_left_out_and_a_taken_one_is_named(committed, server, admin):
    with serving(committed.path, "--admin", "none") as silent:
        assert not silent.wait_for_log("admin port", seconds=0.5)
    taken = f"127.0.0.1:{admin.port}"
    second = run("dien-server", "--registry", committed.path, "--listen", "127.0.0.1:0", "--admin", taken)
    assert second.returncode == 1 and f"the admin port {taken} cannot be listened on" in second.stderr


# ---------------------------------------------------------------- misuse


def spoken(admin, payload, seconds=10):
    """What comes back until the server closes."""
    with socket.create_connection((admin.host, admin.port), timeout=seconds) as connection:
        answer = b""
        try:
            connection.sendall(payload)
            while part := connection.recv(65536):
                answer += part
        except (ConnectionResetError, BrokenPipeError):
            pass
        return answer


@pytest.mark.parametrize("path, method, status", [
    ("/", "GET", 200), ("/index.html", "GET", 404), ("/", "POST", 405), ("/metrics/", "GET", 404),
    ("/../etc/passwd", "GET", 404), ("/events", "POST", 405), ("/metrics", "DELETE", 405), ("/healthz?from=probe", "GET", 200), ("/metrics", "HEAD", 200)])
def test_only_known_paths_are_read(admin, path, method, status):
    found, _, text = admin.get(path, method)
    assert found == status and (method != "HEAD" or text == "")


@pytest.mark.parametrize("payload", [
    b"garbage\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", bytes(range(256)) * 4,
    b"GET /healthz HTTP/1.1\r\nhost: x\r\nlong: " + b"x" * (1 << 20) + b"\r\n\r\n",
    b"GET /" + b"x" * (1 << 20) + b" HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + b"a: b\r\n" * 10_000 + b"\r\n",
    b"GET /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello!",
    b"POST /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999999\r\n\r\n" + b"x" * (1 << 20)])
def test_garbage_and_oversized_requests_are_refused(admin, payload):
    answer = spoken(admin, payload)
    assert answer == b"" or answer.split(b" ")[1][:1] == b"4", answer[:200]
    assert admin.get("/healthz")[0] == 200


def test_slow_clients_are_cut_however_they_trickle(admin):
    begin = time.monotonic()
    with socket.create_connection((admin.host, admin.port), timeout=1) as connection:
        with pytest.raises(OSError):
            for byte in b"GET /healthz HTTP/1.1\r\nhost: " + b"x" * 100:
                connection.sendall(bytes([byte]))
                time.sleep(0.3)
    assert 4 < time.monotonic() - begin < 8


def test_more_connections_than_the_port_takes_are_closed_and_let_go(admin):
    crowd = [socket.create_connection((admin.host, admin.port), timeout=2) for _ in range(80)]
    refused = sum(is_closed(connection) for connection in crowd)
    assert refused >= 16
    for connection in crowd:
        connection.close()
    admin.wait_for(lambda: answers(admin))


def is_closed(connection):
    connection.settimeout(0.05)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def answers(admin):
    try:
        return admin.get("/healthz")[0] == 200
    except OSError:
        return False


# ---------------------------------------------------------------- deploy/


def test_the_alerts_name_metrics_and_labels_that_there_are(registry, tmp_path):
    text = (ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8")
    succeed(registry, "split", "start", "sports", "--candidate", "2", "--coverage", "100")
    succeed(registry, "shadow", "sports", "2", "100")
    with serving(registry.path, "--request-log", tmp_path / "log") as server, server.channel() as channel:
        rank(channel, rank_request(REQUESTS[0]))
        labels = {}
        for name, pairs in AdminPort(server).metrics():
            labels.setdefault(name, set()).update(dict(pairs))
    used = re.findall(r"\b(dien_\w+)(?:\{([^}]*)\})?", text)
    assert len(used) >= 5
    for name, selector in used:
        assert name in labels, name
        assert set(re.findall(r"(\w+)=", selector)) <= labels[name], (name, selector)
