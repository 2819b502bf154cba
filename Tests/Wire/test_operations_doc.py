"""docs/OPERATIONS.md shows what the commands do: its console blocks run in order, their output is compared."""

import os
import re
import shutil
import subprocess
import time

from admin_port import AdminPort
from hot_swap_proof import shifted
from processes import BIN, serving
from scripts_under_test import ROOT

ANY = "…"  # anything within a line; alone on a line, any lines


def console_blocks():
    text = (ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
    return re.findall(r"^```console\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(block):
    """(command, expected output) in order."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts)]


def pattern(expected):
    lines = [".*" if line == ANY else ".*?".join(map(re.escape, line.split(ANY))).replace(".*?", "[^\\n]*")
             for line in expected.rstrip("\n").split("\n")]
    return "\n".join(lines)


def write_models(folder, registry):
    """new-model passes every check; broken-model is it with the golden requests of another."""
    contents = shifted(registry, folder / "new-model", 0.2)
    (folder / "new-model" / "golden.jsonl").write_bytes(contents["golden.jsonl"])
    shutil.copytree(folder / "new-model", folder / "broken-model")
    (folder / "broken-model" / "golden.jsonl").write_bytes(registry.files("sports", 2)["golden.jsonl"])


class Shell:
    """Runs one command after the other, as a person does: exports and $? carry over."""

    def __init__(self, folder, server):
        self.folder, self.status = folder, 0
        self.environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "DIEN_ACTOR": "ann@build"}
        self.at = f" --server {server.address}"
        self.admin = AdminPort(server).port
        self.server = server.address

    def run(self, command):
        command = command.replace("127.0.0.1:50052", f"127.0.0.1:{self.admin}").replace("127.0.0.1:50051", self.server)
        command = re.sub(r"^dien-client (?!requests)\w+", lambda found: found[0] + self.at, command)
        if exported := re.fullmatch(r"export (\w+)=(\S+)", command):
            self.environment[exported[1]] = exported[2]
            return ""
        done = subprocess.run(["bash", "-c", f"(exit {self.status}); {command}"], cwd=self.folder, text=True, timeout=60,
                              env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.status = done.returncode
        return done.stdout


def test_the_operations_guide_shows_what_the_commands_print(registry, tmp_path):
    write_models(tmp_path, registry)
    blocks = console_blocks()
    assert len(blocks) >= 6
    with serving(registry.path, "--request-log", tmp_path / "requests", "--request-log-share", 100) as server:
        shell = Shell(tmp_path, server)
        for block in blocks:
            for command, expected in commands(block):
                shown = shell.run(command).rstrip("\n")
                patience = 50 if command.startswith(("dien-client", "curl")) or "--from" in command else 0  # a server follows in a moment
                while patience and not re.fullmatch(pattern(expected), shown, re.DOTALL):
                    time.sleep(0.1)
                    patience -= 1
                    shown = shell.run(command).rstrip("\n")
                assert re.fullmatch(pattern(expected), shown, re.DOTALL), f"$ {command}\n{shown}\n--- expected\n{expected}"
