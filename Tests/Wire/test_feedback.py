"""Outcomes and counters seen by a caller: what is believed, what is counted, and that replicas add up to one."""

import hashlib
import hmac
import math
import threading
import time

import grpc
import pytest
from admin_port import AdminPort
from calls import column, rank, rank_all, rank_request, real_requests, refusal
from processes import run, serving
from registry_tool import succeed
from stubs import feedback, feedback_grpc, models, models_grpc

REQUEST = real_requests("paper")[0]
COUNTS = ("accepted", "late", "early", "unmatched", "duplicate", "invalid")


def answered(channel, user="user-1", **fields):
    return rank(channel, rank_request(REQUEST, routing_key=user, **fields))


def outcome(reply, position=0, **events):
    return feedback.RequestOutcomes(
        feedback_token=reply.feedback_token, request_id=reply.request_id,
        items=[feedback.ItemOutcome(position=position, score=reply.scores[position], **events)])


def report(channel, *outcomes):
    return feedback_grpc.FeedbackStub(channel).Report(feedback.ReportRequest(outcomes=outcomes), timeout=20)


def counts(reply):
    return {name: getattr(reply.counts, name) for name in COUNTS if getattr(reply.counts, name)}


def counters(channel, model=""):
    return models_grpc.ModelsStub(channel).Counters(models.CountersRequest(model=model), timeout=20)


def arms(reply, experiment=None):
    """By name, of one experiment or, without, of the first that runs and has a name."""
    found = [each for each in reply.models[0].experiments
             if (each.experiment == experiment if experiment is not None else each.experiment and each.running)]
    return {arm.arm: arm for arm in found[0].arms}


def bucket(unit):
    digest = hashlib.sha256(b"dien.bucket\0" + unit.encode()).digest()
    return int.from_bytes(digest[8:16], "big") % 1024


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(bytes(range(48)))
    path.chmod(0o600)
    return path


@pytest.fixture
def split(registry):
    succeed(registry, "split", "start", "sports", "--candidate", 2, "--coverage", 100)
    return registry


def test_outcomes_are_counted_by_arm_and_bucket_once_their_window_is_over(split, key):
    with serving(split.path, "--feedback-key", key, "--attribution-window", 2) as server, server.channel() as channel:
        replies = {f"user-{number}": answered(channel, f"user-{number}") for number in range(60)}
        by_arm = {}
        for user, reply in replies.items():
            assert counts(report(channel, outcome(reply, 3, impression=True, click=True, revenue=1.5))) == {"accepted": 3}
            assert counts(report(channel, outcome(reply, 5, impression=True))) == {"accepted": 1}
            by_arm.setdefault(reply.served_by.assigned_arm, []).append((bucket(user), reply))
        assert set(by_arm) == {"candidate", "control"}
        first = arms(counters(channel))
        assert sum(arm.open.impressions + sum(arm.sums.impressions) for arm in first.values()) == 120
        deadline = time.monotonic() + 10
        while any(arm.open.impressions for arm in arms(counters(channel)).values()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        for name, arm in arms(counters(channel)).items():
            expected = [[0.0] * 1024 for _ in range(4)]
            loss = 0.0
            for number, reply in by_arm[name]:
                clicked, shown = reply.scores[3], reply.scores[5]
                for column, amount in zip(expected, (2, 1, 1.5, clicked + shown)):
                    column[number] += amount
                loss -= math.log(clicked) + math.log1p(-shown)
            sums = arm.sums
            assert (list(sums.impressions), list(sums.clicks), list(sums.revenue)) == tuple(expected[:3])
            assert list(sums.predicted_clicks) == pytest.approx(expected[3], abs=1e-12)
            assert sum(sums.log_loss) == pytest.approx(loss, rel=1e-9)
            assert sum(sums.requests) == len(by_arm[name]) == len(arm.units.hashes) and arm.units.level == 0
            assert sum(sums.candidates) == sum(len(reply.scores) for _, reply in by_arm[name])
            assert not sums.conversions and not sums.errors and arm.control == (name == "control")
        reply = next(iter(replies.values()))
        assert counts(report(channel, outcome(reply, 7, click=True))) == {"late": 1}


def test_only_what_was_served_can_be_labelled(split, key, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(bytes(reversed(range(48))))
    other.chmod(0o600)
    with serving(split.path, "--feedback-key", key) as server, server.channel() as channel, \
            serving(split.path, "--feedback-key", other) as stranger, stranger.channel() as abroad:
        reply, second = answered(channel), answered(channel)
        token = reply.feedback_token
        for changed in [bytes(token[:20]) + bytes([token[20] ^ 1]) + bytes(token[21:]), token[:-1], b"", b"x" * len(token)]:
            forged = outcome(reply, impression=True)
            forged.feedback_token = changed
            assert counts(report(channel, forged)) == {"unmatched": 1}
        swapped = outcome(reply, impression=True, click=True)
        swapped.request_id = second.request_id
        assert counts(report(channel, swapped)) == {"unmatched": 2}
        assert counts(report(abroad, outcome(reply, impression=True))) == {"unmatched": 1}
        assert counts(report(channel, outcome(answered(abroad), impression=True))) == {"unmatched": 1}
        without = outcome(reply, impression=True)
        without.request_id = ""
        assert counts(report(channel, without)) == {"accepted": 1}
        assert hmac.new(key.read_bytes(), token[:-16], hashlib.sha256).digest()[:16] == token[-16:]


def test_what_cannot_be_is_invalid_and_what_was_told_is_a_duplicate(server, channel):
    reply = answered(channel)
    beyond = outcome(reply, click=True)
    beyond.items[0].position = len(reply.scores)
    wrong = [outcome(reply), beyond]
    for field, value in [("score", 1.5), ("score", math.nan), ("revenue", math.inf), ("cost", math.nan), ("cost", 1e13)]:
        wrong.append(outcome(reply, impression=True))
        setattr(wrong[-1].items[0], field, value)
    assert report(channel, *wrong).counts.invalid >= len(wrong)
    before = AdminPort(server).value("dien_feedback_events_total", result="accepted")
    shown = outcome(reply, 1, impression=True)
    assert counts(report(channel, shown, shown)) == {"accepted": 1, "duplicate": 1}
    more = outcome(reply, 1, impression=True, click=True, conversion=True, revenue=3, cost=0.5)
    assert counts(report(channel, more)) == {"accepted": 4, "duplicate": 1}
    assert counts(report(channel, more)) == {"duplicate": 5}
    admin = AdminPort(server)
    assert admin.value("dien_feedback_events_total", result="accepted") == before + 5
    assert admin.value("dien_feedback_events_total", result="duplicate") == 7
    assert admin.value("dien_feedback_items") >= 1


def test_a_stream_of_a_thousand_reports_is_summed_up(channel):
    replies = rank_all(channel, [rank_request(REQUEST, routing_key=f"stream-{number}") for number in range(250)])

    def reports():
        for number in range(1000):
            yield feedback.ReportRequest(outcomes=[outcome(replies[number % 250], number // 250, impression=True)])

    assert counts(feedback_grpc.FeedbackStub(channel).ReportStream(reports(), timeout=60)) == {"accepted": 1000}
    assert counts(feedback_grpc.FeedbackStub(channel).ReportStream(reports(), timeout=60)) == {"duplicate": 1000}
    assert counts(feedback_grpc.FeedbackStub(channel).ReportStream(iter(()), timeout=60)) == {}


def test_large_messages_of_a_stream_go_through_its_window(channel):
    """8 MiB in messages of 1 MiB: more than flow control lets through at once."""
    reply = answered(channel)
    one = outcome(reply, 2, impression=True)
    many = feedback.ReportRequest(outcomes=[one] * ((1 << 20) // (one.ByteSize() + 3)))
    reply = feedback_grpc.FeedbackStub(channel).ReportStream((many for _ in range(8)), timeout=60)
    assert reply.counts.accepted == 1 and reply.counts.duplicate == 8 * len(many.outcomes) - 1


def test_what_a_stream_has_sent_before_it_is_left_counts(server):
    with server.channel() as channel:
        reply = answered(channel)
        for end in ("deadline", "cancel"):
            position, hold = (4, threading.Event()) if end == "deadline" else (5, threading.Event())

            def reports():
                yield feedback.ReportRequest(outcomes=[outcome(reply, position, impression=True)])
                hold.wait(20)

            call = feedback_grpc.FeedbackStub(channel).ReportStream.future(reports(), timeout=1)
            if end == "cancel":
                time.sleep(0.4)
                call.cancel()
                assert call.cancelled()
            else:
                assert call.exception(timeout=20).code() == grpc.StatusCode.DEADLINE_EXCEEDED
            hold.set()
            assert counts(report(channel, outcome(reply, position, impression=True))) == {"duplicate": 1}
        assert AdminPort(server).value("dien_grpc_streams", method="/dien.v1.Feedback/ReportStream") == 0


def test_a_malformed_report_names_the_field(channel):
    method = channel.unary_unary("/dien.v1.Feedback/Report", request_serializer=None, response_deserializer=None)
    status, message = refusal(method, bytes.fromhex("0a041a021001"), timeout=20)
    assert status == grpc.StatusCode.INVALID_ARGUMENT and "outcomes.items.score" in message
    stream = channel.stream_unary("/dien.v1.Feedback/ReportStream", request_serializer=None, response_deserializer=None)
    status, message = refusal(stream, iter([b"", bytes.fromhex("0a041a021001")]), timeout=20)
    assert status == grpc.StatusCode.INVALID_ARGUMENT and "outcomes.items.score" in message


def test_tokens_outlive_a_restart_where_there_is_a_key_file_and_only_there(split, key):
    for flags, expected in [(("--feedback-key", key), {"accepted": 1}), ((), {"unmatched": 1})]:
        with serving(split.path, *flags) as server, server.channel() as channel:
            reply = answered(channel)
        with serving(split.path, *flags) as server, server.channel() as channel:
            assert counts(report(channel, outcome(reply, impression=True))) == expected


def test_a_memory_that_is_full_refuses_rather_than_count_twice(committed):
    with serving(committed.path, "--feedback-items", 2) as server, server.channel() as channel:
        reply = answered(channel)
        whole = [outcome(reply, position, impression=True) for position in range(3)]
        for _ in range(2):
            status, message = refusal(report, channel, *whole)
            assert status == grpc.StatusCode.RESOURCE_EXHAUSTED and "--feedback-items" in message
        assert arms(counters(channel), "")["champion"].open.impressions == 2


def test_what_two_replicas_counted_is_what_one_would_have(split, key):
    """The same requests and outcomes to one server, and in turns to two that share a key."""
    flags = ("--feedback-key", key, "--attribution-window", 1)

    def drive(channels):
        for number in range(120):
            reply = answered(channels[number % len(channels)], f"user-{number % 50}")
            told = outcome(reply, 2, impression=True, click=number % 3 == 0)
            told.items[0].score = 0.25
            assert report(channels[number * 7 % len(channels)], told).counts.accepted >= 1
        time.sleep(1.4)
        return [arms(counters(channel)) for channel in channels]

    with serving(split.path, *flags) as one, one.channel() as alone:
        whole = drive([alone])[0]
    with serving(split.path, *flags) as a, serving(split.path, *flags) as b, a.channel() as to_a, b.channel() as to_b:
        parts = drive([to_a, to_b])
    for name, arm in whole.items():
        for field in arm.sums.DESCRIPTOR.fields:
            columns = [list(getattr(part[name].sums, field.name)) or [0.0] * 1024 for part in parts]
            # Log loss is no multiple of a power of two: its sum depends on the order by a rounding.
            expected = pytest.approx(list(getattr(arm.sums, field.name)) or [0.0] * 1024, rel=1e-12)
            assert [x + y for x, y in zip(*columns)] == expected, field.name
        assert set(parts[0][name].units.hashes) | set(parts[1][name].units.hashes) == set(arm.units.hashes)
        assert sum(arm.sums.impressions) > 0 and all(part[name].weight == arm.weight for part in parts)


def test_requests_that_no_version_takes_are_no_faults_of_their_arm(split):
    with serving(split.path) as server, server.channel() as channel:
        for user in range(30):
            wrong = rank_request(REQUEST, routing_key=f"user-{user}", candidates=[column("colour", [1, 2])])
            assert refusal(rank, channel, wrong)[0] == grpc.StatusCode.INVALID_ARGUMENT
        by_arm = arms(counters(channel))
        assert sum(sum(arm.sums.requests) for arm in by_arm.values()) == 30
        assert sum(sum(arm.sums.errors) for arm in by_arm.values()) == 0


def test_counters_name_models_that_are_there(channel):
    status, message = refusal(models_grpc.ModelsStub(channel).Counters, models.CountersRequest(model="shoes"), timeout=20)
    assert status == grpc.StatusCode.NOT_FOUND and "shoes" in message
    reply = counters(channel, "sports")
    assert reply.attribution_window_milliseconds == 3_600_000 and reply.start_unix_milliseconds <= reply.unix_milliseconds


@pytest.mark.parametrize("content, mode, told", [
    (bytes(31), 0o600, "31 bytes are too short"), (bytes(32), 0o644, "chmod 600"), (bytes(5000), 0o600, "limit"),
    (None, None, "open failed")])
def test_a_key_file_that_is_none_is_refused_with_the_mend(committed, tmp_path, content, mode, told):
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
        path.chmod(mode)
    result = run("dien-server", "--registry", committed.path, "--listen", "127.0.0.1:0", "--admin", "none",
                 "--feedback-key", path)
    assert result.returncode == 1 and told in result.stderr and str(path) in result.stderr
