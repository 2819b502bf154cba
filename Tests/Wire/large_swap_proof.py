#!/usr/bin/env python3
"""Proves that a version with gigabytes of embedding tables is swapped in at no cost to what is served beside it.

A model is made with pseudo-random rows in one large table; its golden probabilities come from the float64 twin, which
reads only the rows that the golden requests touch. Version 1 has a small table, version 2 the large one. While one
process calls the small model `sports` without pause and another one `large`, version 2 is promoted, then rolled back
and promoted again in turn.

Judged: from the last moment at which ListModels showed version 2 in verification to its first reply; anonymous memory
by smaps_rollup before and after, and its peak by RssAnon between; p99 of `sports` from the commit to a second after the
first reply, against the mean of the steady windows before and after; and from a rollback's commit to the last reply of
the old version. The command's own verification runs before the commit, in its own process, and is told apart.
"""

import argparse
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from calls import largest_difference, rank, rank_request, real_requests, role_request
from closed_loop import Callers, Footprint, Verdict, bits, commit, idle_time
from hot_swap_proof import reference_scores
from processes import binary, serving
from registry_folder import copy_registry
from scripts_under_test import PYTORCH_REGISTRY
from stubs import models, models_grpc
from string_model import weights
from trained_folder import checker, importer

TABLE, EMBEDDING, IDS, CHUNK_ROWS = "embedding.item", 18, 100_000, 1 << 20
# Untrained weights are larger than trained ones, so float32 is farther from float64 than for the committed models.
TOLERANCE = 5e-5


def configuration(rows):
    features = [{"name": "item", "table": "item"}]
    return {"format": "dien-model/1", "architecture": "dien", "preset": "paper", "embedding_dim": EMBEDDING,
            "hidden_size": EMBEDDING, "head_hidden": [200, 80], "max_history": 100,
            "tables": [{"name": "user", "rows": 2, "ids": "uint64"}, {"name": "item", "rows": rows, "ids": "uint64"}],
            "features": {"profile": [{"name": "user", "table": "user"}], "history": features, "candidates": features,
                         "context": []}, "golden_tolerance": TOLERANCE}


def write_weights(path, small, rows):
    """The small tensors first, the large table last, by chunks: never more than one chunk in memory."""
    header, end = {}, 0
    for name, size in [*((name, tensor.nbytes) for name, tensor in small.items()), (TABLE, rows * EMBEDDING * 4)]:
        shape = [rows, EMBEDDING] if name == TABLE else list(small[name].shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % importer.DATA_ALIGNMENT)
    generator = np.random.Generator(np.random.SFC64(7))
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in small.values():
            file.write(tensor.tobytes())
        for first in range(0, rows, CHUNK_ROWS):
            chunk = generator.random((min(CHUNK_ROWS, rows - first), EMBEDDING), np.float32)
            chunk -= np.float32(0.5)
            file.write(chunk.data)
    return 8 + len(text) + end - rows * EMBEDDING * 4


class Rows:
    """A table on disk that gives the twin the rows it asks for, in float64."""

    def __init__(self, path, offset, rows):
        self.table = np.memmap(path, np.float32, "r", offset, (rows, EMBEDDING))

    def __getitem__(self, rows):
        return self.table[rows].astype(np.float64)


class LargeTwin(checker.Twin):
    """The twin's equations over a table that would not fit into memory in float64."""

    def __init__(self, folder, model, small, table):
        self.configuration, self.architecture, self.paper = model, model["architecture"], True
        self.weights = {name: tensor.astype(np.float64) for name, tensor in small.items()} | {TABLE: table}
        self.vocabulary = vocabulary(model["tables"][1]["rows"])
        self.positions = {described["name"]: self.index(described) for described in model["tables"]}


def vocabulary(rows):
    """Ids 1 … IDS, spread over the whole table."""
    count = min(IDS, rows - 1)
    spread = 1 + np.arange(count, dtype=np.int64) * (rows - 1) // count
    return {"user.ids": np.array([7], np.uint64), "user.rows": np.array([1], np.int32),
            "item.ids": np.arange(1, count + 1, dtype=np.uint64), "item.rows": spread.astype(np.int32)}


def golden_requests():
    generator = np.random.default_rng(3)
    return [{"profile": {"user": [7]}, "history": {"item": generator.integers(1, 10_000, 30).tolist()},
             "candidates": {"item": generator.integers(1, 10_000, 50).tolist()}} for _ in range(12)]


def write_model(folder, gib):
    """The model folder; its requests with the twin's probabilities."""
    folder.mkdir()
    rows = max(20_000, int(gib * 2**30 / (EMBEDDING * 4)))
    model = configuration(rows)
    shapes = importer.expected_shapes(model)
    del shapes[TABLE]
    small = {name: tensor.astype(np.float32) for name, tensor in weights(shapes, seed=5).items()}
    importer.write_configuration(folder, model)
    importer.write_vocabulary(folder, vocabulary(rows))
    offset = write_weights(folder / "model.safetensors", small, rows)
    twin = LargeTwin(folder, model, small, Rows(folder / "model.safetensors", offset, rows))
    lines = [request | {"probabilities": [float(p) for p in twin.probabilities(request)]}
             for request in golden_requests()]
    importer.write_golden(folder, lines)
    return lines


def run_tool(registry, *arguments):
    line = [binary("dien-registry"), arguments[0], "--registry", str(registry.path), *map(str, arguments[1:])]
    begin = time.monotonic()
    done = subprocess.run(line, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - begin


class Watch(threading.Thread):
    """Asks for the state of version 2 and the anonymous memory until version 2 is ready."""

    def __init__(self, server, footprint):
        super().__init__(daemon=True)
        self.server, self.footprint = server, footprint
        self.steps, self.peak, self.stopping = {}, 0, threading.Event()

    def run(self):
        with self.server.channel() as channel:
            ask = models_grpc.ModelsStub(channel).ListModels
            while not self.stopping.wait(0.05):
                listed = ask(models.ListModelsRequest(name="large"), timeout=20).models[0]
                status = next((version for version in listed.versions if version.version == 2), None)
                if status is not None and status.state == models.VERSION_STATE_LOADING:
                    self.steps[status.reason] = time.monotonic_ns()  # the last moment of each step
                self.peak = max(self.peak, self.footprint.sample()[1])

    def verified(self):
        """The last moment in any step before the warm-up."""
        return max((moment for step, moment in self.steps.items() if "warm" not in step), default=None)


def large_references(registry, scratch, lines):
    """The exact scores of both versions, from a server that makes no swap, held to the twin's."""
    references = {}
    for version in (1, 2):
        registry.point("large", version)
        with serving(registry.path, "--log-level", "warning") as server, server.channel() as channel:
            for n, line in enumerate(lines[version]):
                reply = rank(channel, role_request(line, "large"))
                assert largest_difference(reply.scores, line["probabilities"]) <= TOLERANCE
                references[reply.served_by.digest, n] = bits(reply.scores)
    registry.point("large", 1)
    return references


def measure(registry, sports, large, footprint, server, options):
    """Everything that happens while the callers call, as a dictionary of moments and sizes."""
    seen = {"anonymous": footprint.anonymous(), "rss_anonymous": footprint.sample()[1]}
    epoch = registry.epochs()[-1] + 1
    # It asks in the steady windows too, so that its own calls are in all that is compared.
    watch = Watch(server, footprint)
    watch.start()
    begin = time.monotonic_ns()
    time.sleep(options.steady)
    seen["before"] = (begin, time.monotonic_ns())
    seen["started"], seen["linked"] = commit(registry, epoch, "promote", "large", 2)
    assert large.wait_for(epoch, seconds=300), f"epoch {epoch} was not served within 300 s:\n{server.log()}"
    seen["active"] = time.monotonic_ns()
    time.sleep(1)
    seen["swap"] = (seen["linked"], time.monotonic_ns())
    begin = time.monotonic_ns()
    time.sleep(options.steady)
    seen["after"] = (begin, time.monotonic_ns())
    watch.stopping.set()
    watch.join()
    seen["watch"], seen["promoted"] = watch, epoch
    seen["anonymous_after"] = footprint.anonymous()
    seen["rollbacks"] = []
    for n in range(options.rollbacks):
        epoch += 1
        _, linked = commit(registry, epoch, "rollback", "large")
        assert large.wait_for(epoch)
        seen["rollbacks"].append((epoch, linked))
        time.sleep(0.1 + 0.007 * n)
    return seen


def judge(verdict, seen, sports, large, size, has_tail):
    failed, wrong = sports.failed + large.failed, sports.wrong + large.wrong
    verdict.judge(failed == wrong == 0, f"{failed} failed calls, {wrong} replies with scores of another version")
    first = large.first_reply(seen["promoted"], 0)
    print(f"     promote: {(seen['linked'] - seen['started']) / 1e9:.2f} s in the command before its commit, "
          f"{(first - seen['linked']) / 1e9:.2f} s from the commit to the first reply")
    steps = sorted(seen["watch"].steps.items(), key=lambda item: item[1])
    print("     steps seen last, after the commit: " +
          (", ".join(f"{step} {(moment - seen['linked']) / 1e9:.2f} s" for step, moment in steps) or "none"))
    verified = seen["watch"].verified()
    if verified is None:
        verdict.judge(False, "ListModels never showed the version in verification, so its end is not known")
    else:
        verdict.judge(first - verified <= 1e9, f"first reply {(first - verified) / 1e9:.3f} s after verification, at most 1 s wanted")
    for what, grown in (("after", seen["anonymous_after"] - seen["anonymous"]),
                        ("at its peak", seen["watch"].peak - seen["rss_anonymous"])):
        verdict.judge(grown * 1024 <= 0.05 * size,
                      f"{grown / 1024:+.1f} MiB anonymous memory {what}, {100 * grown * 1024 / size:.2f} % of the tables, at most 5 % wanted")
    steady = (sports.percentile(seen["before"]) + sports.percentile(seen["after"])) / 2
    moved, command = sports.percentile(seen["swap"]), sports.percentile((seen["started"], seen["linked"]))
    verdict.judge(moved <= 1.1 * steady or not has_tail,
                  f"p99 of the other model {moved:.2f} ms while loading, {steady:.2f} ms steady "
                  f"({100 * (moved / steady - 1):+.0f} %), at most +10 % wanted{'' if has_tail else ', not judged'}")
    print(f"     p99 of the other model while the command verifies, before its commit: {command:.2f} ms; "
          f"steady before {sports.percentile(seen['before']):.2f}, after {sports.percentile(seen['after']):.2f} ms")
    old = [large.last_reply_before(epoch, linked) / 1e6 if n == 0 else
           max(0, int(large.end[large.epoch == epoch - 1].max()) - linked) / 1e6
           for n, (epoch, linked) in enumerate(seen["rollbacks"])]
    verdict.judge(max(old) <= 50, f"rollback: last old reply {np.median(old):.1f} ms after the commit (median of {len(old)}), "
                                  f"largest {max(old):.1f} ms, at most 50 ms wanted")


def prove(options, scratch):
    size = int(options.gib * 2**30)
    free = shutil.disk_usage(scratch).free
    if free < 2.5 * size:
        print(f"FAIL: {scratch} has {free >> 20} MiB free, {int(2.5 * size) >> 20} MiB are needed; set TMPDIR")
        return 1
    registry = copy_registry(PYTORCH_REGISTRY, scratch / "registry")
    requests = real_requests("paper")[:12]
    references = reference_scores(registry, [1], requests, scratch)
    lines = {}
    for version, gib in ((1, 0.005), (2, options.gib)):
        begin = time.monotonic()
        lines[version] = write_model(scratch / "model", gib)
        made = time.monotonic() - begin
        pushed = run_tool(registry, "push", "large", scratch / "model")
        shutil.rmtree(scratch / "model")
        print(f"     version {version}: {gib:g} GiB made in {made:.1f} s, pushed in {pushed:.1f} s", flush=True)
    large_exact = large_references(registry, scratch, lines)
    verdict = Verdict()
    with serving(registry.path, "--log-level", "warning") as server:
        sports = Callers(server, [rank_request(request) for request in requests], references, 1)
        large = Callers(server, [role_request(line, "large") for line in lines[1]], large_exact, 1, pause=0.002)
        # The command and this program, which polls, are not what is measured.
        with sports, large, idle_time():
            seen = measure(registry, sports, large, Footprint(server), server, options)
    judge(verdict, seen, sports, large, size, not options.no_tail)
    for failure in (sports.failures + large.failures)[:5]:
        print("     " + failure)
    return verdict.close(f"a version of {options.gib:g} GiB was swapped in and back")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="prove-large-swap", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gib", type=float, default=4, metavar="G", help="size of the tables in GiB (default: 4)")
    parser.add_argument("--steady", type=float, default=5, metavar="S", help="seconds of a steady window (default: 5)")
    parser.add_argument("--rollbacks", type=int, default=20, metavar="N", help="how many times back and forth (default: 20)")
    parser.add_argument("--no-tail", action="store_true", help="print p99, but do not judge it: for a busy machine")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dien-large-swap-") as folder:
        return prove(options, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
