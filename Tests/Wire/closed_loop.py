"""Closed-loop load from processes of their own, each reply held against the reference of the digest that it names.

All times are CLOCK_MONOTONIC in nanoseconds, which is one clock for all processes of a machine.
"""

import multiprocessing
import os
import subprocess
import time
from array import array
from contextlib import contextmanager
from pathlib import Path

import grpc
import numpy as np

from calls import RANK
from processes import binary
from stubs import ranking

FAILURES_KEPT = 20


def bits(scores):
    return array("f", scores).tobytes()


def call_without_pause(address, payloads, references, offset, newest, stopping, pause, pipe):
    """One caller: `newest` shows the highest epoch it was answered from; `pipe` gets all its records at the end."""
    begins, ends, epochs, versions, wrong, failures = array("q"), array("q"), array("q"), array("q"), 0, []
    failed = 0
    with grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
        call = channel.unary_unary(RANK, request_serializer=None, response_deserializer=None)
        n = offset % len(payloads)
        while not stopping.value:
            begin = time.monotonic_ns()
            try:
                reply = call(payloads[n], timeout=20)
            except grpc.RpcError as error:
                failed += 1
                if len(failures) < FAILURES_KEPT:
                    failures.append(f"{error.code()}: {error.details()}")
                continue
            end = time.monotonic_ns()
            answer = ranking.RankResponse.FromString(reply)
            by = answer.served_by
            if by.registry_epoch > newest.value:
                newest.value = by.registry_epoch
            if references.get((by.digest, n)) != bits(answer.scores):
                wrong += 1
                if len(failures) < FAILURES_KEPT:
                    failures.append(f"request {n} has not the scores of the version it names: {by}".replace("\n", " "))
            begins.append(begin)
            ends.append(end)
            epochs.append(by.registry_epoch)
            versions.append(by.version)
            n = (n + 1) % len(payloads)
            if pause:
                time.sleep(pause)
    pipe.send((failed, wrong, failures, *(np.frombuffer(a, np.int64) for a in (begins, ends, epochs, versions))))


class Callers:
    """`count` processes that call in a closed loop, `pause` seconds between calls; their records are there after it."""

    def __init__(self, server, messages, references, count=2, pause=0):
        context = multiprocessing.get_context("spawn")
        self.stopping = context.RawValue("b", 0)
        self.newest = [context.RawValue("Q", 0) for _ in range(count)]
        payloads = [message.SerializeToString() for message in messages]
        self.pipes, self.processes = [], []
        for n in range(count):
            receiving, sending = context.Pipe(duplex=False)
            arguments = (server.address, payloads, references, n * 5, self.newest[n], self.stopping, pause,
                         sending)
            self.pipes.append(receiving)
            self.processes.append(context.Process(target=call_without_pause, args=arguments, daemon=True))

    def __enter__(self):
        for process in self.processes:
            process.start()
        assert self.wait_for(1, every=True), "the callers got no answer"
        return self

    def __exit__(self, *_):
        self.stopping.value = 1
        results = [pipe.recv() for pipe in self.pipes]
        for process in self.processes:
            process.join()
        self.failed = sum(result[0] for result in results)
        self.wrong = sum(result[1] for result in results)
        self.failures = [text for result in results for text in result[2]]
        self.begin, self.end, self.epoch, self.version = (
            np.concatenate([result[part] for result in results]) for part in (3, 4, 5, 6))

    def wait_for(self, epoch, seconds=30, every=False, pause=0.0005):
        """Whether some caller, or every one, was answered from this epoch or a later one within the time."""
        deadline = time.monotonic() + seconds
        enough = all if every else any
        while not enough(value.value >= epoch for value in self.newest):
            if time.monotonic() > deadline:
                return False
            time.sleep(pause)
        return True

    def percentile(self, window, percent=99):
        """Latency in milliseconds of the calls that lie within `window`, a pair of times."""
        inside = (self.begin >= window[0]) & (self.end <= window[1])
        return float(np.percentile((self.end - self.begin)[inside], percent)) / 1e6 if inside.any() else float("nan")

    def first_reply(self, epoch, after):
        """When the first reply from this epoch or a later one came, in nanoseconds after `after`."""
        return int(self.end[self.epoch >= epoch].min()) - after

    def last_reply_before(self, epoch, begun_after):
        """When the last reply from an epoch before this one came, in nanoseconds after `begun_after`; at least 0."""
        old = self.end[(self.epoch < epoch)]
        return max(0, int(old.max()) - begun_after) if old.size else 0


def commit(registry, epoch, command, *arguments):
    """Runs dien-registry; (when it was started, when the file of `epoch` appeared), the latter to about 0.3 ms."""
    line = [binary("dien-registry"), command, "--registry", str(registry.path), *map(str, arguments)]
    path = str(registry.state_path(epoch))
    started = time.monotonic_ns()
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while not os.path.exists(path) and process.poll() is None:
        time.sleep(0.0002)
    linked = time.monotonic_ns()
    _, errors = process.communicate()
    assert process.returncode == 0 and os.path.exists(path), f"dien-registry {command} {arguments}: {errors}"
    return started, linked


@contextmanager
def idle_time():
    """This process and the commands that it runs take only the processor time that nobody else wants."""
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


class Footprint:
    """What a process holds, from /proc."""

    def __init__(self, server):
        self.folder = Path("/proc") / str(server.process.pid)

    def sample(self):
        """(resident KiB, anonymous KiB, descriptors, mappings)"""
        fields = dict(line.split(":", 1) for line in (self.folder / "status").read_text().splitlines() if ":" in line)
        size = {name: int(fields[name].split()[0]) for name in ("VmRSS", "RssAnon")}
        mappings = (self.folder / "maps").read_bytes().count(b"\n")
        return size["VmRSS"], size["RssAnon"], len(os.listdir(self.folder / "fd")), mappings

    def anonymous(self):
        """Anonymous memory in KiB as the kernel counts it page by page; slow on large mappings."""
        for line in (self.folder / "smaps_rollup").read_text().splitlines():
            if line.startswith("Anonymous:"):
                return int(line.split()[1])
        raise AssertionError("smaps_rollup has no Anonymous")


class Verdict:
    """Prints each judged figure as it is reached, and the last line."""

    def __init__(self):
        self.missed = []

    def judge(self, ok, text):
        print(f"{'ok  ' if ok else 'MISS'} {text}", flush=True)
        if not ok:
            self.missed.append(text)

    def close(self, summary):
        """The last line, and the exit status."""
        print(f"FAIL: {'; '.join(self.missed)}" if self.missed else f"pass: {summary}", flush=True)
        return 1 if self.missed else 0
