#!/usr/bin/env python3
"""Proves that swaps under load cost nothing: no failed call, no score of another version, no tail, no growth.

Processes call without pause with a fixed set of requests while the registry's next epoch points at another version, each
time when a caller was answered from the epoch before and a pause is over. This program writes the epochs itself, as registry/README.md
specifies them: what is judged is what a swap costs the server, not what starting a process costs the machine. With
--commands it is dien-registry that promotes and rolls back. Every reply must have, bit for bit, the scores of the version whose
digest it names; those come from a second server before the load and are themselves held to the float64 twin's.

dien-registry and this program run on idle processor time alone: a production registry is not moved from the cores that
serve, so on a small machine their processes would be measured in the place of the swap (--competing-commands).

Windows alternate: steady (no command runs), commands (dien-registry runs without an effect, which shows what its
process alone costs on this machine), swapping. Each round's p99 while swapping is divided by that round's steady p99;
the median of these ratios is judged, so that drift of the machine falls out. The commands' window explains, it is not
judged.

Resident and anonymous memory, descriptors and mappings are sampled every tenth swap; from swap 100 on a line is fitted
to each, and its rise over the rest of the run is judged.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from broken_versions import with_tensor
from calls import TOLERANCE, largest_difference, rank, rank_request, real_requests
from closed_loop import Callers, Footprint, Verdict, bits, idle_time
from processes import serving
from registry_folder import copy_registry
from registry_tool import succeed
from scripts_under_test import PYTORCH_REGISTRY
from trained_folder import checker

EPILOG = """examples:
  scripts/prove-hot-swap                 10,000 swaps between two loaded versions, about 15 minutes
  scripts/prove-hot-swap --swaps 300     half a minute
  scripts/prove-hot-swap --commands      each swap by a process of dien-registry
  scripts/prove-hot-swap --versions 4    each promote loads a version and lets one go
"""
TAIL = 1.2
# How far the fitted line may rise from swap 100 to the end: KiB, KiB, descriptors, mappings.
GROWTH = {"resident KiB": 4096, "anonymous KiB": 4096, "descriptors": 2, "mappings": 16}
FLAT_FROM = 100


def shifted(registry, folder, shift):
    """Version 1 with another bias in its last layer, and golden probabilities to match: its scores are its own."""
    contents = registry.files("sports", 1)
    contents["model.safetensors"] = with_tensor(
        contents["model.safetensors"], "head.2.bias", lambda bias: bias + np.array([shift, 0], np.float32))
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    twin = checker.Twin(folder)
    lines = [json.loads(line) for line in contents["golden.jsonl"].splitlines()]
    for line in lines:
        line["probabilities"] = [round(float(p), 8) for p in twin.probabilities(line)]
    return contents | {"golden.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}


def reference_scores(registry, versions, requests, scratch):
    """(digest, request) → the exact scores, from a server that makes no swap while it answers."""
    references = {}
    for version in versions:
        alone = copy_registry(registry.path, scratch / f"reference-{version}")
        alone.point("sports", version)
        twin = checker.Twin(alone.checkout("sports", version, scratch / f"folder-{version}"))
        with serving(alone.path, "--log-level", "warning") as server, server.channel() as channel:
            for n, request in enumerate(requests):
                reply = rank(channel, rank_request(request))
                roles = {"profile": {"user": [request["user"]]}, "history": {"item": request["history"]},
                         "candidates": {"item": request["candidates"]}}
                assert largest_difference(reply.scores, twin.probabilities(roles)) <= TOLERANCE
                assert reply.served_by.digest == registry.manifest_digest("sports", version)
                references[reply.served_by.digest, n] = bits(reply.scores)
    assert len(set(references.values())) == len(references), "two versions have a score in common: nothing is told apart"
    return references


class Swaps:
    """The sequence of commits around the circle of versions; with two and by commands, promote and rollback in turn."""

    def __init__(self, registry, callers, versions, by_commands):
        self.registry, self.callers, self.versions, self.by_commands = registry, callers, versions, by_commands
        self.epoch, self.done = registry.epochs()[-1], 0

    def swap(self):
        self.done += 1
        version = self.versions[self.done % len(self.versions)]
        if not self.by_commands:
            committed = self.registry.point("sports", version, newest=self.epoch)
        elif len(self.versions) == 2 and self.done % 2 == 0:
            committed = succeed(self.registry, "rollback", "sports")["epoch"]
        else:
            committed = succeed(self.registry, "promote", "sports", version)["epoch"]
        self.epoch += 1
        assert committed == self.epoch
        assert self.callers.wait_for(self.epoch, pause=0.005), f"epoch {self.epoch} was not served within 30 s"

    def command_without_effect(self):
        answer = succeed(self.registry, "promote", "sports", self.versions[self.done % len(self.versions)])
        assert not answer["committed"] or self.done == 0


def rounds(swaps, total, options, footprint):
    """Windows by kind, one of each a round, and samples (swap, …)."""
    windows, samples = {"steady": [], "commands": [], "swapping": []}, []
    while swaps.done < total:
        begin = time.monotonic_ns()
        time.sleep(options.steady)
        windows["steady"].append((begin, time.monotonic_ns()))
        begin = time.monotonic_ns()
        while swaps.done and time.monotonic_ns() < begin + options.steady * 5e8:
            swaps.command_without_effect()
            time.sleep(0.04)
        windows["commands"].append((begin, time.monotonic_ns()))
        begin = time.monotonic_ns()
        for _ in range(min(options.block, total - swaps.done)):
            time.sleep(0 if options.commands else options.pause)
            swaps.swap()
            if swaps.done % 10 == 0:
                samples.append((swaps.done, *footprint.sample()))
        windows["swapping"].append((begin, time.monotonic_ns()))
        if options.verbose and swaps.done % 1000 < options.block:
            print(f"     {swaps.done} swaps", flush=True)
    return windows, np.array(samples)


def judge_tail(verdict, callers, windows, required):
    p99 = {kind: np.array([callers.percentile(window) for window in times]) for kind, times in windows.items()}
    ratio = float(np.median(p99["swapping"] / p99["steady"]))
    medians = ", ".join(f"{kind} {np.nanmedian(values):.2f} ms" for kind, values in p99.items())
    own = float(np.nanmedian(p99["swapping"] / p99["commands"]))
    text = f"p99 while swapping is {ratio:.2f} × steady, at most {TAIL} wanted (medians of {len(p99['steady'])} windows: {medians}; {own:.2f} × the commands alone)"
    if required:
        verdict.judge(ratio <= TAIL, text)
    else:
        print("     " + text)


def judge_growth(verdict, samples):
    late = samples[samples[:, 0] >= FLAT_FROM]
    if len(late) < 3:
        verdict.judge(False, f"{len(late)} samples after swap {FLAT_FROM} tell no slope: more swaps are needed")
        return
    for column, (what, limit) in enumerate(GROWTH.items(), start=1):
        slope = np.polyfit(late[:, 0], late[:, column], 1)[0]
        rise = slope * (late[-1, 0] - late[0, 0])
        verdict.judge(rise <= limit, f"{what}: {late[0, column]} at swap {late[0, 0]}, {late[-1, column]} at swap "
                                     f"{late[-1, 0]}, {1000 * slope:+.2f} per 1,000 swaps, at most {limit} in all wanted")


def prove(options, scratch):
    registry = copy_registry(PYTORCH_REGISTRY, scratch / "registry")
    versions = [1, 2]
    if options.versions > 2:
        versions = [1] + [registry.add_version("sports", shifted(registry, scratch / f"shifted-{n}", 0.2 * n))
                          for n in range(1, options.versions)]
    requests = real_requests("paper")[:12]
    references = reference_scores(registry, versions, requests, scratch)
    verdict = Verdict()
    with serving(registry.path, "--log-level", "warning") as server:
        callers = Callers(server, [rank_request(request) for request in requests], references, options.callers)
        footprint = Footprint(server)
        with callers, nullcontext() if options.competing_commands else idle_time():
            swaps = Swaps(registry, callers, versions, options.commands)
            begin = time.monotonic()
            windows, samples = rounds(swaps, options.swaps, options, footprint)
            seconds = time.monotonic() - begin
    print(f"     {swaps.done} swaps over {len(versions)} versions in {seconds:.0f} s, "
          f"{len(callers.begin)} calls by {options.callers} callers")
    seen = len(np.unique(callers.epoch))
    verdict.judge(callers.failed == 0, f"{callers.failed} failed calls")
    verdict.judge(callers.wrong == 0, f"{callers.wrong} replies whose scores are not those of the digest they name")
    verdict.judge(seen >= swaps.done, f"replies from {seen} epochs")
    judge_tail(verdict, callers, windows, not options.no_tail)
    judge_growth(verdict, samples)
    for failure in callers.failures:
        print("     " + failure)
    return verdict.close(f"{swaps.done} swaps, {len(callers.begin)} calls, none failed, none mixed, no growth")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="prove-hot-swap", description=__doc__, epilog=EPILOG,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--swaps", type=int, default=10_000, metavar="N", help="how many swaps (default: 10000)")
    parser.add_argument("--versions", type=int, default=2, metavar="N",
                        help="over how many versions; from 3 on each promote loads one (default: 2, both stay loaded)")
    parser.add_argument("--commands", action="store_true", help="let dien-registry make the swaps")
    parser.add_argument("--callers", type=int, default=2, metavar="N", help="processes that call (default: 2)")
    parser.add_argument("--block", type=int, default=100, metavar="N", help="swaps in one window (default: 100)")
    parser.add_argument("--pause", type=float, default=0.1, metavar="S",
                        help="seconds before a swap, about what a process of dien-registry takes (default: 0.1)")
    parser.add_argument("--steady", type=float, default=2, metavar="S",
                        help="seconds of a steady window; the commands' is half (default: 2)")
    parser.add_argument("--competing-commands", action="store_true",
                        help="let dien-registry and this program, which polls, compete with server and callers")
    parser.add_argument("--no-tail", action="store_true", help="print p99, but do not judge it: for a busy machine")
    parser.add_argument("--verbose", action="store_true", help="tell how far it is")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dien-hot-swap-") as folder:
        return prove(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
