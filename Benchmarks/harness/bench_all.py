"""Runs the benchmarks one after the other and puts their tables into docs/PERFORMANCE.md, each with its date and command."""

import argparse
import datetime
import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
PAGE = FOLDER.parent / "docs" / "PERFORMANCE.md"
PARTS = {
    "peaks": ["bench-peaks"],
    "kernels": ["bench-kernels"],
    "plan": ["bench-plan --cores 1 --precision fp32 --precision bf16", "bench-plan --short --cores 2"],
    "batches": ["bench-batches"],
    "scheduler": ["bench-scheduler"],
    "peers": ["bench-peers --cores 1 --cores 2",
              "bench-peers --precision bf16 --form shared --shape 100x100 --peer openvino"],
    "end-to-end": ["bench-end-to-end --rounds 5"],
}
SHORT = {"plan": ["bench-plan --short"], "scheduler": ["bench-scheduler --rounds 1"], "peers": ["bench-peers --rounds 3"],
         "end-to-end": ["bench-end-to-end --rounds 1"]}


def run(command):
    """The Markdown that a command prints; a missed figure is part of it, a failure ends the program."""
    name, *arguments = command.split()
    script = FOLDER / "harness" / f"{name.replace('-', '_')}.py"
    result = subprocess.run([sys.executable, str(script), *arguments, "--markdown"], stdout=subprocess.PIPE, text=True)
    if not result.stdout.strip() or result.returncode not in (0, 1):
        raise SystemExit(f"bench-all: {command} failed")
    text = re.sub(r"\n{3,}", "\n\n", result.stdout.strip())
    return f"`scripts/{command}`, {datetime.date.today()}\n\n{text}\n"


def replace(page, part, text):
    pattern = re.compile(rf"(<!-- begin {part} -->\n).*?(<!-- end {part} -->)", re.S)
    page, count = pattern.subn(lambda m: f"{m[1]}\n{text}\n{m[2]}", page)
    if count != 1:
        raise SystemExit(f"bench-all: {PAGE} has no place for {part}")
    return page


def main():
    parser = argparse.ArgumentParser(prog="bench-all", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--short", action="store_true", help="fewer shapes and rounds")
    parser.add_argument("--print", dest="printed", action="store_true", help="print the tables and leave the page as it is")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part {', '.join(unknown)}")
    for part in options.parts or PARTS:
        commands = SHORT.get(part, PARTS[part]) if options.short else PARTS[part]
        text = "\n".join(run(command) for command in commands)
        if options.printed:
            print(text, flush=True)
        else:
            PAGE.write_text(replace(PAGE.read_text(encoding="utf-8"), part, text), encoding="utf-8")
            print(f"bench-all: {part} is in {PAGE.relative_to(FOLDER.parent)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
