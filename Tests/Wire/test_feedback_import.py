"""dien-registry feedback import: what comes of files is held against what servers counted of the same events over the wire."""

import base64
import csv
import gzip
import io
import json
import time

import pytest

from registry_tool import succeed, tool
from request_log import read
from test_judge import POLICY, check, judge
from traffic import Traffic, replicas

USAGE, REFUSED, INSUFFICIENT, PASS = 2, 4, 7, 0
WINDOW = 3  # seconds: long beside what a report takes on a busy machine
EVERYTHING = ("--attribution-window", WINDOW, "--request-log-share", 100)


@pytest.fixture
def policy(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(POLICY | {"aucMargin": 0.9}))
    return path


@pytest.fixture
def split(registry):
    succeed(registry, "split", "start", "sports", "--candidate", 2, "--coverage", 100)
    return registry


class Kept(Traffic):
    """Keeps what it reports."""

    def __init__(self, servers):
        super().__init__(servers)
        self.kept = []

    def outcome(self, user, reply):
        outcome = super().outcome(user, reply)
        self.kept.append((time.time(), outcome))
        return outcome


def events(kept):
    """(time, request id, token, position, click) of each item that was shown."""
    for when, outcome in kept:
        for item in outcome.items:
            yield when, outcome.request_id, outcome.feedback_token, item.position, item.click


def write(kept, folder):
    """The same events in two files: JSON lines by request id, and a packed table by token; the paths."""
    rows = list(events(kept))
    lines, table = folder / "shown.jsonl", folder / "shown.csv.gz"
    lines.write_text("".join(
        json.dumps({"request_id": request, "position": position, "impression": True, "click": click, "time": when, "page": 3}) + "\n"
        for when, request, _, position, click in rows[::2]))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["token", "position", "shown", "clicked", "timestamp"])
    for when, _, token, position, click in rows[1::2]:
        writer.writerow([base64.b64encode(token).decode(), position, 1, int(click), int(when * 1000)])
    table.write_bytes(gzip.compress(text.getvalue().encode()))
    return lines, table


def figures(answer):
    return {each["name"]: each for each in answer["checks"] if "replicas" not in each["name"]}


def assert_same(one, other):
    one, other = figures(one), figures(other)
    assert one.keys() == other.keys()
    for name in one:
        for figure in ("decision", "value", "lower", "upper"):
            assert one[name].get(figure) == (pytest.approx(other[name][figure], rel=1e-9, abs=1e-12)
                                             if isinstance(other[name].get(figure), float) else other[name].get(figure)), name


def test_files_joined_to_the_log_are_judged_as_what_the_servers_counted_of_the_same_events(split, policy, tmp_path):
    log, saved = tmp_path / "log", tmp_path / "counters.json"
    with replicas(split, tmp_path / "key", 1, *EVERYTHING, "--request-log", log) as servers:
        with Kept(servers) as traffic:
            traffic.wait_for(600)
        assert traffic.failures == []
        time.sleep(WINDOW * 1.3 + 0.5)
        _, counted = judge(split, "--from", servers[0].address, "--policy", policy)
        report = succeed(split, "feedback", "import", *write(traffic.kept, tmp_path), "--requests", log, "--output", saved,
                         "--attribution-window", WINDOW, "--count-requests")
        status, imported = judge(split, "--from", saved, "--policy", policy)
    assert status == PASS and counted["decision"] == "PASS", (report, imported, counted)
    print(report)
    assert_same(imported, counted)
    for arm in ("candidate", "control"):
        assert {**imported[arm]} == pytest.approx(counted[arm])
    clicks = sum(click for *_, click in events(traffic.kept))
    assert report["lines"] == report["arms"][0]["impressions"] + report["arms"][1]["impressions"] == 4 * len(traffic.answers)
    assert report["events"] == {"accepted": 4 * len(traffic.answers) + clicks, "duplicate": 0, "early": 0, "invalid": 0,
                                "late": 0, "unmatched": 0}
    assert report["requests"] == len(traffic.answers) and report["malformed"] == {"count": 0, "first": []}


def test_outcomes_of_files_are_added_to_the_requests_that_servers_counted(split, policy, tmp_path):
    log, saved = tmp_path / "log", tmp_path / "counters.json"
    with replicas(split, tmp_path / "key", 1, *EVERYTHING, "--request-log", log) as servers:
        with Traffic(servers, impressions=0) as traffic:
            traffic.wait_for(600)
        time.sleep(WINDOW * 1.3 + 0.5)
        assert judge(split, "--from", servers[0].address, "--policy", policy)[0] == INSUFFICIENT
        lines = [{"request_id": record.request_id, "item": record.request.candidates[0].ids[place],
                  "event": "shown", "clicked": place == 0 and n % 3 == 0}
                 for n, record in enumerate(read(log)) for place in range(4)]
        (tmp_path / "shown.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        succeed(split, "feedback", "import", tmp_path / "shown.jsonl", "--event", "impression", "--requests", log,
                "--output", saved, "--attribution-window", WINDOW)
        status, answer = judge(split, "--from", saved, servers[0].address, "--policy", policy)
    assert status == PASS, answer
    assert [each["name"] for each in answer["replicas"]][0] == "import counters.json"
    for arm in ("candidate", "control"):
        mine = [each for each in traffic.answers if each[1] == arm]
        assert answer[arm]["requests"] == answer[arm]["units"] == len(mine)
        assert answer[arm]["impressions"] == 4 * len(mine)
    assert sum(answer[arm]["clicks"] for arm in ("candidate", "control")) == sum(n % 3 == 0 for n in range(len(traffic.answers)))


def test_malformed_lines_are_counted_and_the_first_ten_told_or_end_it(split, tmp_path):
    log, path, saved = tmp_path / "log", tmp_path / "lines.jsonl", tmp_path / "counters.json"
    with replicas(split, tmp_path / "key", 1, *EVERYTHING, "--request-log", log) as servers:
        with Traffic(servers) as traffic:
            traffic.wait_for(3)
    good = json.dumps({"request_id": "r-1", "position": 0, "click": 1})
    bad = ["{", '{"request_id":"r-1"}', '{"position":0,"click":1}', '{"request_id":"r-1","position":-1,"click":1}',
           '{"request_id":"r-1","position":0}', '{"request_id":"r-1","position":0,"click":"maybe"}', "[]", "nonsense",
           '{"request_id":"r-1","position":0,"revenue":"1e400"}', '{"token":"!","position":0,"click":1}', "7", '"x"']
    path.write_text("\n".join([good, *bad, good]) + "\n")
    command = ("feedback", "import", path, "--requests", log, "--output", saved)
    result = tool(split, *command, "--json")
    assert result.returncode == 0
    told = result.stderr.splitlines()
    assert len(told) == 11 and told[-1].endswith("and 2 more malformed lines"), told
    for number, line in enumerate(told[:10], start=2):
        assert f"lines.jsonl, line {number}: " in line
    report = json.loads(result.stdout)
    assert (report["lines"], report["malformed"]["count"], len(report["malformed"]["first"])) == (2, 12, 10)
    assert report["events"]["unmatched"] == 2
    saved.unlink()
    strict = tool(split, *command, "--strict")
    assert strict.returncode == REFUSED and "line 2" in strict.stderr and not saved.exists()
    assert "2 lines, 12 malformed" in tool(split, *command).stdout


def test_what_names_no_files_or_no_log_is_refused(split, tmp_path):
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps({"request_id": "r-1", "position": 0, "click": 1}) + "\n")
    output = ("--output", tmp_path / "counters.json")
    for arguments, status in (((path, *output), USAGE), ((path, "--requests", tmp_path / "nowhere", *output), 5),
                              ((tmp_path / "nothing", "--requests", tmp_path, *output), 5),
                              ((path, "--requests", path, *output), USAGE),
                              ((path, "--requests", tmp_path, "--event", "look", *output), USAGE)):
        result = tool(split, "feedback", "import", *arguments)
        assert result.returncode == status, (arguments, result.returncode, result.stderr)
    table = tmp_path / "table.csv"
    table.write_text("user,page\n1,2\n")
    result = tool(split, "feedback", "import", table, "--requests", tmp_path, *output)
    assert result.returncode == REFUSED and "request_id" in result.stderr
    assert not (tmp_path / "counters.json").exists()
