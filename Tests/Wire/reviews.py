"""The cut of Amazon Beauty (data/README.md) as data sets that dien-train prepares."""

from pathlib import Path

from processes import run

REVIEWS = Path(__file__).parent / "data" / "beauty_cut.tsv"


def prepare(folder, *arguments):
    """The folder, with the reviews prepared in it."""
    result = run("dien-train", "prepare", REVIEWS, "--output", folder, *arguments)
    assert result.returncode == 0, result.stderr
    return folder
