"""Test AUCs of `dien-train sweep` beside the twin's, seed by seed, as a Markdown table."""

import json
from statistics import mean, stdev, variance

HEADER = """| family | preset | seeds | dien-train | PyTorch | difference | largest of a seed | ± |
| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"""


def by_seed(results, auc):
    """(architecture, preset) → seed → AUC, in the order of the results."""
    found = {}
    for result in results:
        found.setdefault((result["architecture"], result["preset"]), {})[result["seed"]] = auc(result)
    return found


def row(name, ours, theirs):
    """A line of the table; None where they have not two seeds in common."""
    seeds = sorted(ours.keys() & theirs.keys())
    if len(seeds) < 2:
        return None
    a, b = [ours[seed] for seed in seeds], [theirs[seed] for seed in seeds]
    differences = [x - y for x, y in zip(a, b)]
    error = ((variance(a) + variance(b)) / len(seeds)) ** 0.5
    return (f"| {name[0]} | {name[1]} | {len(seeds)} | {mean(a):.4f} ± {stdev(a):.4f} | {mean(b):.4f} ± {stdev(b):.4f} "
            f"| {mean(differences):+.6f} | {max(map(abs, differences)):.6f} | {error:.4f} |")


def run(options):
    try:
        swept = json.loads((options.sweep / "results.json").read_text(encoding="utf-8"))["results"]
        lines = [json.loads(line) for path in options.twin for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise SystemExit(f"compare: {error}") from None
    ours = by_seed(swept, lambda result: result["test"]["auc"])
    theirs = by_seed(lines, lambda result: result["test_auc"])
    rows = [line for name in ours if name in theirs and (line := row(name, ours[name], theirs[name]))]
    if not rows:
        raise SystemExit("compare: the sweep and the twin have no family with two seeds in common")
    print(HEADER, *rows, sep="\n")
