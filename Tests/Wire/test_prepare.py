"""`dien-train prepare` from the release binary, judged by numpy and by an AUC of its own."""

import json
import os
import signal
import subprocess
import time

import numpy as np
import pytest
from safetensors.numpy import load_file

from processes import binary, run
from scripts_under_test import ROOT

CUT = ROOT / "Tests" / "DatasetsTests" / "Fixtures" / "amazon_sports_cut"


def prepare(output, *arguments):
    result = run("dien-train", "prepare", *map(str, arguments), "--output", str(output), "--json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout), load_file(output / "samples.safetensors")


def columns(name):
    header, *lines = (CUT / name).read_text().splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"))) for line in lines]


def test_a_cut_of_amazon_sports_is_prepared_as_its_readme_says(tmp_path):
    summary, tensors = prepare(tmp_path / "set", CUT, "--validation", 0)
    assert summary["splits"] == {"train": 450, "validation": 0, "test": 50}
    histories = {}
    for row in columns("interactions.tsv"):
        histories.setdefault(row["user"], []).append(row["item"])
    vocabulary = load_file(tmp_path / "set" / "vocabulary.safetensors")
    rows = dict(zip(map(str, vocabulary["item.ids"]), vocabulary["item.rows"]))
    offsets = tensors["sequence.offsets"].astype(int)
    # Users stand in the order of the file, and so do sequences.
    for number, (user, items) in enumerate(histories.items()):
        found = tensors["sequence.item"][offsets[number]:offsets[number + 1]]
        assert found.tolist() == [rows[item] for item in items], user
    for split, bucket in (("test", lambda b: b == "2"), ("train", lambda b: b != "2")):
        entries = [row for row in columns("split.tsv") if bucket(row["bucket"])]
        assert tensors[f"{split}.label"].tolist() == [0, 1] * len(entries)
        expected = [rows[entry[key]] for entry in entries for key in ("negative_pop", "positive")]
        assert tensors[f"{split}.target.item"].tolist() == expected
        assert tensors[f"{split}.end"].tolist() == [len(histories[e["user"]]) - 1 for e in entries for _ in range(2)]


def peak_memory(path, output):
    process = subprocess.Popen(
        [binary("dien-train"), "prepare", path, "--output", output, "--force"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


@pytest.mark.timeout(120)
def test_memory_grows_with_the_identifiers_and_not_with_the_file(tmp_path):
    rows = [(row["user"], row["item"]) for row in columns("interactions.tsv")]
    peaks = {}
    for times in (500, 1500):
        path = tmp_path / f"{times}.tsv"
        with path.open("w") as file:
            file.write("user\titem\ttimestamp\n")
            for time_ in range(times):
                file.write("".join(f"{user}\t{item}\t{time_}\n" for user, item in rows))
        peaks[times] = peak_memory(path, tmp_path / "set")
    # 1.5 and 4.4 million events, both more than are sorted at once.
    assert peaks[1500] < peaks[500] * 1.15, peaks


def test_an_interrupt_leaves_nothing(tmp_path):
    process = subprocess.Popen(
        [binary("dien-train"), "prepare", "--synthetic", "books", "--output", str(tmp_path / "set")],
        stderr=subprocess.PIPE, text=True)
    while not any(tmp_path.iterdir()):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130 and "nothing was written" in errors
    assert not list(tmp_path.iterdir())


def test_statuses_tell_what_went_wrong(tmp_path):
    bad = tmp_path / "bad.tsv"
    bad.write_text("user\titem\ttimestamp\n1\ta\t1\n1\tb\n" + "".join(f"{u}\t{i}\t1\n" for u in range(40) for i in range(3)))
    summary, _ = prepare(tmp_path / "set", bad)
    assert summary["malformed_lines"] == 1 and summary["first_malformed_lines"][0]["line"] == 3
    for arguments, status in (
        ([bad, "--strict", "--output", tmp_path / "other"], 4), ([bad, "--output", tmp_path / "set"], 2),
        ([tmp_path / "none", "--output", tmp_path / "other"], 5),
    ):
        result = run("dien-train", "prepare", *map(str, arguments))
        assert result.returncode == status and len(result.stderr.strip().splitlines()) <= 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.tsv", "set"]
