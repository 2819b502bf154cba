"""dien-server --request-log, read by Python after docs/REQUEST_LOG.md, and by dien-client requests."""

import json
import os
import signal
import time

import pytest

from admin_port import AdminPort
from calls import rank_request, real_requests, stub
from processes import Server, run, serving
from request_log import files, is_sampled, read

EVERYTHING = ("--request-log-share", 100)


def rank_all(server, requests, **fields):
    """Answers in the order of the requests, each named by its number."""
    with server.channel() as channel:
        return [stub(channel).Rank(rank_request(request, request_id=f"r-{number}", routing_key=f"u-{request['user']}", **fields),
                                   timeout=10)
                for number, request in enumerate(requests)]


def test_every_answer_is_in_the_log_as_it_was_given(committed, tmp_path):
    requests = real_requests("paper")[:40]
    with serving(committed.path, "--request-log", tmp_path / "log", *EVERYTHING) as server:
        before = time.time() * 1000
        answers = rank_all(server, requests)
        after = time.time() * 1000
        admin = AdminPort(server)
        admin.wait_for(lambda: admin.value("dien_request_log_records_total", outcome="written") == 40)
        assert admin.value("dien_request_log_bytes") == sum(path.stat().st_size for path in files(tmp_path / "log"))
        assert all(admin.value("dien_request_log_records_total", outcome=outcome) == 0 for outcome in ("full", "busy", "failed"))
    logged = {record.request_id: record for record in read(tmp_path / "log")}
    assert len(logged) == 40
    for number, (request, answer) in enumerate(zip(requests, answers)):
        record = logged[f"r-{number}"]
        assert list(record.scores) == list(answer.scores)
        assert record.request == rank_request(request, request_id=f"r-{number}", routing_key=f"u-{request['user']}")
        by = answer.served_by
        assert (record.model, record.version, record.digest, record.arm, record.assigned_arm, record.experiment, record.epoch) == (
            by.model, by.version, by.digest, by.arm, by.assigned_arm, by.experiment, by.registry_epoch)
        assert (record.total, record.scoring) == (answer.total_microseconds, answer.scoring_microseconds)
        assert before - 1 <= record.time <= after + 1
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files(tmp_path / "log"))


def test_a_share_keeps_the_requests_whose_hash_says_so_on_every_replica(committed, tmp_path):
    requests = real_requests("paper")[:60]
    for replica in ("one", "two"):
        with serving(committed.path, "--request-log", tmp_path / replica, "--request-log-share", 30) as server:
            rank_all(server, requests)
        expected = {f"r-{number}" for number in range(60) if is_sampled(f"r-{number}", 0.3)}
        assert {record.request_id for record in read(tmp_path / replica)} == expected
        assert 5 < len(expected) < 35


def test_the_folder_keeps_its_bound_and_the_newest_requests(committed, tmp_path):
    requests = real_requests("paper")[:100]
    bounds = ("--request-log-bytes", 40_000, "--request-log-file-bytes", 8_000)
    with serving(committed.path, "--request-log", tmp_path, *EVERYTHING, *bounds) as server:
        for _ in range(3):
            rank_all(server, requests)
            assert sum(path.stat().st_size for path in files(tmp_path)) <= 40_000
    assert all(path.stat().st_size <= 8_000 for path in files(tmp_path))
    kept = read(tmp_path)
    assert len(files(tmp_path)) >= 3 and kept
    assert {record.request_id for record in kept} >= {f"r-{number}" for number in range(100 - len(kept) // 2, 100)}


def test_a_killed_server_leaves_what_it_had_written_and_the_next_one_warms_up_from_it(committed, tmp_path):
    log = tmp_path / "log"
    server = Server(committed.path, "--request-log", log, *EVERYTHING)
    try:
        rank_all(server, real_requests("paper")[:20])
        admin = AdminPort(server)
        admin.wait_for(lambda: admin.value("dien_request_log_records_total", outcome="written") == 20)
    finally:
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
    path = files(log)[0]
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    summed = run("dien-client", "requests", log, "--json", "--summary")
    assert summed.returncode == 0 and "ends inside the record" in summed.stderr
    assert json.loads(summed.stdout)["requests"] == 19
    with serving(committed.path, "--request-log", log, *EVERYTHING, "--log-level", "debug") as server:
        assert server.wait_for_log("remembers 19 requests of the request log")
    damaged = bytearray(whole)
    damaged[len(whole) // 2] ^= 1
    path.write_bytes(damaged)
    summed = run("dien-client", "requests", log, "--json", "--summary")
    assert summed.returncode == 1 and "damaged" in summed.stderr


def test_a_folder_that_cannot_be_written_stops_the_start(committed, tmp_path):
    (tmp_path / "file").write_text("no folder")
    done = run("dien-server", "--registry", committed.path, "--listen", "127.0.0.1:0", "--admin", "none", "--request-log",
               tmp_path / "file")
    assert done.returncode == 1 and str(tmp_path / "file") in done.stderr
    done = run("dien-server", "--request-log", tmp_path, "--request-log-bytes", 5000)
    assert done.returncode == 2 and "--request-log-bytes" in done.stderr


@pytest.fixture(scope="module")
def log(committed, tmp_path_factory):
    """Two versions' requests."""
    folder = tmp_path_factory.mktemp("log")
    requests = real_requests("paper")[:30]
    with serving(committed.path, "--request-log", folder, *EVERYTHING) as server:
        rank_all(server, requests[:20])
        time.sleep(1.2)
        rank_all(server, requests[20:], alias="challenger")
    return folder


def lines(*arguments):
    done = run("dien-client", "requests", *arguments, "--json")
    assert done.returncode == 0 and done.stderr == "", done
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_client_prints_what_python_reads(log):
    shown, expected = lines(log), read(log)
    assert len(shown) == 30
    for line, record in zip(sorted(shown, key=lambda line: line["time"]), sorted(expected, key=lambda record: record.time)):
        assert line["scores"] == pytest.approx(record.scores, abs=1e-7)
    by_id = {(record.request_id, record.version): record for record in expected}
    for line in shown:
        record = by_id[line["request_id"], line["version"]]
        assert line["history"] == {"item": list(record.request.history[0].ids)}
        assert line["candidates"] == {"item": list(record.request.candidates[0].ids)}
        assert (line["routing_key"], line["arm"], line["epoch"]) == (record.request.routing_key, record.arm, record.epoch)


def test_filters_choose(log):
    assert len(lines(log, "--version", 2)) == 10
    assert len(lines(log, "--arm", "champion")) == 20
    assert lines(log, "--model", "toys") == []
    times = sorted(line["time"] for line in lines(log, "--arm", "challenger"))
    assert len(lines(log, "--since", times[0])) == 10
    assert len(lines(log, "--until", times[0])) == 20
    assert len(lines(log, "--since", "1h")) == 30
    newest = lines(log, "--last", 4)
    assert [line["request_id"] for line in newest] == [record.request_id for record in read(log)[-4:]]
    document = json.loads(run("dien-client", "requests", log, "--json", "--summary", "--version", 1).stdout)
    assert document["requests"] == 20 and document["share"] == 1
    assert document["answered"] == [{"model": "sports", "version": 1, "arm": "champion", "assigned_arm": "", "experiment": "",
                                     "requests": 20}]


def test_what_is_no_log_is_a_mistake_of_the_caller(tmp_path):
    (tmp_path / "file.json").write_text("{}\n")
    for path in (tmp_path / "file.json", tmp_path / "nothing"):
        done = run("dien-client", "requests", path)
        assert done.returncode == 2 and str(path) in done.stderr
    assert run("dien-client", "requests", tmp_path).stdout.startswith("0 files")
