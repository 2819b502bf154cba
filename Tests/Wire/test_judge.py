"""dien-registry judge and ramp on real replicas: traffic, feedback, a verdict, and what becomes of the candidate."""

import json
import signal
import subprocess
import time

import pytest
from safetensors.numpy import load

from calls import rank, rank_request, real_requests
from closed_loop import Callers, bits, commit
from failing_versions import overflowing
from processes import binary, serving
from registry_folder import copy_registry
from registry_tool import succeed, tool
from stubs import models, models_grpc
from traffic import REQUEST, Traffic, replicas

PASS, USAGE, PRECONDITION, REFUSED, HOLD, INSUFFICIENT, FAIL = 0, 2, 3, 4, 6, 7, 8
# What a few hundred users can show.
POLICY = {"minimumUnits": 50, "minimumImpressions": 200, "clickMargin": 0.9, "logLossMargin": 0.9, "aucMargin": 0.5,
          "calibrationTolerance": 10, "tuning": 1000, "minimumShadowedRequests": 20, "latencyTolerance": 100}


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(POLICY))
    return path


@pytest.fixture
def split(registry):
    succeed(registry, "split", "start", "sports", "--candidate", 2, "--coverage", 100)
    return registry


def addresses(servers):
    return ["--from", *(server.address for server in servers)]


def judge(registry, *arguments):
    """(exit status, the JSON answer)"""
    result = tool(registry, "judge", "sports", *arguments, "--json")
    assert result.returncode in (PASS, HOLD, INSUFFICIENT, FAIL), (result.returncode, result.stderr)
    return result.returncode, json.loads(result.stdout)


def check(answer, name):
    return next(each for each in answer["checks"] if each["name"] == name)


def counted(servers, arm, quantity):
    """What the servers themselves say, summed here."""
    total = 0
    for server in servers:
        with server.channel() as channel:
            reply = models_grpc.ModelsStub(channel).Counters(models.CountersRequest(model="sports"), timeout=10)
        total += sum(sum(getattr(each.sums, quantity)) for experiment in reply.models[0].experiments if experiment.running
                     for each in experiment.arms if each.arm == arm)
    return total


def wait_until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_sample_of_feedback_is_judged_promoted_and_judged_again(split, policy, tmp_path):
    with replicas(split, tmp_path / "key", 3, "--attribution-window", 1) as servers:
        assert judge(split, *addresses(servers))[0] == INSUFFICIENT
        with Traffic(servers) as traffic:
            traffic.wait_for(600)
        assert traffic.failures == []
        wait_until(lambda: counted(servers, "candidate", "impressions") + counted(servers, "control", "impressions")
                   == 4 * len(traffic.answers))

        refused = tool(split, "promote", "sports", 2, "--require-judge", *addresses(servers))
        assert refused.returncode == REFUSED and "the verdict is no PASS" in refused.stderr, refused.stderr
        evidence, saved = tmp_path / "evidence.json", tmp_path / "counters.json"
        status, answer = judge(split, *addresses(servers), "--policy", policy, "--evidence", evidence, "--save", saved)
        assert (status, answer["decision"]) == (PASS, "PASS"), answer
        for arm in ("candidate", "control"):
            mine = [each for each in traffic.answers if each[1] == arm]
            assert answer[arm]["requests"] == answer[arm]["units"] == len(mine) == counted(servers, arm, "requests")
            assert answer[arm]["impressions"] == 4 * len(mine)
            assert answer[arm]["clicks"] == counted(servers, arm, "clicks")
        assert [each["part"] for each in answer["replicas"]] == ["counted"] * 3
        lift = check(answer, "click-through rate")
        rates = [answer[arm]["clicks"] / answer[arm]["impressions"] for arm in ("candidate", "control")]
        assert lift["value"] == pytest.approx(rates[0] / rates[1] - 1, abs=1e-12)
        assert lift["lower"] < lift["value"] < lift["upper"]

        # The same from what was saved, while the servers go on.
        again = judge(split, "--from", saved, "--policy", policy)[1]
        assert again["checks"] == answer["checks"]

        other = tool(split, "promote", "sports", 2, "--require-judge", "--evidence", evidence)
        assert other.returncode == PRECONDITION and "another policy" in other.stderr
        strict = ("promote", "sports", 2, "--require-judge", "--policy", policy, "--evidence", evidence)
        time.sleep(1.1)
        assert tool(split, *strict, "--evidence-age", 1).returncode == PRECONDITION
        promoted = succeed(split, *strict, "--stop-split")
        assert promoted["version"] == 2 and promoted["committed"]

    state = split.state()
    assert "split" not in state["models"]["sports"]
    assert split.blob_path(state["evidence"]["digest"]).read_bytes() == evidence.read_bytes()
    replay = succeed(split, "judge", "sports", "--epoch", promoted["epoch"])
    assert replay["replay"] == {"differences": [], "same": True} and replay["checks"] == answer["checks"]
    assert succeed(split, "log", "--limit", 1)["epochs"][0]["evidence"] == state["evidence"]["digest"] == answer["evidence"]
    assert "user-" not in evidence.read_text() and evidence.stat().st_size < 600_000
    assert succeed(split, "gc", "--apply") and succeed(split, "fsck")["ok"]
    assert split.blob_path(state["evidence"]["digest"]).exists()


def test_missing_and_differing_replicas_are_named(split, policy, tmp_path):
    with replicas(split, tmp_path / "key", 2, "--attribution-window", 1) as servers:
        with Traffic(servers) as traffic:
            traffic.wait_for(300)
        time.sleep(2.5)
        asked = [*addresses(servers), "127.0.0.1:9"]
        status, answer = judge(split, *asked, "--policy", policy)
        assert status == INSUFFICIENT and answer["decision"] == "INSUFFICIENT"
        assert "127.0.0.1:9 does not answer" in check(answer, "replicas")["reason"]
        assert [each["part"] for each in answer["replicas"]] == ["counted", "counted", "silent"]
        assert judge(split, *asked, "--policy", policy, "--allow-missing")[0] == PASS

        # One that follows a copy where the experiment is another is left out, and that stops nothing.
        twice = tool(split, "judge", "sports", *addresses(servers), servers[0].address)
        assert twice.returncode == USAGE and "twice" in twice.stderr
        elsewhere = copy_registry(split.path, tmp_path / "elsewhere")
        succeed(elsewhere, "split", "ramp", "sports", 50, "--down")
        with serving(elsewhere.path, "--feedback-key", tmp_path / "key") as stranger:
            status, answer = judge(split, *addresses(servers), stranger.address, "--policy", policy)
            assert status == PASS
            assert [each["part"] for each in answer["replicas"]] == ["counted", "counted", "leftOut"]
            assert "epoch 5" in answer["replicas"][2]["reason"]
        # An epoch about something else changes nothing of the experiment, and counts.
        succeed(elsewhere, "split", "ramp", "sports", 100)
        saved = tmp_path / "saved.json"
        judge(split, *addresses(servers), "--policy", policy, "--save", saved)
        succeed(split, "tag", "sports", 2, "tried")
        assert judge(split, "--from", saved, "--policy", policy)[0] == PASS


def test_files_that_are_no_counters_policy_or_evidence_are_refused(split, tmp_path):
    junk = tmp_path / "junk.json"
    for content in ("", "{}", '{"format":"dien-counters/1"}', "[" * 100_000):
        junk.write_text(content)
        for command in (("judge", "sports", "--from", junk), ("judge", "sports", "--from", "127.0.0.1:9", "--policy", junk),
                        ("split", "stop", "sports", "--evidence", junk),
                        ("promote", "sports", 2, "--require-judge", "--evidence", junk)):
            if command[:2] == ("judge", "sports") and "--policy" in command and content == "{}":
                continue
            result = tool(split, *command)
            assert result.returncode == REFUSED, (content[:40], command, result.stdout, result.stderr)
            assert "junk.json" in result.stderr and len(result.stderr.splitlines()) == 1
    for command in (("judge", "sports"), ("judge", "sports", "--from", "nowhere:x"), ("judge", "sports", "--epoch", 3)):
        assert tool(split, *command).returncode == USAGE
    assert split.state()["epoch"] == 4


# ---------------------------------------------------------------- ramps


class Ramp:
    """`ramp run` as a process; its lines as they come."""

    def __init__(self, registry, *arguments):
        command = [binary("dien-registry"), "ramp", "run", "sports", "--registry", registry.path, "--json", *arguments]
        self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def lines(self):
        for line in self.process.stdout:
            yield json.loads(line)

    def end(self, seconds=90):
        """(exit status, the lines of all looks)"""
        out, errors = self.process.communicate(timeout=seconds)
        assert errors == "", errors
        return self.process.returncode, [json.loads(line) for line in out.splitlines()]


def plan(path, *shares, hold=1, units=50):
    phases = [{"share": share, "holdSeconds": hold, "minimumUnits": units} for share in shares]
    path.write_text(json.dumps({"phases": phases}))
    return path


def test_a_good_candidate_is_ramped_up_and_promoted_with_evidence_in_every_epoch(registry, policy, tmp_path):
    phases = plan(tmp_path / "plan.json", 1000, 5000, 10_000)
    with replicas(registry, tmp_path / "key", 3, "--attribution-window", 1) as servers, Traffic(servers, pause=0.002) as traffic:
        with Ramp(registry, "--candidate", 2, *addresses(servers), "--policy", policy, "--plan", phases, "--auto-promote",
                  "--period", 0.3) as ramp:
            status, looks = ramp.end()
        assert status == PASS, json.dumps(looks[-1])
        changes = [look["change"] for look in looks if "change" in look]
        assert changes == ["split start 2 at 10 %", "split ramp to 50 %", "promote 2"]
        wait_until(lambda: traffic.answers[-1][3] >= looks[-1]["committed"])
    assert traffic.failures == []
    sports = registry.state()["models"]["sports"]
    assert sports["aliases"]["champion"] == 2 and "split" not in sports and sports["retiredSalts"] == ["sports.4"]
    for epoch in (5, 6):
        answer = succeed(registry, "judge", "sports", "--epoch", epoch)
        assert answer["replay"]["same"] and answer["epoch"] == epoch - 1
    assert succeed(registry, "judge", "sports", "--epoch", 6)["decision"] == "PASS"


def test_without_leave_a_ramp_asks_and_goes_on_from_the_state_after_a_kill(registry, policy, tmp_path):
    phases = plan(tmp_path / "plan.json", 1000, 5000, 10_000, hold=0)
    with replicas(registry, tmp_path / "key", 2, "--attribution-window", 1) as servers, Traffic(servers, pause=0.002):
        arguments = ("--candidate", 2, *addresses(servers), "--policy", policy, "--plan", phases, "--period", 0.3)
        with Ramp(registry, *arguments) as ramp:
            look = next(ramp.lines())
            assert look["action"] == "ask" and registry.state()["epoch"] == 3
            run = look["run"].split()
            assert run[0] == "dien-registry"
            succeed(registry, *run[1:])
            asked = next(look for look in ramp.lines() if look["action"] == "ask" and look["epoch"] == 4)
            assert asked["change"] == "split ramp to 50 %"
            ramp.process.send_signal(signal.SIGINT)
            assert ramp.process.wait(timeout=10) != 0
        succeed(registry, *asked["run"].split()[1:])
        with Ramp(registry, *arguments[2:]) as ramp:
            promoted = next(look for look in ramp.lines() if look["action"] == "ask")
            assert (promoted["phase"], promoted["share"], promoted["change"]) == (3, 5000, "promote 2")
            # Somebody ends the experiment: the ramp is over and begins no other.
            succeed(registry, "split", "stop", "sports")
            status, looks = ramp.end()
            assert status == PRECONDITION and looks[-1]["action"] == "finish"
    assert registry.state()["epoch"] == 6


def poisoned(registry, tmp_path):
    """A copy of version 2 that passes every check, and scores one item as no number: its row overflows in the head."""
    contents = registry.files("sports", 2)
    golden = [json.loads(line) for line in contents["golden.jsonl"].splitlines()]
    used = {item for line in golden for role in ("history", "candidates") for item in line[role]["item"]}
    vocabulary = load(contents["vocabulary.safetensors"])
    used_rows = {int(row) for identifier, row in zip(vocabulary["item.ids"], vocabulary["item.rows"])
                 if int(identifier) in used}
    identifier, row = next((int(i), int(r)) for i, r in zip(vocabulary["item.ids"], vocabulary["item.rows"])
                           if r and int(i) not in used and int(r) not in used_rows)

    return overflowing(registry, 2, tmp_path / "poisoned", [row]), identifier


@pytest.mark.timeout(180)
def test_a_candidate_that_gives_no_numbers_loses_its_traffic_on_three_replicas_within_three_seconds(
        registry, tmp_path):
    folder, item = poisoned(registry, tmp_path)
    version = succeed(registry, "push", "sports", folder)["version"]
    succeed(registry, "split", "start", "sports", "--candidate", version, "--coverage", 20)
    request = REQUEST | {"candidates": [*REQUEST["candidates"], item]}
    with replicas(registry, tmp_path / "key", 3) as servers, Ramp(registry, *addresses(servers)) as ramp:
        assert next(ramp.lines())["action"] == "wait"
        with Traffic(servers, request=request, pause=0.001) as traffic:
            status, looks = ramp.end()
            assert status == FAIL, looks[-3:]
            epoch = looks[-1]["committed"]
            wait_until(lambda: all(each[3] >= epoch for each in traffic.answers[-12:]))
            time.sleep(0.3)
    assert traffic.failures == []
    # The champion answered them: they were the candidate's.
    exposed = sorted(each[0] for each in traffic.answers if each[1] == "candidate")
    seconds = exposed[-1] - exposed[0]
    print(f"first request of the candidate to the last on three replicas: {seconds:.2f} s, {len(exposed)} requests")
    assert len(exposed) >= 10
    assert seconds <= 3
    sports = registry.state()["models"]["sports"]
    assert "split" not in sports and sports["retiredSalts"] == [f"sports.{epoch - 1}"]
    answer = succeed(registry, "judge", "sports", "--epoch", epoch)
    assert answer["decision"] == "FAIL" and answer["replay"]["same"]
    again = tool(registry, "ramp", "run", "sports", "--candidate", version, *addresses(servers), "--once")
    assert again.returncode == PRECONDITION and f"version {version} failed at epoch {epoch}" in again.stdout


def test_from_the_rollback_command_to_the_last_old_answer_is_less_than_a_second(registry):
    requests = real_requests("paper")[:4]
    messages = [rank_request(request) for request in requests]
    with serving(registry.path) as server:
        references = {}
        with server.channel() as channel:
            for alias in ("champion", "challenger"):
                for place, request in enumerate(requests):
                    reply = rank(channel, rank_request(request, alias=alias))
                    references[reply.served_by.digest, place] = bits(reply.scores)
        epoch = succeed(registry, "promote", "sports", 2)["epoch"]
        with Callers(server, messages, references, pause=0.002) as callers:
            assert callers.wait_for(epoch, every=True)
            started, _ = commit(registry, epoch + 1, "rollback", "sports", "--reason", "calibration off")
            assert callers.wait_for(epoch + 1, every=True)
            time.sleep(0.5)
    assert callers.failed == callers.wrong == 0, callers.failures
    seconds = callers.last_reply_before(epoch + 1, started) / 1e9
    print(f"from the command to the last old answer: {seconds:.3f} s")
    assert seconds <= 1
