"""The binaries under test as processes. DIEN_BIN names their folder; .build/debug is the default."""

import os
import signal
import subprocess
import threading
from contextlib import contextmanager
from pathlib import Path

import grpc

from scripts_under_test import ROOT

BIN = Path(os.environ.get("DIEN_BIN", ROOT / ".build" / "debug")).absolute()
READY = "dien-server: serving on "


def binary(name):
    path = BIN / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is not built: run `swift build`, or name the folder by DIEN_BIN")
    return str(path)


class Server:
    """One dien-server on a free port, with its log collected as it comes."""

    def __init__(self, registry, *flags):
        command = [binary("dien-server"), "--registry", str(registry), "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0",
                   *map(str, flags)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self.collect, daemon=True)
        self.reader.start()
        self.address = self.wait_until_ready()

    def collect(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self.changed.notify_all()

    def wait_until_ready(self):
        watchdog = threading.Timer(30, self.process.kill)
        watchdog.start()
        for line in self.process.stdout:
            text = line.decode("utf-8", "replace").strip()
            if text.startswith(READY):
                watchdog.cancel()
                return text.removeprefix(READY)
        watchdog.cancel()
        self.process.wait()
        raise RuntimeError(f"dien-server ended with {self.process.returncode} before it was ready:\n{self.log()}")

    @property
    def port(self):
        return int(self.address.rpartition(":")[2])

    @property
    def alive(self):
        return self.process.poll() is None

    def log(self):
        return "\n".join(self.lines)

    def wait_for_log(self, text, seconds=10):
        """Whether a line with `text` came within the time."""
        with self.changed:
            return self.changed.wait_for(lambda: any(text in line for line in self.lines), timeout=seconds)

    def channel(self, *options):
        """A channel with a connection of its own."""
        return grpc.insecure_channel(self.address, options=[("grpc.use_local_subchannel_pool", 1), *options])

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    def stop(self, seconds=20):
        """SIGTERM, and the exit code; a server that does not end is killed and has failed."""
        if self.alive:
            self.terminate()
        try:
            code = self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"dien-server did not end within {seconds} s after SIGTERM:\n{self.log()}") from None
        finally:
            self.reader.join(timeout=5)
            self.process.stdout.close()
        return code


@contextmanager
def serving(registry, *flags):
    """A server that must live through the block and end cleanly after it."""
    server = Server(registry, *flags)
    try:
        yield server
        assert server.alive, f"dien-server ended with {server.process.returncode}:\n{server.log()}"
    finally:
        code = server.stop()
    assert code == 0, f"dien-server ended with {code}:\n{server.log()}"


def run(name, *arguments, **options):
    """One run of a command, with its output as text."""
    command = [binary(name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)
