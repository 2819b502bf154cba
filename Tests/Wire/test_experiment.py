"""An experiment seen by a caller: who answers, what the reply says, what a ramp moves, what is counted."""

import hashlib
import json
import time

import pytest
from calls import rank, rank_request, real_requests
from processes import run, serving
from registry_tool import succeed

REQUEST = real_requests("paper")[0]
USERS = [f"user-{number}" for number in range(400)]


def position(salt, unit):
    """registry/README.md, algorithm sha256, in Python."""
    digest = hashlib.sha256(salt.encode() + b"\0" + unit.encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def expected_arm(split, unit):
    """By the state alone: arm i owns [start_i, start_i + coverage · weight_i)."""
    total, start = sum(arm["weight"] for arm in split["arms"]), 0.0
    place = position(split["salt"], unit)
    for arm in split["arms"]:
        share = arm["weight"] / total
        if start <= place < start + split["coverage"] / 10_000 * share:
            return arm["name"]
        start += share
    return ""


class Experiment:
    """A server that follows a registry with a split."""

    def __init__(self, server, registry, channel):
        self.server, self.registry, self.channel = server, registry, channel

    def commit(self, *command):
        answer = succeed(self.registry, *command)
        deadline = time.monotonic() + 10
        while self.ask("").registry_epoch < answer["epoch"]:
            assert time.monotonic() < deadline, self.server.log()
            time.sleep(0.01)
        return answer

    def ask(self, unit, **fields):
        return rank(self.channel, rank_request(REQUEST, routing_key=unit, **fields)).served_by

    def status(self):
        result = run("dien-client", "status", "--server", self.server.address, "--json")
        return json.loads(result.stdout)["models"][0]


@pytest.fixture
def experiment(registry):
    with serving(registry.path) as server, server.channel() as channel:
        yield Experiment(server, registry, channel)


def test_each_user_meets_the_arm_that_the_state_says_and_stays_in_it_through_a_ramp(experiment):
    split = experiment.commit("split", "start", "sports", "--candidate", 2, "--coverage", 30)["split"]
    first = {user: experiment.ask(user) for user in USERS}
    for user, by in first.items():
        assert by.assigned_arm == expected_arm(split, user)
        assert by.arm == (by.assigned_arm or "champion")
        assert by.version == (2 if by.assigned_arm == "candidate" else 1)
        assert by.experiment == split["salt"]
    assert {by.assigned_arm for by in first.values()} == {"", "candidate", "control"}

    ramped = experiment.commit("split", "ramp", "sports", 100)["split"]
    second = {user: experiment.ask(user) for user in USERS}
    assert all(by.assigned_arm == expected_arm(ramped, user) for user, by in second.items())
    moved = [user for user in USERS if first[user].assigned_arm and first[user].assigned_arm != second[user].assigned_arm]
    assert moved == []

    experiment.commit("split", "stop", "sports")
    assert experiment.ask(USERS[0]).experiment == "" and experiment.ask(USERS[0]).arm == "champion"


def test_requests_without_a_key_get_the_champion_and_are_counted(experiment):
    experiment.commit("split", "start", "sports", "--candidate", 2, "--coverage", 100, "--allow", "qa=candidate")
    before = experiment.status()["split"]
    for _ in range(5):
        by = experiment.ask("")
        assert (by.arm, by.assigned_arm, by.version) == ("champion", "", 1)
    assert experiment.ask("qa").arm == "candidate"
    after = experiment.status()["split"]
    assert after["unassigned"] - before["unassigned"] == 5
    assert after["overridden"] - before["overridden"] == 1


def test_a_pinned_version_or_alias_takes_no_part(experiment):
    experiment.commit("split", "start", "sports", "--candidate", 2, "--coverage", 100, "--allow", "qa=candidate")
    pinned = rank(experiment.channel, rank_request(REQUEST, version=1, routing_key="qa")).served_by
    assert (pinned.arm, pinned.experiment, pinned.version) == ("version-1", "", 1)
    alias = rank(experiment.channel, rank_request(REQUEST, alias="champion", routing_key="qa")).served_by
    assert (alias.arm, alias.experiment, alias.version) == ("champion", "", 1)


def test_a_shadow_is_loaded_and_answers_nobody(experiment):
    experiment.commit("shadow", "sports", 2, 50)
    assert all(experiment.ask(user).version == 1 for user in USERS[:20])
    assert {version["version"]: version["state"] for version in experiment.status()["versions"]}[2] == "READY"


def test_the_log_tells_who_was_assigned_and_who_answered(registry):
    succeed(registry, "split", "start", "sports", "--candidate", 2, "--coverage", 100, "--allow", "qa=candidate")
    with serving(registry.path, "--log-level", "debug") as server, server.channel() as channel:
        rank(channel, rank_request(REQUEST, routing_key="qa", request_id="request-17"))
        assert server.wait_for_log("request=request-17")
        line = next(line for line in server.lines if "request=request-17" in line)
        for fact in ("assigned=candidate", "served=candidate", "version=2", "epoch=4"):
            assert fact in line
