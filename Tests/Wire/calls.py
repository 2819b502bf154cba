"""Rank requests in the form of the files in data/, and calls with them."""

import json
from pathlib import Path

import grpc
import numpy as np

from stubs import ranking, ranking_grpc
from wire_format import field

DATA = Path(__file__).resolve().parent / "data"
TOLERANCE = 2e-6
RANK = "/dien.v1.Ranking/Rank"


def real_requests(preset):
    return [json.loads(line) for line in (DATA / f"sports_{preset}.jsonl").read_text().splitlines()]


def column(name, values):
    values = list(values)
    if values and isinstance(values[0], str):
        return ranking.FeatureColumn(name=name, strings=values)
    return ranking.FeatureColumn(name=name, ids=values)


def columns(role):
    return [column(name, values) for name, values in role.items()]


def rank_request(request, model="sports", version=0, alias="", **fields):
    """From a line of data/: {"user", "history", "candidates"}; `fields` go into the message as they are."""
    fields = {
        "profile": [column("user", [request["user"]])],
        "history": [column("item", request["history"])],
        "candidates": [column("item", request["candidates"])],
    } | fields
    return ranking.RankRequest(model=ranking.ModelSpec(name=model, version=version, alias=alias), **fields)


def role_request(request, model, **fields):
    """From the form of golden.jsonl: {"profile", "history", "candidates", "context"}."""
    roles = {role: columns(request.get(role, {})) for role in ("profile", "history", "candidates", "context")}
    return ranking.RankRequest(model=ranking.ModelSpec(name=model), **roles, **fields)


def padded(message, size):
    """The message's bytes, filled up to exactly `size` with a field that the schema does not have."""
    known = message.SerializeToString()
    for overhead in range(3, 9):
        candidate = known + field(1000, b"x" * (size - len(known) - overhead))
        if len(candidate) == size:
            return candidate
    raise AssertionError(f"no padding gives {size} bytes")


def stub(channel):
    return ranking_grpc.RankingStub(channel)


def rank(channel, message, timeout=20, **options):
    return stub(channel).Rank(message, timeout=timeout, **options)


def rank_all(channel, messages, timeout=60):
    """All at once over one connection; replies in the order of the messages."""
    call = stub(channel).Rank
    return [future.result() for future in [call.future(message, timeout=timeout) for message in messages]]


def rank_bytes(channel, payload, timeout=20, **options):
    """A call whose message is `payload` as it is; the reply as a message."""
    method = channel.unary_unary(RANK, request_serializer=None, response_deserializer=ranking.RankResponse.FromString)
    return method(payload, timeout=timeout, **options)


def refusal(call, *arguments, **options):
    """The status of a call that must fail, as (code, message)."""
    try:
        reply = call(*arguments, **options)
    except grpc.RpcError as error:
        return error.code(), error.details()
    raise AssertionError(f"the call was answered, not refused: {reply}")


def largest_difference(scores, expected):
    scores, expected = np.array(scores, np.float64), np.array(expected, np.float64)
    assert scores.shape == expected.shape
    return np.abs(scores - expected).max()
