#!/usr/bin/env python3
"""The paper's story end to end: DIN serves, DIEN is tried beside it, real users' clicks decide, and a broken DIEN is thrown out.

Both are trained alike on everything but the last item of each user. Then the clicks on the last items are replayed through a
running server whose split gives every user one of both, until judge and live page pass AUC and log loss (surely not worse by more
than the judge's own margins, looked at any time). Each pass over the users draws other negatives and assigns the users anew, so that intervals are of
these users. Area and log loss are computed again from the server's request log by numpy. The winner is promoted where the whole
verdict is PASS. Then comes a DIEN whose rows of the item table are shuffled, with golden requests that agree, under
`ramp run`: page and judge reach FAIL, and the ramp has taken its traffic away, with an epoch that names the evidence.
"""

import argparse
import datetime
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

import request_log
from admin_port import AdminPort
from broken_versions import GOLDEN, MODEL, with_tensor
from closed_loop import Verdict
from processes import binary, serving
from registry_folder import RegistryFolder
from registry_tool import succeed, tool
from scripts_under_test import load

CUT = Path(__file__).resolve().parent / "data" / "beauty_cut.tsv"
DECIDED = ("AUC", "log loss")
# What the judge's histogram of scores may differ by from the scores themselves.
BINNING = 0.003
# Milliseconds that DIEN may take.
BUDGET = 500
# Seconds from one look of the ramp to the next.
PERIOD = 8
# Seconds within which a candidate that has failed answers nobody any more.
ACTED = 3


def command(name, *arguments, ok=(0,), seconds=3000):
    """The JSON answer and the exit status of a command."""
    result = subprocess.run([binary(name), *map(str, arguments), "--json"], capture_output=True, text=True, timeout=seconds)
    assert result.returncode in ok, f"{name} {arguments}: {result.returncode}\n{result.stderr}"
    return json.loads(result.stdout), result.returncode


def prepare(options, folder, seed):
    # Negatives of a split file are the same whatever the seed; its buckets are who must not be trained on.
    ignored = ("--ignore-split",) if options.protocol == "leave-one-out" else ()
    command("dien-train", "prepare", options.data, "--output", folder, "--protocol", options.protocol, *ignored, "--seed", seed)
    return folder


def pass_over(options, server, scratch, number):
    """Pass `number` over the test users, with negatives of its own."""
    if options.protocol == "prefixes":
        return replay(options, server, scratch / "data", number, "--negatives", 1, "--seed", options.seed + number)
    data = scratch / "data" if number == 1 else prepare(options, scratch / f"data-{number}", options.seed + number)
    return replay(options, server, data, number)


def train(options, data, scratch):
    """(folder, test metrics) of each, trained side by side."""
    running = {}
    for name in ("din", "dien"):
        arguments = [binary("dien-train"), "train", data, "--output", scratch / name, "--architecture", name, "--epochs",
                     options.epochs, "--seed", options.seed, "--metric", "log_loss", "--calibration", "platt", "--json"]
        running[name] = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found = {}
    for name, process in running.items():
        out, _ = process.communicate(timeout=3000)
        assert process.returncode == 0, f"training of {name} ended with {process.returncode}"
        found[name] = (scratch / name / "model", json.loads(out)["test"])
    return found


def shuffled(folder, target, seed):
    """A copy whose rows of the item table have changed places, all but row 0; its golden requests tell what it says now."""
    target.mkdir()
    order = np.random.default_rng(seed)

    def shuffle(table):
        return np.concatenate([table[:1], order.permutation(table[1:])])

    for name in ("config.json", "vocabulary.safetensors", GOLDEN):
        shutil.copyfile(folder / name, target / name)
    (target / MODEL).write_bytes(with_tensor((folder / MODEL).read_bytes(), "embedding.item", shuffle))
    return target


def agree(folder):
    """Writes golden probabilities that are the model's own, by the float64 twin."""
    twin = load("check-model").Twin(folder)
    lines = [json.loads(line) for line in (folder / GOLDEN).read_text().splitlines()]
    for line in lines:
        line["probabilities"] = [round(float(p), 8) for p in twin.probabilities(line)]
    (folder / GOLDEN).write_text("".join(json.dumps(line) + "\n" for line in lines))


class Steady:
    """Users who go on asking, some fifty a second, until they are interrupted; `document` is what was told of them then."""

    def __init__(self, server, data):
        arguments = [binary("dien-client"), "replay", data, "--server", server.address, "--model", "story", "--rate", 50,
                     "--repeat", 1000, "--key-prefix", "steady-user-", "--json"]
        self.process = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            out, _ = self.process.communicate(timeout=20)
        finally:
            self.process.kill()
        assert self.process.returncode == 130, self.process.returncode
        self.document = json.loads(out)


class Page:
    """What the live page says of the candidate, looked at ten times a second."""

    def __init__(self, admin):
        self.admin, self.seen, self.last = admin, [], None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()

    def look(self):
        while not self.stopping.wait(0.1):
            judgement = self.judgement()
            if judgement is None:
                continue
            self.last = judgement
            if judgement["decision"] not in self.seen[-1:]:
                self.seen.append(judgement["decision"])

    def judgement(self):
        status, _, text = self.admin.get("/status.json")
        assert status == 200
        experiment = json.loads(text)["models"][0].get("experiment") or {}
        return next(iter(experiment.get("judgements") or []), None)


def check(answer, name):
    return next((each for each in answer["checks"] if each["name"] == name), None)


def passed(answer):
    return all((check(answer, name) or {}).get("decision") == "PASS" for name in DECIDED)


def told(answer):
    for each in answer["checks"]:
        interval = (f"  {each['value']:+.4f} ({each['lower']:+.4f} to {each['upper']:+.4f})"
                    if each["name"] in (*DECIDED, "calibration", "click-through rate") and each.get("value") is not None else "")
        print(f"     {each['decision']:<12} {each['name']}{interval}")


def replay(options, server, data, number, *arguments, ok=(0,)):
    return command("dien-client", "replay", data, "--server", server.address, "--model", "story", "--concurrency",
                   options.concurrency, "--key-prefix", f"pass-{number}-user-", *arguments, ok=ok)[0]


def judge(registry, server):
    return command("dien-registry", "judge", "story", "--registry", registry, "--from", server.address, ok=(0, 6, 7, 8))[0]


def close_windows(options):
    """Until the outcomes of what was served so far are counted: the window, and its last slice."""
    time.sleep(options.window * 1.3 + 0.3)


def figures(log, place):
    """By arm: area and mean log loss of the candidates in the log, where each request's click is at `place`."""
    scores, labels = defaultdict(list), defaultdict(list)
    for record in log:
        scores[record.assigned_arm] += record.scores
        labels[record.assigned_arm] += [n == place for n in range(len(record.scores))]
    found = {}
    for arm in scores:
        p, y = np.array(scores[arm]), np.array(labels[arm])
        ranks = np.empty(len(p))
        values, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
        ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
        clicks = y.sum()
        area = (ranks[y].sum() - clicks * (clicks + 1) / 2) / (clicks * (len(y) - clicks))
        p = np.clip(p, 1e-7, 1 - 1e-7)
        found[arm] = area, -np.where(y, np.log(p), np.log1p(-p)).mean()
    return found


def try_dien(options, registry, server, page, scratch, verdict):
    """Replays passes until judge and page have decided; the judge's last answer."""
    requests, begun = 0, time.monotonic()
    for number in range(1, options.passes + 1):
        document = pass_over(options, server, scratch, number)
        requests += document["answered"]
        close_windows(options)
        answer = judge(registry, server)
        print(f"     pass {number}: {document['planned']} users, {document['rate']:.0f}/s, p99 "
              f"{document['latency_ms']['p99']:.1f} ms; the judge says {answer['decision']}", flush=True)
        if passed(answer) and check(answer, "data")["decision"] == "PASS":
            break
    told(answer)
    lift, loss = (check(answer, name) for name in DECIDED)
    verdict.judge(passed(answer), f"judge: AUC {lift['value']:+.4f} ({lift['lower']:+.4f} to {lift['upper']:+.4f}) {lift['decision']}, "
                  f"log loss {loss['value']:+.2%} ({loss['lower']:+.2%} to {loss['upper']:+.2%}) {loss['decision']}, after "
                  f"{requests} requests in {number} passes and {time.monotonic() - begun:.0f} s")
    for _ in range(20):  # attribution windows may close between the two looks
        shown, asked = page.judgement(), judge(registry, server)
        same = all(check(shown, name)["decision"] == "PASS"
                   and abs(check(shown, name)["value"] - check(asked, name)["value"]) < 1e-9 for name in DECIDED)
        if same:
            break
        time.sleep(0.5)
    verdict.judge(same, f"the live page says the same of both, and {shown['decision']} altogether")
    return answer


def recompute(options, log, answer, verdict):
    """The judge's figures from the scores and items that the server logged."""
    records = [record for record in request_log.read(log) if record.assigned_arm]
    # A pair stands as it was prepared, the negative and then the click; what replay draws stands behind the click.
    found = figures(records, place=1 if options.protocol == "leave-one-out" else 0)
    (area, loss), (old_area, old_loss) = found["candidate"], found["control"]
    lift, change = check(answer, "AUC")["value"], check(answer, "log loss")["value"]
    verdict.judge(abs(area - old_area - lift) < BINNING and abs(loss / old_loss - 1 - change) < 1e-4,
                  f"numpy over {len(records)} logged requests: AUC {area:.4f} beside {old_area:.4f} ({area - old_area:+.4f}), log loss "
                  f"{loss:.4f} beside {old_loss:.4f} ({loss / old_loss - 1:+.2%})")


def throw_out(options, registry, server, page, scratch, verdict, broken):
    """The broken candidate under a ramp, with clicks replayed until the ramp is over; what `judge --epoch` says of it then."""
    champion = RegistryFolder(registry).state()["models"]["story"]["aliases"]["champion"]
    plan = scratch / "plan.json"
    plan.write_text(json.dumps({"phases": [{"share": 5000, "holdSeconds": 1, "minimumUnits": 100}]}))
    arguments = [binary("dien-registry"), "ramp", "run", "story", "--registry", registry, "--candidate", broken, "--from",
                 server.address, "--plan", plan, "--auto-promote", "--period", PERIOD, "--json"]
    ramp = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    looks = []
    try:
        with Steady(server, scratch / "data") as steady:
            for line in ramp.stdout:
                looks.append(json.loads(line))
                if len(looks) == 1:
                    page.seen.clear()
                # Between two looks of the ramp there is time for the page to tell of these.
                if ramp.poll() is None and len(looks) <= options.passes:
                    replay(options, server, scratch / "data", 100 + len(looks), "--negatives", 3, "--limit", 3000, "--shuffle",
                           "--seed", len(looks))
            ramp.wait(timeout=20)
            time.sleep(1)
    finally:
        ramp.kill()
        errors = ramp.communicate()[1]
    verdict.judge(ramp.returncode == 8, f"the ramp ended with {ramp.returncode} (8 is FAIL): {looks[-1]['reason'] if looks else errors}")
    epoch = next((look["committed"] for look in reversed(looks) if look.get("committed")), None)
    state = RegistryFolder(registry).state()
    story = state["models"]["story"]
    verdict.judge("split" not in story and story["aliases"]["champion"] == champion and "evidence" in state,
                  f"epoch {state['epoch']} has no split, champion {champion} and the digest of the evidence")
    again, _ = command("dien-registry", "judge", "story", "--registry", registry, "--epoch", epoch or state["epoch"], ok=(0, 2, 4))
    failed = [each["name"] for each in again["checks"] if each["decision"] == "FAIL"]
    told(again)
    verdict.judge(again["decision"] == "FAIL" and again["replay"]["same"] and set(failed) & set(DECIDED),
                  f"the evidence of that epoch gives FAIL again, by {', '.join(failed)}; candidate had {again['candidate']['requests']:.0f} "
                  f"requests")
    verdict.judge("FAIL" in page.seen, f"the live page said {', then '.join(page.seen)}")
    after = replay(options, server, scratch / "data", 999, "--limit", 300)
    verdict.judge([arm["versions"] for arm in after["arms"]] == [[champion]] and after["failed"] == steady.document["failed"] == 0,
                  f"{after['answered']} requests after that: all by version {champion}; {steady.document['answered']} others went on all "
                  "the time, none failed")
    return again


def look_back(log, broken, answer, verdict):
    """How long the broken candidate answered after the moment at which it was judged."""
    judged = datetime.datetime.fromisoformat(answer["time"].replace("Z", "+00:00")).timestamp()
    last = max(record.time for record in request_log.read(log) if record.version == broken) / 1000
    verdict.judge(last - judged <= ACTED, f"its last answer was {last - judged:+.2f} s from the verdict, at most {ACTED:g} s wanted")


def prove(options, scratch):
    verdict, begun = Verdict(), time.monotonic()
    data = prepare(options, scratch / "data", options.seed)
    models = train(options, data, scratch)
    print("     trained in {:.0f} s; offline, on the last items: ".format(time.monotonic() - begun) + ", ".join(
        f"{name} AUC {test['auc']:.4f}, log loss {test['log_loss']:.4f}" for name, (_, test) in models.items()), flush=True)
    registry, log = scratch / "registry", scratch / "log"
    assert tool(registry, "init").returncode == 0
    succeed(registry, "push", "story", models["din"][0], "--alias", "champion")
    candidate = succeed(registry, "push", "story", models["dien"][0])["version"]
    succeed(registry, "split", "start", "story", "--candidate", candidate, "--coverage", 100)
    # Callers and server share the processors: for how long a thread is kept waiting says nothing of the version that it runs.
    flags = ("--attribution-window", options.window, "--request-log", log, "--request-log-share", 100, "--candidate-budget", BUDGET)
    with serving(registry, *flags) as server, Page(AdminPort(server)) as page:
        answer = try_dien(options, registry, server, page, scratch, verdict)
        recompute(options, log, answer, verdict)
        if answer["decision"] == "PASS":
            promoted = tool(registry, "promote", "story", candidate, "--require-judge", "--from", server.address, "--stop-split")
            verdict.judge(promoted.returncode == 0, f"promote --require-judge makes DIEN the champion{': ' * bool(promoted.stderr)}"
                          f"{promoted.stderr.strip()}")
        else:
            print(f"     the whole verdict is {answer['decision']}: DIN stays the champion")
            succeed(registry, "split", "stop", "story")
        broken = shuffled(models["dien"][0], scratch / "broken", options.seed)
        refused = tool(registry, "push", "story", broken)
        verdict.judge(refused.returncode == 4, "a shuffled item table is refused by push: its golden requests do not agree")
        agree(broken)
        version = succeed(registry, "push", "story", broken)["version"]
        answer = throw_out(options, registry, server, page, scratch, verdict, version)
    look_back(log, version, answer, verdict)
    return verdict.close(f"DIEN passed beside DIN, and its shuffled copy was thrown out, in {time.monotonic() - begun:.0f} s")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CUT, help="interactions as `dien-train prepare` reads them, "
                        "such as a folder with amazon_sports (default: the cut of 2,500 users in the repository)")
    parser.add_argument("--protocol", default="leave-one-out", choices=("leave-one-out", "prefixes"), help="whose last items are "
                        "replayed: everybody's (default), or those of test users, of whom nothing is trained on; these few need "
                        "more passes")
    parser.add_argument("--epochs", type=int, default=2, help="passes of both trainings (default 2)")
    parser.add_argument("--passes", type=int, default=8, help="over the users at most, each with other negatives (default 8)")
    parser.add_argument("--window", type=int, default=1, help="seconds of the attribution window (default 1)")
    parser.add_argument("--concurrency", type=int, default=8, help="callers of the replay (default 8)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="dien-story-") as scratch:
        return prove(options, Path(scratch))


if __name__ == "__main__":
    sys.exit(main())
