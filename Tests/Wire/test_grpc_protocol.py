"""gRPC over HTTP/2, judged by stock grpcio, by the h2 package frame by frame, and by h2load."""

import re
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import h2.exceptions
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from calls import (RANK, TOLERANCE, largest_difference, padded, rank, rank_all, rank_bytes, rank_request,
                   real_requests, refusal, stub)
from processes import Server
from raw_http2 import INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS, Connection, framed
from stubs import ranking

REQUEST = real_requests("paper")[0]
MESSAGE = rank_request(REQUEST)
BODY = framed(MESSAGE.SerializeToString())
LARGE = rank_request({"user": 7, "history": list(range(1, 101)), "candidates": list(range(1, 301))})
LIMIT = 4 << 20
OK, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL = 0, 4, 8, 12, 13
HEALTH = health_pb2.HealthCheckResponse


@pytest.fixture
def connection(server):
    with Connection(server) as connection:
        yield connection


def assert_right(response, expected=REQUEST["probabilities"]):
    assert (response.status, response.grpc_status) == (200, OK), response
    reply = ranking.RankResponse.FromString(response.data[5:])
    assert response.data[:5] == framed(response.data[5:])[:5]
    assert largest_difference(reply.scores, expected) <= TOLERANCE


# ---------------------------------------------------------------- with grpcio


def test_the_ready_line_ends_in_an_address_that_a_client_takes(server):
    assert re.fullmatch(r"127\.0\.0\.1:[1-9][0-9]*", server.address)


@pytest.mark.parametrize("path", ["/dien.v1.Ranking/Rang", "/dien.v1.Ranking/rank", "/dien.v1.Rankings/Rank", "/a/b"])
def test_an_unknown_method_is_unimplemented(channel, path):
    method = channel.unary_unary(path)
    code, message = refusal(method, b"", timeout=10)
    assert code == grpc.StatusCode.UNIMPLEMENTED and message


def test_a_deadline_that_passes_is_deadline_exceeded(channel):
    code, _ = refusal(rank, channel, LARGE, timeout=0.0005)
    assert code == grpc.StatusCode.DEADLINE_EXCEEDED
    assert len(rank(channel, MESSAGE).scores) == 20


def test_cancelled_calls_end_at_once_and_leave_the_connection_working(channel):
    calls = [stub(channel).Rank.future(LARGE, timeout=30) for _ in range(50)]
    for call in calls:
        call.cancel()
    assert all(call.cancelled() or call.code() == grpc.StatusCode.OK for call in calls)
    assert len(rank(channel, MESSAGE).scores) == 20


def test_metadata_of_every_kind_is_accepted(channel):
    metadata = (("trace", "a b"), ("trace", "again"), ("blob-bin", bytes(range(256))), ("empty", ""),
                ("long", "x" * 4000), ("grpc-previous-rpc-attempts", "1"))
    reply, call = stub(channel).Rank.with_call(MESSAGE, timeout=10, metadata=metadata)
    assert len(reply.scores) == 20 and call.code() == grpc.StatusCode.OK


@pytest.mark.parametrize("name", ["münchen", "☃ 100% ☃", "tab\tand\nline", "😈"])
def test_error_messages_arrive_with_every_character(channel, name):
    code, message = refusal(rank, channel, rank_request(REQUEST, model=name))
    assert code in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INVALID_ARGUMENT)
    assert name in message


def test_500_concurrent_calls_on_one_connection_are_all_answered_rightly(channel):
    requests = (real_requests("paper") * 2)[:500]
    replies = rank_all(channel, [rank_request(request) for request in requests])
    for reply, request in zip(replies, requests):
        assert largest_difference(reply.scores, request["probabilities"]) <= TOLERANCE


def test_500_concurrent_calls_on_20_connections_are_all_answered_rightly(server):
    requests = (real_requests("reference") * 2)[:500]

    def one_connection(part):
        with server.channel() as channel:
            return rank_all(channel, [rank_request(request, version=2) for request in part])
    with ThreadPoolExecutor(20) as threads:
        parts = [requests[start:start + 25] for start in range(0, 500, 25)]
        for part, replies in zip(parts, threads.map(one_connection, parts)):
            for request, reply in zip(part, replies):
                assert largest_difference(reply.scores, request["probabilities"]) <= TOLERANCE


def test_a_message_of_4_mib_passes_and_one_byte_more_is_refused_with_both_sizes(channel):
    assert len(rank_bytes(channel, padded(MESSAGE, LIMIT)).scores) == 20
    code, message = refusal(rank_bytes, channel, padded(MESSAGE, LIMIT + 1))
    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert str(LIMIT + 1) in message and str(LIMIT) in message


def test_many_large_messages_at_once_do_not_wedge_flow_control(channel):
    method = channel.unary_unary(RANK)
    message = padded(MESSAGE, 1 << 20)
    for call in [method.future(message, timeout=60) for _ in range(24)]:
        assert len(ranking.RankResponse.FromString(call.result()).scores) == 20


# ---------------------------------------------------------------- health


@pytest.mark.parametrize("service", ["", "dien.v1.Ranking", "dien.v1.Models"])
def test_health_of_the_server_and_each_service_is_serving(channel, service):
    check = health_pb2_grpc.HealthStub(channel).Check
    assert check(health_pb2.HealthCheckRequest(service=service), timeout=10).status == HEALTH.SERVING


def test_health_of_an_unknown_service_is_not_found(channel):
    check = health_pb2_grpc.HealthStub(channel).Check
    code, _ = refusal(check, health_pb2.HealthCheckRequest(service="dien.v1.Rangking"), timeout=10)
    assert code == grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("service, state", [
    ("", HEALTH.SERVING), ("dien.v1.Ranking", HEALTH.SERVING), ("no.such.Service", HEALTH.SERVICE_UNKNOWN)])
def test_watch_tells_the_state_at_once_and_stays_open(channel, service, state):
    watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(service=service), timeout=30)
    assert next(watch).status == state
    time.sleep(0.2)
    assert watch.is_active()
    watch.cancel()


# ---------------------------------------------------------------- drain


@pytest.fixture
def draining(committed):
    """A server of the test's own, which the test stops."""
    server = Server(committed.path, "--max-candidates", 1000)
    yield server
    if server.alive:
        server.process.kill()
        server.process.wait()


def test_sigterm_finishes_calls_in_flight_and_exits_0(draining):
    with draining.channel() as channel:
        rank(channel, MESSAGE)
        calls = [stub(channel).Rank.future(LARGE, timeout=60) for _ in range(40)]
        calls[0].result()
        draining.terminate()
        assert all(len(call.result().scores) == 300 for call in calls)
    assert draining.stop() == 0


def test_sigterm_without_any_connection_exits_0(draining):
    assert draining.stop(seconds=10) == 0


def test_sigterm_with_an_idle_connection_exits_0(draining):
    with draining.channel() as channel:
        rank(channel, MESSAGE)
        assert draining.stop(seconds=10) == 0


def test_watch_tells_not_serving_when_the_drain_begins(draining):
    with draining.channel() as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(
            health_pb2.HealthCheckRequest(service="dien.v1.Ranking"), timeout=30)
        assert next(watch).status == HEALTH.SERVING
        draining.terminate()
        assert next(watch).status == HEALTH.NOT_SERVING
        watch.cancel()
    assert draining.stop() == 0


def half_sent_when_the_drain_begins(server, connection):
    """A call with half its message sent, on a connection that the server has accepted and now drains."""
    connection.pump_until(lambda: connection.acknowledged)
    stream = connection.send(connection.open(), BODY[:20])
    server.terminate()
    connection.pump_until(lambda: connection.goaways)
    return stream


def test_a_half_sent_call_is_finished_after_the_first_goaway(draining):
    with Connection(draining) as connection:
        stream = half_sent_when_the_drain_begins(draining, connection)
        assert connection.goaways[0] == (2**31 - 1, 0)
        connection.send(stream, BODY[20:], end=True)
        assert_right(connection.wait(stream))
        while not connection.closed:
            connection.pump()
        assert connection.goaways[-1] == (stream, 0)
    assert draining.stop() == 0


def test_a_draining_server_accepts_no_new_connection(draining):
    with Connection(draining) as connection:
        stream = half_sent_when_the_drain_begins(draining, connection)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", draining.port), timeout=2).close()
        connection.send(stream, BODY[20:], end=True)
        assert_right(connection.wait(stream))
    assert draining.stop() == 0


# ---------------------------------------------------------------- frame by frame


def test_an_answer_is_headers_then_data_then_trailers(connection):
    response = connection.call(BODY)
    assert_right(response)
    assert [kind for n, kind in enumerate(response.shape) if kind != response.shape[n - 1] or n == 0] == [
        "HEADERS", "DATA", "HEADERS"]
    assert response.header("content-type").startswith("application/grpc")
    assert response.header("grpc-status") is None and response.header(":status", -1) is None


def test_an_error_is_one_headers_frame_that_ends_the_stream(connection):
    for headers in (connection.headers("/dien.v1.Ranking/Nothing"), connection.headers(grpc_timeout="1n")):
        response = connection.call(BODY, headers)
        assert response.shape == ["HEADERS"] and response.ended
        assert response.status == 200 and response.header("content-type").startswith("application/grpc")
        assert response.grpc_status in (UNIMPLEMENTED, DEADLINE_EXCEEDED)


@pytest.mark.parametrize("path", ["/", "noslash", "/dien.v1.Ranking", "/dien.v1.Ranking/", "//Rank"])
def test_a_path_that_names_no_method_is_unimplemented(connection, path):
    response = connection.call(BODY, connection.headers(path))
    assert response.reset is not None or (response.status, response.grpc_status) == (200, UNIMPLEMENTED)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_method_other_than_post_is_405(connection, method):
    assert connection.call(b"", connection.headers(method=method)).status == 405


@pytest.mark.parametrize("content_type", ["application/json", "application/grpcfoo", "text/plain", None])
def test_another_content_type_is_415(connection, content_type):
    assert connection.call(BODY, connection.headers(content_type=content_type)).status == 415


@pytest.mark.parametrize("content_type", [
    "application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"])
def test_grpc_content_types_are_accepted(connection, content_type):
    assert_right(connection.call(BODY, connection.headers(content_type=content_type)))


@pytest.mark.parametrize("timeout", ["", "S", "1", "1X", "-1S", "1.5S", "123456789S", "1 S", "soon"])
def test_a_malformed_timeout_is_refused(connection, timeout):
    response = connection.call(BODY, connection.headers(grpc_timeout=timeout))
    assert response.grpc_status == INTERNAL and response.status in (200, 400)


@pytest.mark.parametrize("timeout", ["99999999H", "10S", "20000m", "99999999u", "1M"])
def test_a_long_enough_timeout_is_accepted(connection, timeout):
    assert_right(connection.call(BODY, connection.headers(grpc_timeout=timeout)))


@pytest.mark.parametrize("timeout", ["0S", "1n"])
def test_a_timeout_that_has_passed_runs_nothing(connection, timeout):
    assert connection.call(BODY, connection.headers(grpc_timeout=timeout)).grpc_status == DEADLINE_EXCEEDED


def test_a_deadline_ends_a_call_whose_message_never_comes(connection):
    stream = connection.send(connection.open(connection.headers(grpc_timeout="200m")), BODY[:10])
    begin = time.monotonic()
    response = connection.wait(stream)
    assert time.monotonic() - begin < 5
    assert response.reset is not None or response.grpc_status == DEADLINE_EXCEEDED


def test_a_missing_te_header_is_accepted(connection):
    assert_right(connection.call(BODY, [pair for pair in connection.headers() if pair[0] != "te"]))


@pytest.mark.parametrize("size", [1, 3, 5, 64])
def test_a_message_in_tiny_data_frames_is_whole(connection, size):
    assert_right(connection.call(BODY, frame=size))


def test_an_empty_data_frame_may_end_the_request(connection):
    stream = connection.send(connection.open(), BODY)
    connection.end(stream)
    assert_right(connection.wait(stream))


def test_the_answer_waits_for_a_window_and_comes_in_its_pieces(server):
    with Connection(server, {INITIAL_WINDOW_SIZE: 0}, give_back=False) as connection:
        connection.pump_until(lambda: connection.acknowledged)
        stream = connection.send(connection.open(), BODY, end=True)
        connection.pump_until(lambda: connection.responses[stream].shape)
        connection.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.wait(stream)
        assert connection.responses[stream].data == b""
        connection.socket.settimeout(20)
        while not connection.responses[stream].done:
            connection.h2.increment_flow_control_window(10, stream)
            connection.flush()
            before = len(connection.responses[stream].shape)
            connection.pump_until(lambda: len(connection.responses[stream].shape) > before)
        assert_right(connection.responses[stream])


def test_a_stream_without_window_does_not_hold_up_another(server):
    with Connection(server, {INITIAL_WINDOW_SIZE: 0}, give_back=False) as connection:
        connection.pump_until(lambda: connection.acknowledged)
        stuck = connection.send(connection.open(), BODY, end=True)
        free = connection.send(connection.open(), BODY, end=True)
        connection.h2.increment_flow_control_window(10000, free)
        connection.flush()
        assert_right(connection.wait(free))
        assert not connection.responses[stuck].done


@pytest.mark.parametrize("body, statuses", [
    (b"", {UNIMPLEMENTED, INTERNAL}),
    (BODY + BODY, {UNIMPLEMENTED, INTERNAL}),
    (BODY[:3], {INTERNAL}),
    (BODY[:-1], {INTERNAL}),
    (framed(BODY[5:], flag=1), {INTERNAL, UNIMPLEMENTED}),
    (framed(BODY[5:], flag=2), {INTERNAL}),
    (framed(BODY[5:], flag=255), {INTERNAL}),
], ids=["no message", "two messages", "half a prefix", "a byte short", "compressed", "flag 2", "flag 255"])
def test_broken_framing_has_its_status(connection, body, statuses):
    assert connection.call(body).grpc_status in statuses
    assert_right(connection.call(BODY))


def test_a_length_beyond_the_limit_is_refused_before_the_message_comes(connection):
    stream = connection.send(connection.open(), b"\0\xff\xff\xff\xff")
    response = connection.wait(stream)
    assert response.grpc_status == RESOURCE_EXHAUSTED
    assert "4294967295" in response.grpc_message and str(LIMIT) in response.grpc_message


def test_an_unknown_encoding_is_unimplemented_and_told_what_is_known(connection):
    response = connection.call(framed(BODY[5:], flag=1), connection.headers(grpc_encoding="snapper"))
    assert response.grpc_status == UNIMPLEMENTED
    assert response.header("grpc-accept-encoding") is not None


def test_a_reset_stream_leaves_the_others_alone(connection):
    streams = [connection.send(connection.open(), BODY[:10]) for _ in range(20)]
    for stream in streams[::2]:
        connection.h2.reset_stream(stream, error_code=8)
    connection.flush()
    for stream in streams[1::2]:
        connection.send(stream, BODY[10:], end=True)
        assert_right(connection.wait(stream))


def test_ping_is_answered_with_its_own_bytes(connection):
    connection.h2.ping(b"dien-dft")
    connection.flush()
    connection.pump_until(lambda: connection.pongs)
    assert connection.pongs == [b"dien-dft"]


def test_the_server_allows_at_least_100_streams_and_says_how_many(connection):
    connection.pump_until(lambda: connection.acknowledged)
    assert 100 <= connection.remote_settings[MAX_CONCURRENT_STREAMS] <= 10000


@pytest.mark.parametrize("greeting", [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\0" * 100,
    b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"], ids=["HTTP/1.1", "TLS", "zeros", "broken preface"])
def test_another_protocol_is_hung_up_on(server, greeting):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        plain.sendall(greeting)
        try:
            while plain.recv(4096):
                pass
        except ConnectionResetError:
            pass
    with Connection(server) as connection:
        assert_right(connection.call(BODY))


def test_connections_lost_in_mid_call_harm_nobody(server):
    for cut in (0, 1, 5, 17, len(BODY) - 1, len(BODY)):
        with Connection(server) as connection:
            stream = connection.open()
            connection.send(stream, BODY[:cut])
            connection.socket.close()
    with Connection(server) as connection:
        assert_right(connection.call(BODY))


# ---------------------------------------------------------------- abuse and load


def test_a_client_that_resets_stream_after_stream_is_sent_away_and_others_are_served(server):
    with Connection(server) as abuser:
        abuser.pump_until(lambda: abuser.acknowledged)
        try:
            for _ in range(5000):
                abuser.h2.reset_stream(abuser.open(), error_code=8)
            while not abuser.closed:
                abuser.pump()
        except (ConnectionError, h2.exceptions.ProtocolError):
            pass  # hung up on in the middle of it
    with Connection(server) as connection:
        assert_right(connection.call(BODY))


def test_a_header_list_without_end_is_not_collected(server):
    with Connection(server) as abuser:
        endless = abuser.headers() + [(f"x-{n}", "y" * 4000) for n in range(60)]
        try:
            response = abuser.wait(abuser.open(endless))
            assert response.reset is not None or response.grpc_status == RESOURCE_EXHAUSTED
        except (AssertionError, ConnectionError):
            assert abuser.closed or abuser.goaways
    with Connection(server) as connection:
        assert_right(connection.call(BODY))


def test_500_idle_connections_hold_up_nobody(server):
    idle = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(500)]
    try:
        with Connection(server) as connection:
            assert_right(connection.call(BODY))
    finally:
        for connection in idle:
            connection.close()


def resident_bytes(server):
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) << 10


def test_memory_stays_where_it_was_under_load(server, channel):
    messages = [rank_request(request) for request in real_requests("paper")]
    rank_all(channel, messages)
    before = resident_bytes(server)
    for _ in range(3):
        rank_all(channel, messages)
    assert resident_bytes(server) - before < 4 << 20


def test_h2load_sees_nothing_but_200(server, tmp_path):
    assert shutil.which("h2load"), "install nghttp2-client"
    (tmp_path / "body").write_bytes(BODY)
    result = subprocess.run(
        ["h2load", "-n", "2000", "-c", "4", "-m", "25", "-d", tmp_path / "body", "-H", "content-type: application/grpc",
         "-H", "te: trailers", f"http://{server.address}{RANK}"], capture_output=True, text=True, timeout=100)
    assert re.search(r"status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx", result.stdout), result.stdout + result.stderr
    assert "2000 succeeded, 0 failed, 0 errored, 0 timeout" in result.stdout, result.stdout
    with Connection(server) as connection:
        assert_right(connection.call(BODY))
