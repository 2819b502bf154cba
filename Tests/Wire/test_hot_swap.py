"""Versions change under load: no call fails, each answer is exactly that of the version it names."""

import os
import threading
import time
from collections import Counter
from pathlib import Path

import grpc
import numpy as np
import pytest

from broken_versions import BROKEN, add_broken
from calls import TOLERANCE, largest_difference, rank, rank_request, real_requests, refusal, stub
from hot_swap_proof import shifted
from processes import run, serving
from registry_tool import succeed, tool
from stubs import models, models_grpc

REQUESTS = real_requests("paper")[:12]


def bits(scores):
    return np.array(scores, np.float32).tobytes()


def reference_scores(channel):
    """(version, request) → the exact scores, asked for by pinned version."""
    return {(version, n): bits(rank(channel, rank_request(request, version=version)).scores)
            for version in (1, 2) for n, request in enumerate(REQUESTS)}


class ClosedLoop:
    """Threads that call without pause and hold each reply against the version it names."""

    def __init__(self, server, references, threads=4):
        self.server, self.references = server, references
        self.failures, self.epochs, self.versions = [], Counter(), Counter()
        self.changed = threading.Condition()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.call_without_pause, args=(n,)) for n in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def call_without_pause(self, offset):
        with self.server.channel() as channel:
            n = offset
            while not self.stopping.is_set():
                n = (n + 1) % len(REQUESTS)
                try:
                    reply = stub(channel).Rank(rank_request(REQUESTS[n]), timeout=20)
                except grpc.RpcError as error:
                    self.failures.append(f"{error.code()}: {error.details()}")
                    continue
                by = reply.served_by
                if self.references[(by.version, n)] != bits(reply.scores):
                    self.failures.append(f"request {n} was not scored by the version it names, {by}")
                with self.changed:
                    self.epochs[by.registry_epoch] += 1
                    self.versions[by.version] += 1
                    self.changed.notify_all()

    def saw(self, epoch, seconds=15):
        """Whether a reply of this epoch, or a later one, came within the time."""
        with self.changed:
            return self.changed.wait_for(lambda: any(seen >= epoch for seen in self.epochs), timeout=seconds)


def test_50_promotes_and_rollbacks_under_load_fail_no_call_and_mix_no_versions(registry):
    with serving(registry.path) as server:
        with server.channel() as channel:
            references = reference_scores(channel)
        assert len(set(references.values())) == len(references)  # the versions do differ
        with ClosedLoop(server, references) as loop:
            for n in range(25):
                promoted = succeed(registry, "promote", "sports", 2)["epoch"]
                assert loop.saw(promoted), f"epoch {promoted} was never served:\n{server.log()}"
                rolled_back = succeed(registry, "rollback", "sports", "--reason", f"round {n}")["epoch"]
                assert loop.saw(rolled_back), f"epoch {rolled_back} was never served:\n{server.log()}"
        assert loop.failures == []
        assert len(loop.epochs) >= 50
        assert loop.versions[1] > 50 and loop.versions[2] > 50


def mapped_weights(server):
    """How many versions' weights the server has mapped."""
    maps = Path(f"/proc/{server.process.pid}/maps").read_text().splitlines()
    return len({line.split()[-1] for line in maps if "/blobs/sha256/" in line and map_size(line) > 1 << 20})


def map_size(line):
    begin, end = line.split()[0].split("-")
    return int(end, 16) - int(begin, 16)


def test_versions_loaded_and_let_go_under_load_fail_no_call_and_leave_nothing_behind(registry, tmp_path):
    versions = [registry.add_version("sports", shifted(registry, tmp_path / str(n), 0.2 * n)) for n in range(1, 5)]
    with serving(registry.path) as server, server.channel() as channel:
        references = {}
        for version in versions:  # one after the other, since a version that no alias names cannot be asked for
            wait_for_epoch(channel, registry.point("sports", version))
            references |= {(version, n): bits(rank(channel, rank_request(request)).scores)
                           for n, request in enumerate(REQUESTS)}
        assert len(set(references.values())) == len(references)
        files = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        with ClosedLoop(server, references) as loop:
            for _ in range(3):
                for version in versions:
                    epoch = registry.point("sports", version)
                    assert loop.saw(epoch), f"epoch {epoch} was never served:\n{server.log()}"
        assert loop.failures == []
        assert set(loop.versions) == set(versions)
        time.sleep(0.5)
        # the champion, the one before it for a rollback, and the challenger
        assert mapped_weights(server) <= 3
        assert len(os.listdir(f"/proc/{server.process.pid}/fd")) <= files + 4


def test_an_epoch_that_came_and_went_unseen_is_skipped_to_the_newest(registry):
    with serving(registry.path) as server, server.channel() as channel:
        for version in (2, 1) * 5 + (2,):
            newest = registry.point("sports", version)
        assert wait_for_epoch(channel, newest).version == 2


def test_promoting_by_an_alias_of_ones_own_moves_that_alias_only(registry):
    with serving(registry.path) as server, server.channel() as channel:
        epoch = succeed(registry, "promote", "sports", 1, "--alias", "challenger")["epoch"]
        assert wait_for_epoch(channel, epoch).version == 1
        assert rank(channel, rank_request(REQUESTS[0], alias="challenger")).served_by.version == 1


def wait_for_epoch(channel, epoch, seconds=15):
    """Who answers, once the server follows the epoch."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        by = rank(channel, rank_request(REQUESTS[0])).served_by
        if by.registry_epoch >= epoch:
            return by
        time.sleep(0.02)
    raise AssertionError(f"epoch {epoch} was not served within {seconds} s; {by}")


def version_status(channel, version):
    listed = models_grpc.ModelsStub(channel).ListModels(models.ListModelsRequest(name="sports"), timeout=10)
    return next((status for status in listed.models[0].versions if status.version == version), None)


def wait_until_refused(channel, version, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = version_status(channel, version)
        if status is not None and status.state == models.VERSION_STATE_REFUSED:
            return status
        time.sleep(0.02)
    raise AssertionError(f"version {version} was not refused within {seconds} s: {status}")


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_version_is_refused_with_its_reason_and_the_champion_serves_on(registry, kind):
    with serving(registry.path) as server, server.channel() as channel:
        references = reference_scores(channel)
        with ClosedLoop(server, references, threads=2) as loop:
            broken, reason = add_broken(registry, "sports", 1, kind)
            registry.point("sports", broken)
            status = wait_until_refused(channel, broken)
            assert status.reason and reason in status.reason
            assert rank(channel, rank_request(REQUESTS[0])).served_by.version == 1
            code, message = refusal(rank, channel, rank_request(REQUESTS[0], version=broken))
            assert code == grpc.StatusCode.FAILED_PRECONDITION and reason in message
            listing = run("dien-client", "status", "--server", server.address)
            assert listing.returncode == 0 and reason in listing.stdout, listing.stdout + listing.stderr
            epoch = registry.point("sports", 2)
            assert loop.saw(epoch), server.log()
        assert loop.failures == []
        assert server.wait_for_log(reason), server.log()
        verified = tool(registry, "verify", "sports", broken)
        assert verified.returncode == 4 and reason in verified.stderr + verified.stdout


def test_a_server_that_starts_on_a_broken_champion_serves_the_other_versions(registry):
    broken, _ = add_broken(registry, "sports", 1, "golden mismatch")
    registry.point("sports", broken)
    with serving(registry.path) as server, server.channel() as channel:
        code, message = refusal(rank, channel, rank_request(REQUESTS[0]))
        assert code == grpc.StatusCode.FAILED_PRECONDITION and "golden" in message
        reply = rank(channel, rank_request(REQUESTS[0], alias="challenger"))
        assert largest_difference(reply.scores, real_requests("reference")[0]["probabilities"]) <= TOLERANCE
        epoch = registry.point("sports", 1)
        assert wait_for_epoch_after_refusal(channel, epoch).version == 1


def wait_for_epoch_after_refusal(channel, epoch, seconds=15):
    end = time.monotonic() + seconds
    while True:
        try:
            return wait_for_epoch(channel, epoch, 1)
        except (grpc.RpcError, AssertionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize("content", [b"", b"{", b"{}\n", b"\xff" * 100], ids=["empty", "half", "no keys", "no text"])
def test_a_state_file_that_is_no_state_is_passed_over_with_a_line_in_the_log(registry, content):
    with serving(registry.path) as server, server.channel() as channel:
        before = rank(channel, rank_request(REQUESTS[0]))
        registry.state_path(registry.epochs()[-1] + 1).write_bytes(content)
        assert server.wait_for_log("state"), server.log()
        after = rank(channel, rank_request(REQUESTS[0]))
        assert (bits(after.scores), after.served_by) == (bits(before.scores), before.served_by)


def test_the_list_of_models_tells_versions_aliases_and_states(registry):
    with serving(registry.path) as server, server.channel() as channel:
        list_models = models_grpc.ModelsStub(channel).ListModels
        listed = list_models(models.ListModelsRequest(), timeout=10)
        assert [model.name for model in listed.models] == ["sports"]
        (sports,) = listed.models
        assert {alias.alias: alias.version for alias in sports.aliases} == {"champion": 1, "challenger": 2}
        assert [(v.version, v.state, v.preset) for v in sports.versions] == [
            (1, models.VERSION_STATE_READY, "paper"), (2, models.VERSION_STATE_READY, "reference")]
        assert sports.versions[0].digest == registry.manifest_digest("sports", 1)
        assert listed.registry_epoch == registry.epochs()[-1]
        code, _ = refusal(list_models, models.ListModelsRequest(name="sprots"), timeout=10)
        assert code == grpc.StatusCode.NOT_FOUND
