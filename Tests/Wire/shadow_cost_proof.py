#!/usr/bin/env python3
"""Proves what a shadow and the counters of an experiment cost the callers: next to nothing, at half load.

Two servers run on copies of one registry: one plain, one whose model has a shadow that scores a share of the requests, and
an experiment that counts every request by arm and bucket (both of its arms are answered by the champion, so that callers
ask the same of both servers). A closed loop finds what the machine can do; half of that is then asked of the two servers in
turn, with Poisson arrivals and the same seed, the first of each round changing. The p99 of a round with the shadow is
divided by that round's without; the median of these ratios is judged, so that drift of the machine falls out.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from admin_port import AdminPort
from closed_loop import Verdict
from processes import run, serving
from registry_folder import copy_registry
from registry_tool import succeed
from scripts_under_test import PYTORCH_REGISTRY

LIMIT = 1.02


def load(server, options, *arguments):
    result = run("dien-client", "load", "--server", server.address, "--json", "--candidates", options.candidates,
                 "--history", options.history, "--users", 2000, *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def shadowed(admin):
    metrics = admin.metrics()
    scored = sum(value for (name, _), value in metrics.items() if name == "dien_shadow_requests_total")
    dropped = sum(value for (name, _), value in metrics.items() if name == "dien_shadow_dropped_total")
    return scored, dropped


def prove(options, scratch):
    plain = copy_registry(PYTORCH_REGISTRY, scratch / "plain")
    watched = copy_registry(PYTORCH_REGISTRY, scratch / "watched")
    succeed(watched, "shadow", "sports", 2, options.share)
    succeed(watched, "split", "start", "sports", "--candidate", 1, "--coverage", 100)
    with serving(plain.path) as without, serving(watched.path) as beside:
        admin = AdminPort(beside)
        most = load(without, options, "--concurrency", 8, "--duration", "3s", "--warmup", "1s")["rate_reached"]
        rate = most * options.load
        print(f"     a closed loop reaches {most:.0f}/s; {rate:.0f}/s are asked of each server in turn", flush=True)
        ratios, tails = [], []
        for n in range(options.rounds):
            order = [without, beside] if n % 2 == 0 else [beside, without]
            p99 = {}
            for server in order:
                document = load(server, options, "--rate", f"{rate:.1f}", "--arrivals", "poisson", "--seed", n + 1,
                                "--duration", f"{options.seconds}s", "--warmup", "500ms")
                p99[server] = document["latency_ms"]["p99"]
            tails.append((p99[without], p99[beside]))
            ratios.append(p99[beside] / p99[without])
        scored, dropped = shadowed(admin)
    verdict = Verdict()
    tails = np.array(tails)
    print(f"     p99 without {np.median(tails[:, 0]):.2f} ms, with {np.median(tails[:, 1]):.2f} ms; "
          f"ratios {np.percentile(ratios, 25):.3f} to {np.percentile(ratios, 75):.3f} (quartiles of {len(ratios)})")
    verdict.judge(scored > 0, f"{scored:.0f} requests shadowed, {dropped:.0f} dropped")
    verdict.judge(np.median(ratios) <= options.limit,
                  f"median ratio of p99 {np.median(ratios):.3f}, at most {options.limit:g} wanted")
    return verdict.close(f"a shadow of {options.share:g} % and counters at {options.load:.0%} load")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21, help="pairs of loads (default 21)")
    parser.add_argument("--seconds", type=float, default=5, help="of each load (default 5)")
    parser.add_argument("--share", type=float, default=10, help="percent of requests that are shadowed (default 10)")
    parser.add_argument("--load", type=float, default=0.5, help="part of what a closed loop reaches (default 0.5)")
    parser.add_argument("--candidates", type=int, default=100)
    parser.add_argument("--history", type=int, default=50)
    parser.add_argument("--limit", type=float, default=LIMIT, help="the ratio that passes (default 1.02)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dien-shadow-") as scratch:
        return prove(options, Path(scratch))


if __name__ == "__main__":
    sys.exit(main())
