"""A shadow scores copies of requests after they were answered: what it finds, what it leaves alone, and when it stays away."""

import json
import threading
import time

import numpy as np
import pytest

from admin_port import AdminPort
from calls import rank, rank_request, real_requests
from closed_loop import bits
from processes import run, serving
from registry_tool import succeed

REQUESTS = real_requests("paper")[:60]
OF = {"model": "sports", "version": "2", "champion": "1"}


def logit(probabilities):
    clipped = np.clip(probabilities, 1e-7, 1 - 1e-7)
    return np.log(clipped / (1 - clipped))


def counts(admin):
    metrics = admin.metrics()
    labels = frozenset(OF.items())
    dropped = sum(value for (name, of), value in metrics.items() if name == "dien_shadow_dropped_total" and labels <= of)
    return metrics.get(("dien_shadow_requests_total", labels), 0), dropped


def test_its_figures_are_those_of_both_versions_scores_and_the_answers_keep_their_bits(registry):
    with serving(registry.path) as server, server.channel() as channel:
        alone = [rank(channel, rank_request(request)) for request in REQUESTS]
        candidate = [rank(channel, rank_request(request, version=2)) for request in REQUESTS]
    succeed(registry, "shadow", "sports", 2, 100)
    with serving(registry.path) as server, server.channel() as channel:
        admin = AdminPort(server)
        # One at a time there is capacity for all, but for what else this machine does: then they are asked again.
        for n in range(5 * len(REQUESTS)):
            place = n % len(REQUESTS)
            reply = rank(channel, rank_request(REQUESTS[place]))
            assert bits(reply.scores) == bits(alone[place].scores) and reply.served_by.version == 1
            admin.wait_for(lambda: sum(counts(admin)) == n + 1)
            shadowed, dropped = counts(admin)
            if n + 1 >= len(REQUESTS) and shadowed >= 50:
                break
        assert shadowed >= 50, dropped

        def found(name, segment="all"):
            return admin.value(f"dien_shadow_{name}", **OF, segment=segment)

        if dropped == 0:
            one = [np.array(reply.scores, np.float64) for reply in alone]
            two = [np.array(reply.scores, np.float64) for reply in candidate]
            logits = np.concatenate([np.abs(logit(b) - logit(a)) for a, b in zip(one, two)])
            assert found("mean_logit_difference") == pytest.approx(logits.mean(), rel=1e-9)
            p99 = np.sort(np.concatenate([np.abs(a - b) for a, b in zip(one, two)]))[int(np.ceil(0.99 * len(logits))) - 1]
            assert p99 <= found("p99_difference") <= p99 * 1.13
            changed = np.mean([np.argmax(a) != np.argmax(b) for a, b in zip(one, two)])
            assert found("changed_top_share") == pytest.approx(changed)
            overlap = [len({*np.argsort(-a)[:10]} & {*np.argsort(-b)[:10]}) / 10 for a, b in zip(one, two)]
            assert found("overlap") == pytest.approx(np.mean(overlap))
        assert -1 <= found("kendall_tau") <= 1
        assert found("failure_share") == found("non_finite_share") == 0 and admin.value("dien_shadow_non_finite_total", **OF) == 0
        assert found("latency_ratio") > 0.2
        segments = {dict(labels)["segment"] for name, labels in admin.metrics() if name == "dien_shadow_kendall_tau"}
        assert {"all", "history 1-9", "candidates 10-99"} <= segments


def test_nothing_is_shadowed_while_callers_keep_every_thread_busy(registry):
    succeed(registry, "shadow", "sports", 2, 100)
    with serving(registry.path) as server, server.channel() as channel:
        admin = AdminPort(server)
        rank(channel, rank_request(REQUESTS[0]))
        admin.wait_for(lambda: sum(counts(admin)) == 1)
        results = []
        load = threading.Thread(target=lambda: results.append(run(
            "dien-client", "load", "--server", server.address, "--json", "--concurrency", 24, "--connections", 2,
            "--duration", "4s", "--warmup", "1s", "--candidates", 400, "--history", 100)))
        load.start()
        time.sleep(2)
        before, dropped_before = counts(admin)
        time.sleep(2)
        after, dropped = counts(admin)
        load.join()
        assert results[0].returncode == 0 and json.loads(results[0].stdout)["answered"] > 100
        assert dropped - dropped_before > 50
        # What is left over when the last thread goes from one caller to the next is too little for a request.
        assert after - before <= 0.01 * (dropped - dropped_before), (before, after, dropped)
        deadline = time.monotonic() + 60
        while counts(admin)[0] <= after:
            assert time.monotonic() < deadline, counts(admin)
            rank(channel, rank_request(REQUESTS[0]))
            time.sleep(0.05)
