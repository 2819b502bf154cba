"""Tables as aligned text or as Markdown, and verdicts."""

import json
import platform
import subprocess
from pathlib import Path


class Report:
    """Prints tables in one of the two forms, collects verdicts, and everything as values for --json."""

    def __init__(self, markdown=False, quiet=False):
        self.markdown, self.quiet = markdown, quiet
        self.rows, self.verdicts = {}, []

    def write(self, line=""):
        if not self.quiet:
            print(line, flush=True)

    def title(self, text):
        self.write()
        self.write(f"**{text}**" if self.markdown else text)
        self.write()

    def table(self, name, columns, rows):
        """`rows` are lists of texts and numbers."""
        self.rows[name] = [dict(zip(columns, row)) for row in rows]
        cells = [[text(value) for value in row] for row in rows]
        if self.markdown:
            self.write(f"| {' | '.join(columns)} |")
            self.write("|" + "---|" * len(columns))
            for row in cells:
                self.write(f"| {' | '.join(row)} |")
            return
        widths = [max(len(row[i]) for row in [list(columns), *cells]) for i in range(len(columns))]
        for row in [list(columns), *cells]:
            self.write("  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths)).rstrip())

    def judge(self, ok, sentence):
        self.verdicts.append({"ok": bool(ok), "figure": sentence})

    def close(self):
        """Prints the verdicts; the exit status."""
        missed = [v["figure"] for v in self.verdicts if not v["ok"]]
        if self.verdicts:
            self.write()
        for verdict in self.verdicts:
            mark = "ok  " if verdict["ok"] else "MISS"
            self.write(f"- {mark.strip()}: {verdict['figure']}" if self.markdown else f"{mark} {verdict['figure']}")
        if self.verdicts and not self.markdown:
            self.write(f"FAIL: {len(missed)} of {len(self.verdicts)} figures missed" if missed
                       else f"pass: {len(self.verdicts)} figures")
        return 1 if missed else 0


def add_output_options(parser):
    """The forms that every benchmark prints."""
    parser.add_argument("--markdown", action="store_true", help="tables in Markdown")
    parser.add_argument("--json", action="store_true", help="one JSON object instead")


def finish(report, options, **values):
    """Prints the verdicts, or everything as one JSON object where that is asked for; the exit status."""
    status = report.close()
    if options.json:
        print(json.dumps({"machine": machine(), **values, "verdicts": report.verdicts}))
    return status


def text(value):
    """Four significant digits at most."""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return str(value)


def machine():
    """One line: processor, cores, kernel."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    cores = sum(line.startswith("processor") for line in lines)
    return f"{model}, {cores} cores, Linux {platform.release()}"


def commit(root):
    """The commit that is measured, with + where the tree has changes."""
    def git(*arguments):
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
