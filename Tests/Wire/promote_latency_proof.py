#!/usr/bin/env python3
"""Proves how soon a promote is served: from the commit, and from the start of the command, to the first new reply.

Two small versions stay loaded; dien-registry promotes and rolls back in turn while one process calls without pause. The
commit is the moment when the file of the next epoch appears, seen to about 0.3 ms. The median and the largest of all
rounds are told; the largest from the commit is judged.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from calls import rank_request, real_requests
from closed_loop import Callers, Verdict, commit
from hot_swap_proof import reference_scores
from processes import serving
from registry_folder import copy_registry
from scripts_under_test import PYTORCH_REGISTRY

LIMIT = 100.0


def told(values):
    return f"median {np.median(values):.1f} ms, largest {max(values):.1f} ms"


def swap_in_turn(registry, callers, count):
    """[(command started, committed, epoch)], each begun at a random phase of the server's watch."""
    times, phase = [], random.Random(1)
    epoch = registry.epochs()[-1]
    for n in range(count):
        epoch += 1
        command = ("promote", "sports", 2) if n % 2 == 0 else ("rollback", "sports")
        times.append((*commit(registry, epoch, *command), epoch))
        assert callers.wait_for(epoch), f"epoch {epoch} was not served within 30 s"
        time.sleep(0.05 + phase.random() * 0.05)
    return times


def prove(options, scratch):
    registry = copy_registry(PYTORCH_REGISTRY, scratch / "registry")
    requests = real_requests("paper")[:12]
    references = reference_scores(registry, [1, 2], requests, scratch)
    with serving(registry.path, "--log-level", "warning") as server:
        with Callers(server, [rank_request(request) for request in requests], references, 1) as callers:
            times = swap_in_turn(registry, callers, options.promotes)
    from_commit = [callers.first_reply(epoch, linked) / 1e6 for _, linked, epoch in times]
    from_start = [callers.first_reply(epoch, started) / 1e6 for started, _, epoch in times]
    old = [callers.last_reply_before(epoch, linked) / 1e6 for _, linked, epoch in times]
    verdict = Verdict()
    verdict.judge(callers.failed == callers.wrong == 0, f"{callers.failed} failed calls, {callers.wrong} wrong scores")
    judged = np.median(from_commit) if options.median else max(from_commit)
    verdict.judge(judged <= LIMIT, f"commit to first new reply: {told(from_commit)}, at most {LIMIT:g} ms wanted")
    print(f"     start of the command to first new reply: {told(from_start)}")
    print(f"     commit to last old reply: {told(old)}")
    return verdict.close(f"{len(times)} promotes, commit to first new reply: {told(from_commit)}")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="prove-promote-latency", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--promotes", type=int, default=50, metavar="N", help="how many (default: 50)")
    parser.add_argument("--median", action="store_true", help="judge the median instead of the largest: for a busy machine")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dien-promote-latency-") as folder:
        return prove(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
