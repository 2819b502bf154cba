"""Faults of a real kernel under dien-registry: a kill, a failing or interrupted call, a short write, at each call that touches the registry.

Run by `scripts/prove-registry-faults` in full and by `test_registry_faults.py` in part. The registry is judged by registry_folder.py, the
second reader of the format; strace injects the faults.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from processes import binary
from registry_folder import RegistryFolder, digest
from string_model import write_string_model

SHORT_WRITE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
/* The n-th write to a file takes half of what it is given; n is SHORT_WRITE. */
ssize_t write(int descriptor, const void *bytes, size_t count) {
    static ssize_t (*next)(int, const void *, size_t);
    static int left = -1;
    if (!next) {
        next = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
        left = atoi(getenv("SHORT_WRITE"));
    }
    if (descriptor > 2 && count > 1 && --left == 0) count /= 2;
    return next(descriptor, bytes, count);
}
"""
ERRORS = ("ENOSPC", "EIO", "EINTR")
OK, USAGE, REFUSED, DISK = 0, 2, 4, 5


class Scene:
    """A registry of two versions, models to push, an exported version and a copy; each run gets its own."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.template = self.folder / "template"
        self.template.mkdir(parents=True)
        for seed, name in enumerate("abc"):
            write_string_model(self.template / f"model-{name}", seed=seed + 5)
        registry = self.template / "registry"
        self.run(["init", registry])
        for name in "ab":
            self.run(["push", "shop", self.template / f"model-{name}", "--alias", "champion", "--registry", registry])
        self.run(["export", "shop", "1", self.template / "one.dien", "--registry", registry])
        shutil.copytree(registry, self.template / "backup")
        # 16 MiB that would be copied for each run; commits make it again
        (registry / "reserve").unlink()
        (self.template / "backup" / "reserve").unlink()
        source = self.folder / "short_write.c"
        source.write_text(SHORT_WRITE)
        self.library = self.folder / "short_write.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.library, source, "-ldl"], check=True)
        self.serial = 0
        self.lock = threading.Lock()

    @staticmethod
    def run(arguments, prefix=(), **options):
        command = [*map(str, prefix), binary("dien-registry"), *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)

    def fresh(self, command):
        with self.lock:
            self.serial += 1
            place = self.folder / f"run-{self.serial}"
        shutil.copytree(self.template, place)
        COMMANDS[command].prepare(place)
        return place


class Command:
    """One command, and what it must have done when it says so."""

    def __init__(self, arguments, done, prepare=lambda place: None, again=OK):
        self.arguments, self.done, self.prepare, self.again = arguments, done, prepare, again

    def line(self, place):
        return [str(place / a[1:]) if a.startswith("@") else a for a in self.arguments.split()]


def model(place):
    return RegistryFolder(place / "registry").state()["models"].get("shop", {"aliases": {}, "versions": {}})


def rot(place):
    registry = RegistryFolder(place / "registry")
    path = registry.blob_path(registry.manifest_digest("shop", 2))
    path.unlink()
    path.write_bytes(b"rotten")


def litter(place):
    RegistryFolder(place / "registry").store(b"nobody needs this", "text/plain")
    staging = place / "registry" / "staging"
    staging.mkdir(exist_ok=True)
    (staging / "1-left").write_bytes(b"left over")


COMMANDS = {
    "init": Command("init @new", lambda p: RegistryFolder(p / "new").epochs() == [1] and (p / "new" / "format").exists(), again=USAGE),
    "push": Command("push shop @model-c --alias champion --registry @registry", lambda p: model(p)["aliases"]["champion"] == 3),
    "promote": Command("promote shop 1 --registry @registry", lambda p: model(p)["aliases"]["champion"] == 1),
    "rollback": Command("rollback shop --to 2 --registry @registry", lambda p: model(p)["aliases"]["champion"] == 1),
    "tag": Command("tag shop 1 first --registry @registry", lambda p: model(p)["tags"] == {"first": 1}),
    "gc": Command("gc --apply --keep-versions 1 --keep-days 0 --registry @registry",
                  lambda p: list(model(p)["versions"]) == ["2"] and not (p / "registry" / "staging" / "1-left").exists(), litter),
    "import": Command("import @one.dien --alias imported --registry @registry",
                      lambda p: model(p)["aliases"]["imported"] == 1),
    "export": Command("export shop 2 @two.dien --registry @registry", lambda p: (p / "two.dien").exists(), again=USAGE),
    "fsck": Command("fsck --repair-from @backup --registry @registry", lambda p: whole(p) is None, rot),
}


def whole(place, ignoring=()):
    """What is wrong with the registry there, by the second reader; None when nothing is."""
    registry = RegistryFolder(place / "registry" if (place / "registry").exists() else place)
    epochs = registry.epochs()
    if epochs != list(range(1, len(epochs) + 1)):
        return f"epochs {epochs}"
    previous = None
    for epoch in epochs:
        try:
            state = registry.state(epoch)
        except (AssertionError, ValueError) as error:
            return f"epoch {epoch}: {error!r}"
        if state.get("previous") != previous:
            return f"epoch {epoch} does not follow epoch {epoch - 1}"
        previous = digest(registry.state_path(epoch).read_bytes())
    for name, entry in registry.state()["models"].items():
        for version in entry["versions"]:
            try:
                registry.files(name, version)
            except (AssertionError, OSError, ValueError) as error:
                if (name, version) not in ignoring:
                    return f"{name} version {version}: {error!r}"
    return None


def calls(scene, command):
    """Each system call of the command that touches its place: [(name, how many of that name came before and it)]."""
    place = scene.fresh(command)
    log = place / "strace.log"
    result = scene.run(COMMANDS[command].line(place), prefix=["strace", "-y", "-o", log])
    assert result.returncode == OK, (command, result.stderr)
    assert COMMANDS[command].done(place), f"{command} did not do what it says"
    seen, touching = Counter(), []
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\w+)\(", line)
        if match:
            seen[match[1]] += 1
            if str(place) in line and match[1] not in ("execve", "readlink"):
                touching.append((match[1], seen[match[1]]))
    shutil.rmtree(place)
    return touching


def faults(scene, command):
    """Every fault at every call."""
    touching = calls(scene, command)
    writes = sum(name == "write" for name, _ in touching)
    return ([(command, kind, name, n) for name, n in touching for kind in ("KILL", *ERRORS)]
            + [(command, "SHORT", "write", n) for n in range(1, writes + 1)])


def inject(scene, fault):
    """Runs a command with a fault, judges what it left, and runs it again; what is wrong, or None."""
    command, kind, name, n = fault
    place = scene.fresh(command)
    line = COMMANDS[command].line(place)
    before = len(RegistryFolder(place / "registry").epochs())
    if kind == "SHORT":
        environment = os.environ | {"LD_PRELOAD": str(scene.library), "SHORT_WRITE": str(n)}
        result = scene.run(line, env=environment)
    else:
        what = "signal=KILL" if kind == "KILL" else f"error={kind}"
        result = scene.run(line, prefix=["strace", "-o", "/dev/null", "-e", f"inject={name}:{what}:when={n}"])
    try:
        return judge(scene, fault, place, line, before, result)
    finally:
        shutil.rmtree(place)


def judge(scene, fault, place, line, before, result):
    command, kind = fault[:2]
    status = result.returncode
    wanted = {"KILL": (-signal.SIGKILL, 128 + signal.SIGKILL), "SHORT": (OK,)}.get(kind, (OK, REFUSED, DISK))
    if status not in wanted and not (kind == "KILL" and status == OK):
        return f"ended with {status}: {result.stderr.strip()[-300:]}"
    if status in (REFUSED, DISK) and not re.match(r"dien-registry: \S", result.stderr):
        return f"ended with {status} and said {result.stderr!r}"
    rotten = [("shop", "2")] if command == "fsck" else []
    problem = whole(place, ignoring=rotten)
    if problem:
        return f"left a damaged registry: {problem}"
    if len(RegistryFolder(place / "registry").epochs()) - before not in (0, 1):
        return "committed more than one epoch"
    if status == OK and not COMMANDS[command].done(place):
        return "reported success and had not done it"
    again = scene.run(line)
    if again.returncode not in (OK, COMMANDS[command].again):
        return f"cannot be repeated: {again.returncode}, {again.stderr.strip()}"
    if not COMMANDS[command].done(place):
        return "repeated, and had not done it"
    return None


def run_faults(scene, chosen, workers=2):
    """Injects each; the list of what went wrong."""
    wrong = []
    with ThreadPoolExecutor(workers) as pool:
        for fault, problem in zip(chosen, pool.map(lambda fault: inject(scene, fault), chosen)):
            if problem:
                wrong.append(f"{fault}: {problem}")
    return wrong


class Storm:
    """Eight pushers, killed at random moments; whatever was reported must be in the chain afterwards."""

    def __init__(self, scene, kills, seed, pushers=8):
        self.scene, self.goal, self.random = scene, kills, random.Random(seed)
        self.registry = scene.folder / "storm"
        scene.run(["init", self.registry])
        self.kills, self.pushes, self.reported, self.wrong = 0, 0, [], []
        self.lock = threading.Lock()
        start = time.monotonic()
        self.push(0, None)
        self.span = (time.monotonic() - start) * pushers
        threads = [threading.Thread(target=self.pusher, args=(n + 1,)) for n in range(pushers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def pusher(self, number):
        while self.kills < self.goal and not self.wrong:
            with self.lock:
                delay = self.random.uniform(0, self.span)
            self.push(number, delay)

    def push(self, number, delay):
        """A push of content of its own; killed after `delay` seconds unless it has ended."""
        with self.lock:
            self.pushes += 1
            serial = self.pushes
        folder = self.scene.folder / f"storm-model-{number}"
        if not folder.exists():
            shutil.copytree(self.scene.template / "model-a", folder)
        configuration = json.loads((folder / "config.json").read_text())
        configuration["metadata"] = {"serial": serial}
        (folder / "config.json").write_text(json.dumps(configuration))
        command = [binary("dien-registry"), "push", "shop", str(folder), "--json", "--registry", str(self.registry)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            output, errors = process.communicate(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
        with self.lock:
            # what was printed was reported, also if the kill came in between
            if output.endswith("\n"):
                self.reported.append(json.loads(output))
            if process.returncode == -signal.SIGKILL:
                self.kills += 1
            elif process.returncode != OK:
                self.wrong.append(f"push ended with {process.returncode}: {errors}")

    def verdict(self):
        """What is wrong, or None."""
        problem = whole(self.registry)
        if self.wrong or problem:
            return self.wrong[0] if self.wrong else problem
        folder = RegistryFolder(self.registry)
        newest = folder.state()["models"]["shop"]["versions"]
        for push in self.reported:
            version = str(push["version"])
            found = folder.state(push["epoch"])["models"]["shop"]["versions"].get(version)
            if not found or found["manifest"]["digest"] != push["manifest"] or newest.get(version) != found:
                return f"a reported push is not in the chain: {push}"
        for line in (["gc", "--apply", "--keep-versions", "1000000"], ["fsck"]):
            result = self.scene.run([*line, "--registry", self.registry])
            if result.returncode != OK:
                return f"{line}: {result.stderr}"
        if list((self.registry / "staging").iterdir()):
            return "gc left files in staging"
        return whole(self.registry)


def full_disk(scene):
    """Aliases on a disk without a free byte; what is wrong, None, or why it could not be tried."""
    place = scene.folder / "small-disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode != 0:
        return "skipped: this user may not mount a file system"
    try:
        registry = place / "registry"
        shutil.copytree(scene.template / "registry", registry)
        assert scene.run(["promote", "shop", 1, "--registry", registry]).returncode == OK
        with open(place / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"\1" * 4096)
            except OSError:
                pass
        push = scene.run(["push", "shop", scene.template / "model-c", "--registry", registry])
        if push.returncode != DISK:
            return f"a push on a full disk ended with {push.returncode}: {push.stderr}"
        for command in (["promote", "shop", "2"], ["rollback", "shop"], ["promote", "shop", "2"]):
            result = scene.run([*command, "--registry", registry])
            if result.returncode != OK:
                return f"{command} on a full disk ended with {result.returncode}: {result.stderr}"
        return whole(registry)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="random kills of eight pushers")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--command", choices=COMMANDS, help="only this command, without the pushers")
    arguments = parser.parse_args()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="registry-faults-", dir=os.environ.get("FAULTS_DIR")) as folder:
        scene = Scene(Path(folder) / "scene")
        for command in [arguments.command] if arguments.command else COMMANDS:
            start = time.monotonic()
            chosen = faults(scene, command)
            found = run_faults(scene, chosen)
            wrong += found
            print(f"{command}: {len(chosen)} faults, {len(found)} wrong, {time.monotonic() - start:.0f} s", flush=True)
        if not arguments.command:
            problem = full_disk(scene)
            print(f"full disk: {problem or 'aliases move'}", flush=True)
            wrong += [problem] if problem and not problem.startswith("skipped") else []
            storm = Storm(scene, arguments.kills, arguments.seed)
            problem = storm.verdict()
            wrong += [problem] if problem else []
            print(f"8 pushers: {storm.kills} kills of {storm.pushes} pushes, {len(storm.reported)} reported, "
                  f"{len(RegistryFolder(storm.registry).epochs())} epochs, seed {arguments.seed}", flush=True)
    for problem in wrong:
        print(problem)
    print("fail" if wrong else "pass: no fault left a damaged registry, lost a reported epoch or forked the chain")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
