"""Whatever a caller sends: a status that names the mistake, or finite probabilities; never a crash, never NaN."""

import math
import os
import random

import grpc
import pytest

from calls import (RANK, TOLERANCE, column, largest_difference, padded, rank, rank_bytes, rank_request,
                   real_requests, refusal, role_request)
from processes import serving
from registry_folder import copy_registry
from string_model import golden, write_string_model
from stubs import ranking
from wire_format import field, varint

INVALID, NOT_FOUND, EXHAUSTED = (
    grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND, grpc.StatusCode.RESOURCE_EXHAUSTED)
LIMITS = ("--max-candidates", 200, "--max-history", 150, "--max-message-bytes", 65536)
REQUEST = real_requests("paper")[0]


@pytest.fixture(scope="module")
def server(committed, tmp_path_factory):
    """Models `sports` and, for string columns and context, `strings`; it must still answer when all is over."""
    folder = tmp_path_factory.mktemp("bad-input")
    registry = copy_registry(committed.path, folder / "registry")
    model = write_string_model(folder / "strings")
    version = registry.add_version("strings", {path.name: path.read_bytes() for path in model.iterdir()})
    registry.point("strings", version)
    with serving(registry.path, *LIMITS) as server:
        server.strings = golden(model)
        yield server
        with server.channel() as channel:
            assert largest_difference(rank(channel, rank_request(REQUEST)).scores, REQUEST["probabilities"]) <= TOLERANCE


def refused(channel, message):
    return refusal(rank, channel, message)


def test_an_unknown_model_is_not_found_by_name(channel):
    code, message = refused(channel, rank_request(REQUEST, model="sprots"))
    assert code == NOT_FOUND and "sprots" in message


@pytest.mark.parametrize("name", ["../sports", "sports/../../etc/passwd", "SPORTS", "%00", "sports\n", "💥" * 50])
def test_a_hostile_model_name_is_refused(channel, name):
    code, _ = refused(channel, rank_request(REQUEST, model=name))
    assert code in (NOT_FOUND, INVALID)


def test_a_request_without_a_model_is_refused_where_there_are_several(channel):
    code, message = refused(channel, rank_request(REQUEST, model=""))
    assert code in (NOT_FOUND, INVALID) and "model" in message


@pytest.mark.parametrize("version", [3, 99, 2**64 - 1])
def test_an_unknown_version_is_not_found_by_number(channel, version):
    code, message = refused(channel, rank_request(REQUEST, version=version))
    assert code == NOT_FOUND and str(version) in message


def test_an_unknown_alias_is_not_found_by_name(channel):
    code, message = refused(channel, rank_request(REQUEST, alias="chalenger"))
    assert code == NOT_FOUND and "chalenger" in message


def test_version_and_alias_together_are_an_error(channel):
    code, _ = refused(channel, rank_request(REQUEST, version=1, alias="champion"))
    assert code == INVALID


ITEMS = column("item", REQUEST["candidates"])
HISTORY = column("item", REQUEST["history"])
USER = column("user", [7])
BOTH_KINDS = ranking.FeatureColumn(name="item", ids=[1, 2], strings=["1", "2"])


@pytest.mark.parametrize("fields, named", [
    ({"candidates": []}, "candidates"),
    ({"candidates": [column("item", [])]}, "candidates"),
    ({"candidates": [ITEMS, column("category", [1] * 19)]}, "candidates.category"),
    ({"history": [HISTORY, column("category", [1] * 4)]}, "history.category"),
    ({"history": [HISTORY, column("category", [1] * 6)]}, "history.category"),
    ({"candidates": [ITEMS, column("colour", [1] * 20)]}, "candidates.colour"),
    ({"profile": [USER, column("age", [3])]}, "profile.age"),
    ({"context": [column("hour", [3])]}, "context.hour"),
    ({"candidates": [ITEMS, ITEMS]}, "candidates.item"),
    ({"profile": [USER, USER]}, "profile.user"),
    ({"candidates": [column("category", [1] * 20)]}, "candidates.item"),
    ({"history": [column("category", [1] * 5)]}, "history.item"),
    ({"profile": []}, "profile.user"),
    ({"profile": [column("user", [])]}, "profile.user"),
    ({"profile": [column("user", [1, 2])]}, "profile.user"),
    ({"candidates": [column("item", ["boots"])]}, "candidates.item"),
    ({"history": [column("item", ["boots"])]}, "history.item"),
    ({"profile": [column("user", ["alice"])]}, "profile.user"),
    ({"candidates": [BOTH_KINDS]}, "candidates.item"),
    ({"candidates": [column("", [1])]}, "candidates"),
    ({"request_id": "x" * 129}, "request_id"),
])
def test_a_request_that_contradicts_the_model_is_refused_by_the_fields_name(channel, fields, named):
    code, message = refused(channel, rank_request(REQUEST, **fields))
    assert code == INVALID and named in message


def test_unequal_columns_are_refused_with_both_lengths(channel):
    _, message = refused(channel, rank_request(REQUEST, candidates=[ITEMS, column("category", [1] * 19)]))
    assert "19" in message and "20" in message


@pytest.mark.parametrize("fields, named", [
    ({"candidates": {"item": [1, 2]}}, "candidates.item"),
    ({"history": {"item": [1]}}, "history.item"),
    ({"context": {}}, "context.hour"),
    ({"context": {"hour": [1, 2]}}, "context.hour"),
])
def test_a_string_model_is_as_strict(channel, server, fields, named):
    code, message = refused(channel, role_request(server.strings[0] | fields, "strings"))
    assert code == INVALID and named in message


def test_too_many_candidates_are_refused_with_both_sizes(channel):
    assert len(rank(channel, rank_request(REQUEST | {"candidates": list(range(200))})).scores) == 200
    code, message = refused(channel, rank_request(REQUEST | {"candidates": list(range(201))}))
    assert code in (INVALID, EXHAUSTED) and "201" in message and "200" in message


def test_too_long_a_history_is_refused_with_both_sizes(channel):
    assert rank(channel, rank_request(REQUEST | {"history": list(range(150))})).history_length == 100
    code, message = refused(channel, rank_request(REQUEST | {"history": list(range(151))}))
    assert code in (INVALID, EXHAUSTED) and "151" in message and "150" in message


def test_a_message_of_the_limit_passes_and_one_byte_more_is_refused_with_both_sizes(channel):
    assert len(rank_bytes(channel, padded(rank_request(REQUEST), 65536)).scores) == 20
    code, message = refusal(rank_bytes, channel, padded(rank_request(REQUEST), 65537))
    assert code == EXHAUSTED and "65537" in message and "65536" in message


def test_a_message_far_over_the_limit_is_refused(channel):
    code, message = refusal(rank_bytes, channel, b"\0" * 3_000_000)
    assert code == EXHAUSTED and "3000000" in message


@pytest.mark.parametrize("payload", [
    b"\xff",
    b"\x0a\x05sp",
    b"\x0a",
    field(4, b"\x0a\x7f"),
    field(4, field(2, b"\xff\xff")),
    field(4, field(2, b"\xff" * 11)),
    b"\x0b" * 1000,
    b"\x07",
    varint(2**64 - 1),
    varint(6 << 3 | 2) + varint(2**63),
    varint(6 << 3 | 2) + varint(2**32 - 1) + b"abc",
], ids=lambda payload: payload[:12].hex())
def test_malformed_protobuf_is_an_invalid_argument(channel, payload):
    code, message = refusal(rank_bytes, channel, payload)
    assert code == INVALID and message


def with_bytes(model=b"sports", name=b"item", request_id=b"", routing_key=b"", strings=None):
    candidates = field(1, name) + (field(2, b"\x01") if strings is None else field(3, strings))
    return (field(1, field(1, model)) + field(2, request_id) + field(3, routing_key)
            + field(4, USER.SerializeToString()) + field(6, candidates))


def test_the_hand_written_message_is_right_where_nothing_is_wrong_with_it(channel):
    assert len(rank_bytes(channel, with_bytes()).scores) == 1


@pytest.mark.parametrize("text", [b"\xff", b"sp\x80rts", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"])
@pytest.mark.parametrize("where", ["model", "name", "request_id", "routing_key", "strings"])
def test_text_that_is_not_utf8_is_refused(channel, where, text):
    code, message = refusal(rank_bytes, channel, with_bytes(**{where: text}))
    assert code == INVALID and message


@pytest.mark.parametrize("where", ["model", "name", "request_id", "routing_key", "strings"])
def test_text_with_nul_is_refused_and_not_cut_off(channel, where):
    code, _ = refusal(rank_bytes, channel, with_bytes(**{where: b"sports\0x" if where == "model" else b"item\0x"}))
    assert code == INVALID


def test_a_nul_in_a_string_identifier_is_refused(channel, server):
    message = role_request(server.strings[0], "strings")
    message.candidates[0].strings[0] = "boots\0"
    code, text = refused(channel, message)
    assert code == INVALID and "candidates" in text


def test_fields_that_the_schema_does_not_have_are_ignored(channel):
    known = rank_request(REQUEST).SerializeToString()
    assert largest_difference(rank_bytes(channel, known + field(999, b"later") + field(998, 7)).scores,
                              REQUEST["probabilities"]) <= TOLERANCE


def test_unpacked_and_split_columns_are_read_like_packed_ones(channel):
    plain = rank_request(REQUEST | {"candidates": []}, candidates=[]).SerializeToString()
    items = REQUEST["candidates"]
    unpacked = field(1, b"item") + b"".join(field(2, item) for item in items)
    split = field(1, b"item") + field(2, b"".join(map(varint, items[:7]))) + field(2, b"".join(map(varint, items[7:])))
    for candidates in (unpacked, split):
        assert largest_difference(rank_bytes(channel, plain + field(6, candidates)).scores,
                                  REQUEST["probabilities"]) <= TOLERANCE


def test_an_empty_message_is_refused_and_not_a_crash(channel):
    code, _ = refusal(rank_bytes, channel, b"")
    assert code in (INVALID, NOT_FOUND)


SEED = int(os.environ.get("DIEN_SEED", random.SystemRandom().randrange(2**32)))
ALLOWED = {INVALID, NOT_FOUND, EXHAUSTED, grpc.StatusCode.FAILED_PRECONDITION}


def mutated(generator, message):
    message = bytearray(message)
    for _ in range(generator.randint(1, 4)):
        place = generator.randrange(len(message))
        match generator.randrange(4):
            case 0:
                message[place] = generator.randrange(256)
            case 1:
                message[place] ^= 1 << generator.randrange(8)
            case 2:
                del message[place:place + generator.randint(1, 8)]
            case 3:
                message[place:place] = generator.randbytes(generator.randint(1, 8))
        if not message:
            break
    return bytes(message)


def assert_sane(call):
    """A proper refusal, or finite probabilities."""
    try:
        reply = ranking.RankResponse.FromString(call.result())
    except grpc.RpcError as error:
        assert error.code() in ALLOWED, (error.code(), error.details())
    else:
        assert all(math.isfinite(score) and 0 <= score <= 1 for score in reply.scores)


@pytest.mark.parametrize("kind", ["garbage", "mutations", "mutations of strings"])
def test_random_bytes_never_crash_the_server_and_never_give_nan(channel, server, kind):
    print(f"DIEN_SEED={SEED}")
    generator = random.Random(f"{SEED} {kind}")
    seeds = [rank_request(request).SerializeToString() for request in real_requests("paper")[:5]]
    if kind == "mutations of strings":
        seeds = [role_request(request, "strings").SerializeToString() for request in server.strings]
    method = channel.unary_unary(RANK)  # bytes in, bytes out
    for _ in range(10):
        payloads = [generator.randbytes(generator.randint(0, 300)) if kind == "garbage"
                    else mutated(generator, generator.choice(seeds)) for _ in range(200)]
        for payload, call in [(payload, method.future(payload, timeout=30)) for payload in payloads]:
            try:
                assert_sane(call)
            except Exception as failure:
                raise AssertionError(f"DIEN_SEED={SEED}: {payload.hex()}: {failure}") from failure
    assert server.alive
