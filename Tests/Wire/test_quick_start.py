"""The two things a newcomer reads first: the README's answer, and what scripts/run shows."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading

import pytest
from processes import run, serving
from scripts_under_test import ROOT


def readme_example():
    """The `dien-client rank` call of the README and the answer under it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    call, answer = re.search(r"\$ dien-client (rank .*?)\n( +rank +item.*?)```", text, re.DOTALL).groups()
    return shlex.split(call.replace("\\\n", " ")), answer.rstrip()


def test_the_readme_shows_what_the_server_answers(quick_start_registry):
    call, answer = readme_example()
    with serving(quick_start_registry.path) as server:
        result = run("dien-client", *call, "--server", server.address)
    assert result.returncode == 0, result.stderr
    assert answer in result.stdout


class QuickStart:
    """scripts/run on a free port, as a person sees it, ended as by Ctrl-C."""

    def __enter__(self):
        self.process = subprocess.Popen([ROOT / "scripts" / "run", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, start_new_session=True)
        self.watchdog = threading.Timer(800, self.stop)
        self.watchdog.start()
        self.log = threading.Thread(target=self.process.stderr.read, daemon=True)
        self.log.start()
        return self

    def read_until(self, end):
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.strip() == end:
                return "".join(lines)
        raise AssertionError("scripts/run ended early:\n" + "".join(lines))

    def stop(self):
        os.killpg(self.process.pid, signal.SIGINT)

    def __exit__(self, *_):
        self.stop()
        self.status = self.process.wait(30)
        self.watchdog.cancel()


@pytest.mark.timeout(900)  # it builds what is not built yet
def test_scripts_run_ranks_stays_and_prints_a_call_for_python_that_works(tmp_path):
    with QuickStart() as quick_start:
        shown = quick_start.read_until("PY")
        assert readme_example()[1] in shown
        assert re.search(r"Serving on 127\.0\.0\.1:\d+ until Ctrl-C", shown)
        script = re.search(r"- <<PY\n(.*?)\n +PY\n", shown, re.DOTALL).group(1)
        python = re.sub(r"^    ", "", script, flags=re.MULTILINE)
        protoc = [sys.executable, "-m", "grpc_tools.protoc", "-I", ROOT / "proto", f"--python_out={tmp_path}",
                  f"--grpc_python_out={tmp_path}", "dien/v1/ranking.proto"]
        subprocess.run(protoc, check=True)
        answer = subprocess.run([sys.executable, "-c", python], env={**os.environ, "PYTHONPATH": str(tmp_path)},
                                capture_output=True, text=True, check=True).stdout
        first = re.search(r"^ +1 +153 +(0\.\d{3})", readme_example()[1], re.MULTILINE).group(1)
        assert f"scores: {first}" in answer and 'model: "sports"' in answer
        assert quick_start.process.poll() is None, "it does not stay in the foreground"
    assert quick_start.status == 0


def test_without_swift_one_line_says_how_to_get_it(tmp_path):
    for tool in ("bash", "dirname", "sed", "sort", "head"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    result = subprocess.run([ROOT / "scripts" / "run"], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1 and "https://www.swift.org/install/linux/" in result.stderr
