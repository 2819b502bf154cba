"""A candidate that fails while it serves: every caller gets the right scores in the same call, and the server takes the
candidate's traffic away by itself, at once, and says why."""

import datetime
import threading
import time
from collections import Counter

import grpc
import pytest

from admin_port import AdminPort
from calls import rank, rank_request, real_requests
from closed_loop import bits
from failing_versions import lose_pages, overflowing, slow
from processes import serving
from registry_tool import succeed

REQUESTS = real_requests("paper")[:40]
BAD_ITEMS = [5000, 5001, 5002]
# Every fourth request has a candidate that the failing version has no number for.
BAD = [dict(request, candidates=[*request["candidates"][:5], BAD_ITEMS[n % 3]]) if n % 4 == 0 else request
       for n, request in enumerate(REQUESTS)]


def references(registry):
    """Request → the exact scores of the champion, by its pinned version."""
    with serving(registry.path) as server, server.channel() as channel:
        return {n: bits(rank(channel, rank_request(request, version=1)).scores) for n, request in enumerate(BAD)}


class Callers:
    """Threads that each call with keys of their own, and hold each reply against the champion's scores."""

    def __init__(self, server, champion, candidate, rounds, threads=3, deadline=20):
        self.server, self.champion, self.candidate = server, champion, candidate
        self.rounds, self.deadline = rounds, deadline
        self.failures, self.served = [], Counter()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.call, args=(n,)) for n in range(threads)]

    def run(self):
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join()
        return self

    def call(self, number):
        with self.server.channel() as channel:
            for turn in range(self.rounds):
                n = (turn + number * 13) % len(BAD)
                message = rank_request(BAD[n], routing_key=f"user-{number}-{turn}")
                try:
                    reply = rank(channel, message, timeout=self.deadline)
                except grpc.RpcError as error:
                    with self.lock:
                        self.failures.append(f"{error.code()}: {error.details()}")
                    continue
                by = reply.served_by
                with self.lock:
                    self.served[by.assigned_arm, by.arm] += 1
                    if by.version == 1 and bits(reply.scores) != self.champion[n]:
                        self.failures.append(f"request {n} has not the champion's scores: {by}")
                    elif by.version != 1 and (by.arm != "candidate" or self.candidate.get(n) != bits(reply.scores)):
                        self.failures.append(f"request {n} has not the candidate's scores: {by}")


def moment(event):
    return datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()


def candidate_scores(registry, version, requests):
    """What the candidate says of the requests that it has numbers for."""
    found = {}
    with serving(registry.path) as server, server.channel() as channel:
        for n in requests:
            try:
                found[n] = bits(rank(channel, rank_request(BAD[n], version=version)).scores)
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.INTERNAL, error
    return found


def start(registry, folder, coverage):
    """The version is pushed past every check, and gets half of the coverage; its number."""
    version = succeed(registry, "push", "sports", folder)["version"]
    succeed(registry, "split", "start", "sports", "--candidate", version, "--coverage", coverage)
    return version


@pytest.mark.parametrize("coverage", [20, 100], ids=["10 %", "50 %"])
def test_a_candidate_without_numbers_for_some_items(registry, tmp_path, coverage):
    version = start(registry, overflowing(registry, 2, tmp_path / "model", BAD_ITEMS), coverage)
    champion = references(registry)
    candidate = candidate_scores(registry, version, range(len(BAD)))
    named = {n for n, request in enumerate(BAD) if {*request["history"], *request["candidates"]} & {*BAD_ITEMS}}
    assert set(candidate) == {*range(len(BAD))} - named and len(named) >= 10  # it does fail, on these alone
    with serving(registry.path) as server:
        admin = AdminPort(server)
        callers = Callers(server, champion, candidate, rounds=400 if coverage == 20 else 120).run()
        assert callers.failures == []
        assert callers.served["candidate", "champion"] >= 5
        assert callers.served["candidate", "candidate"] > 0
        events = [event for event in admin.events() if event.get("arm") == "candidate"]
        faults = [event for event in events if event["event"] == "arm_fault"]
        opened = next(event for event in events if event["event"] == "breaker_opened")
        assert {event["to"] for event in faults} == {"non_finite"} and faults[0]["version"] == version
        assert moment(opened) - moment(faults[4]) <= 0.1
        assert "5 faults within 100 requests" in opened["reason"]
        of = {"model": "sports", "experiment": opened["experiment"], "arm": "candidate"}
        assert admin.value("dien_arm_faults_total", **of, fault="non_finite") >= 5
        assert admin.value("dien_arm_state", **of, state="serving") == 0
        fallbacks = sum(admin.value("dien_arm_fallbacks_total", **of, reason=reason) or 0 for reason in
                        ("non_finite", "breaker_open", "stopped"))
        assert fallbacks == callers.served["candidate", "champion"]
        assert server.wait_for_log("breaker_opened")


@pytest.mark.parametrize("coverage", [20, 100], ids=["10 %", "50 %"])
def test_a_candidate_that_is_a_hundred_times_slower(registry, tmp_path, coverage):
    version = start(registry, slow(registry, tmp_path / "model"), coverage)
    champion = references(registry)
    with serving(registry.path, "--candidate-budget", 10) as server:
        admin = AdminPort(server)
        callers = Callers(server, champion, candidate_scores(registry, version, range(len(BAD))),
                          rounds=200 if coverage == 20 else 60, deadline=2).run()
        assert callers.failures == []
        assert callers.served["candidate", "champion"] >= 5
        events = [event for event in admin.events() if event.get("arm") == "candidate"]
        faults = [event for event in events if event["event"] == "arm_fault"]
        opened = next(event for event in events if event["event"] == "breaker_opened")
        assert {event["to"] for event in faults} == {"over_budget"}
        assert moment(opened) - moment(faults[4]) <= 0.1


@pytest.mark.parametrize("coverage", [20, 100], ids=["10 %", "50 %"])
def test_a_candidate_whose_files_lose_pages(registry, tmp_path, coverage):
    named = {item for request in BAD for item in (*request["history"], *request["candidates"])}
    unnamed = next(item for item in range(1, 18_000) if item not in named)
    # Of other bytes than every other version, and well as long as its files are.
    version = start(registry, overflowing(registry, 2, tmp_path / "model", [unnamed]), coverage)
    champion = references(registry)
    candidate = candidate_scores(registry, version, range(len(BAD)))
    with serving(registry.path) as server:
        admin = AdminPort(server)
        callers = Callers(server, champion, candidate, rounds=300)
        cutting = threading.Timer(0.2, lose_pages, (registry, "sports", version))
        cutting.start()
        callers.run()
        cutting.join()
        assert callers.failures == []
        deadline = time.monotonic() + 5
        while admin.state("sports", version) != "quarantined":
            assert time.monotonic() < deadline, server.log()
            time.sleep(0.05)
        more = Callers(server, champion, {}, rounds=40).run()
        assert more.failures == [] and more.served["candidate", "candidate"] == 0
        assert more.served["candidate", "champion"] > 0


def wait_for_epoch(channel, epoch):
    deadline = time.monotonic() + 10
    while rank(channel, rank_request(REQUESTS[1])).served_by.registry_epoch < epoch:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_faults_too_seldom_for_the_breaker_stop_the_arm_until_the_experiment_begins_anew(registry, tmp_path):
    version = start(registry, overflowing(registry, 2, tmp_path / "model", BAD_ITEMS), 100)
    always = dict(REQUESTS[0], candidates=BAD_ITEMS)
    with serving(registry.path) as server, server.channel() as channel:
        admin = AdminPort(server)
        keys = (f"user-{number}" for number in range(100_000))

        def good():
            """A key of the candidate's arm, after a request that it answered."""
            while True:
                key = next(keys)
                by = rank(channel, rank_request(REQUESTS[1], routing_key=key)).served_by
                if by.assigned_arm == "candidate":
                    assert by.arm == "candidate"
                    return key

        faults = 0
        while not any(event["event"] == "arm_stopped" for event in admin.events()):
            assert faults < 11  # ln E of (0, 11) is above ln 100: test_statistics has the vectors
            for _ in range(25):
                key = good()
            by = rank(channel, rank_request(always, routing_key=key)).served_by
            assert (by.assigned_arm, by.arm, by.version) == ("candidate", "champion", 1)
            faults += 1
        assert faults == 11 and not any(event["event"] == "breaker_opened" for event in admin.events())
        (stopped,) = [event for event in admin.events() if event["event"] == "arm_stopped"]
        assert "11 units of candidate with a bad event beside 0 of control" in stopped["reason"]
        of = {"model": "sports", "experiment": stopped["experiment"], "arm": "candidate"}
        assert admin.value("dien_arm_state", **of, state="stopped") == 1
        # Another epoch of the same experiment changes nothing.
        wait_for_epoch(channel, succeed(registry, "split", "allow", "sports", "qa", "--arm", "candidate")["epoch"])
        by = rank(channel, rank_request(REQUESTS[1], routing_key="qa")).served_by
        assert (by.assigned_arm, by.arm, by.version) == ("candidate", "champion", 1)
        assert admin.value("dien_arm_fallbacks_total", **of, reason="stopped") == 1
        succeed(registry, "split", "stop", "sports")
        wait_for_epoch(channel, succeed(registry, "split", "start", "sports", "--candidate", version, "--coverage", 100,
                                        "--allow", "qa=candidate")["epoch"])
        by = rank(channel, rank_request(REQUESTS[1], routing_key="qa")).served_by
        assert (by.arm, by.version) == ("candidate", version)
