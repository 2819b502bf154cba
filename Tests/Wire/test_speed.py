"""Ratios of speed that hold on a noisy machine, measured in turn; absolute figures are for scripts/bench-*."""

import statistics

import pytest

from calls import rank, rank_request, real_requests
from processes import serving
from stubs import ranking

ROUNDS, STEPS, CANDIDATES = 24, 100, 100
AT_LEAST, AT_MOST_REUSED = 2.0, 0.85


def large_requests():
    """Requests of T 100 and N 100, each of another user, from items of the real ones."""
    real = real_requests("reference")
    behaviours = [item for request in real for item in request["history"]]
    candidates = [item for request in real for item in request["candidates"]]
    return [{"user": real[n]["user"], "history": behaviours[n * 7:n * 7 + STEPS],
             "candidates": candidates[n * 20:n * 20 + CANDIDATES]} for n in range(ROUNDS)]


@pytest.mark.timeout(60)
def test_the_vector_kernels_score_at_least_twice_as_fast_as_the_scalar_ones(committed):
    flags = open("/proc/cpuinfo").read().split()
    if not {"avx2", "fma"} <= set(flags) and "asimd" not in flags:
        pytest.skip("this processor has no vectors that the kernels are written for")
    microseconds = {"scalar": [], "auto": []}
    with serving(committed.path, "--kernels", "scalar") as slow, serving(committed.path) as fast:
        with slow.channel() as slow_channel, fast.channel() as fast_channel:
            channels = {"scalar": slow_channel, "auto": fast_channel}
            for request in large_requests():
                for kernels, channel in channels.items():
                    reply = rank(channel, rank_request(request, version=2))
                    assert len(reply.scores) == CANDIDATES and reply.history_length == STEPS
                    microseconds[kernels].append(reply.scoring_microseconds)
    scalar, vector = (statistics.median(times) for times in microseconds.values())
    assert scalar >= AT_LEAST * vector, f"scalar {scalar} us, vectors {vector} us"


@pytest.mark.timeout(60)
def test_a_kept_state_saves_the_user_s_part_of_scoring(committed):
    with serving(committed.path) as server, server.channel() as channel:
        microseconds = {ranking.USER_STATE_COMPUTED: [], ranking.USER_STATE_REUSED: []}
        for request in large_requests():
            one = request | {"candidates": request["candidates"][:1]}
            for expected in microseconds:
                reply = rank(channel, rank_request(one, version=2))
                assert reply.user_state == expected
                microseconds[expected].append(reply.scoring_microseconds)
    computed, reused = (statistics.median(times) for times in microseconds.values())
    assert reused <= AT_MOST_REUSED * computed, f"computed {computed} us, reused {reused} us"
