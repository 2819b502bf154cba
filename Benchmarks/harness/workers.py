"""Engines as processes of their own, each pinned to the same cores, that score and time when they are told to."""

import json
import subprocess
import sys
import time
from array import array
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
RELEASE = FOLDER / ".build" / "release"


class WorkerFailure(Exception):
    """A worker ended or said that it cannot; the text is its own."""


class Worker:
    """One engine; `cores` is what taskset takes, such as "1" or "0,1"."""

    def __init__(self, name, command, cores, environment=None):
        self.name, self.threads = name, len(cores.split(","))
        self.process = subprocess.Popen(
            ["taskset", "-c", cores, *map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env=environment, cwd=FOLDER)
        self.engine = self.answer()["engine"]

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise WorkerFailure(f"{self.name}: {self.process.stderr.read().strip()[-600:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise WorkerFailure(f"{self.name}: {answer['error']}")
        return answer

    def ask(self, **command):
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def prepare(self, path):
        """Makes the engine ready for the requests of a file; their probabilities, one list each."""
        return self.ask(prepare=str(path), threads=self.threads)["probabilities"]

    def measure(self, seconds):
        """The median of single calls, in milliseconds."""
        return self.ask(measure=seconds)["median_ms"]

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def ours(model, cores, kernels="automatic", precision="fp32", states=False):
    """This engine; with `states` it keeps those of users from one call to the next."""
    command = [RELEASE / "scoring-benchmark", "worker", "--model", model, "--kernels", kernels,
               "--precision", precision]
    return Worker("dien", [*command, *(["--states"] if states else [])], cores)


def kept_states(model, core, steps, candidates, seconds):
    """A request whose user's state is computed, found, or extended by one behaviour, and the step alone: milliseconds."""
    command = ["taskset", "-c", core, RELEASE / "scoring-benchmark", "states", "--model", model, "--history", steps,
               "--candidates", candidates, "--seconds", seconds]
    return json.loads(subprocess.run([str(x) for x in command], check=True, capture_output=True, text=True).stdout)


def batches(model, core, steps, candidates, batch, seconds):
    """Small requests of different users one by one and side by side: requests a second of each."""
    command = ["taskset", "-c", core, RELEASE / "scoring-benchmark", "batches", "--model", model, "--history", steps,
               "--candidates", candidates, "--batch", batch, "--seconds", seconds]
    return json.loads(subprocess.run([str(x) for x in command], check=True, capture_output=True, text=True).stdout)


def peaks(threads=(1,), seconds=0.08, memory=False):
    """What machine-peaks measures now, by the number of threads."""
    command = [RELEASE / "machine-peaks", "--seconds", seconds, *(x for n in threads for x in ("--threads", n))]
    command += [] if memory else ["--without-memory"]
    out = subprocess.run([str(x) for x in command], check=True, capture_output=True, text=True).stdout
    return {line["threads"]: line for line in map(json.loads, out.splitlines())}


# ---------------------------------------------------------------- the other side, for engines in Python


def serve(name, prepare):
    """Answers the commands on standard input. `prepare(requests, threads)` gives one function a request."""
    print(json.dumps({"engine": name}), flush=True)
    calls = []
    for line in sys.stdin:
        command = json.loads(line)
        try:
            if "prepare" in command:
                lines = Path(command["prepare"]).read_text(encoding="utf-8").splitlines()
                calls = prepare([json.loads(text) for text in lines], command["threads"])
                answer = {"probabilities": [[float(p) for p in call()] for call in calls]}
            else:
                answer = timed(calls, command["measure"])
        except Exception as error:  # the driver leaves this engine out of the shape and says why
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(answer), flush=True)


def timed(calls, seconds, at_least=3):
    begin = time.perf_counter()
    while True:
        calls[0]()
        if time.perf_counter() - begin >= seconds / 4:
            break
    times, begin, n = array("q"), time.perf_counter(), 0
    while len(times) < at_least or time.perf_counter() - begin < seconds:
        before = time.perf_counter_ns()
        calls[n % len(calls)]()
        times.append(time.perf_counter_ns() - before)
        n += 1
    return {"median_ms": sorted(times)[len(times) // 2] / 1e6, "runs": len(times)}
