"""The PyTorch twin takes dien-train's random numbers: the same first parameters, batches and negatives for a seed."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from processes import run
from scripts_under_test import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
from pytorch_twin import draws, initial  # noqa: E402

SEED = 11
# What the twin printed for the reviews, two epochs of each architecture (data/README.md).
TRAININGS = [json.loads(line) for line in (Path(__file__).parent / "data" / "twin_trainings.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("architecture, preset", [("dien", "reference"), ("augru", "paper"), ("wide_deep", "reference")])
def test_first_parameters_are_those_of_dien_train(few, tmp_path, architecture, preset):
    # A learning rate that moves nothing leaves the first parameters, and 0 where it was 0 to 1e-25.
    result = run("dien-train", "train", few, "--output", tmp_path / "run", "--architecture", architecture, "--preset", preset,
                 "--seed", SEED, "--epochs", 1, "--learning-rate", "1e-30")
    assert result.returncode == 0, result.stderr
    saved = load_file(tmp_path / "run" / "model" / "model.safetensors")
    configuration = json.loads((tmp_path / "run" / "model" / "config.json").read_text())
    description = json.loads((few / "dataset.json").read_text())
    expected = initial.values(configuration | {"tables": description["tables"]}, SEED)
    moments = {name for name in expected if ".moving_" in name}
    assert set(saved) == set(expected)
    for name in set(expected) - moments:
        np.testing.assert_allclose(saved[name], expected[name], rtol=0, atol=1e-25, err_msg=name)


def test_batches_and_negatives_are_those_of_dien_train(few, tmp_path):
    # A learning rate that breaks the second batch's loss makes dien-train tell what was in it.
    result = run("dien-train", "train", few, "--output", tmp_path / "run", "--seed", SEED, "--learning-rate", "1e30",
                 "--max-history", 7)
    assert "is not finite" in result.stderr
    failed = json.loads((tmp_path / "run" / "checkpoint" / "failed-batch.json").read_text())
    tensors = load_file(few / "samples.safetensors")
    lengths = np.minimum(tensors["train.end"].astype(np.int64), 7)
    number = failed["batch"] - 1
    samples = draws.plan(lengths, 128, 20, SEED, failed["epoch"] - 1)[number]
    assert samples.tolist() == failed["samples"]

    first = tensors["sequence.offsets"].astype(np.int64)[tensors["train.sequence"]] + tensors["train.end"] - lengths
    mask = np.arange(lengths[samples].max())[None] < lengths[samples][:, None]
    places = np.where(mask, first[samples][:, None] + np.arange(mask.shape[1])[None], 0)
    drawn = draws.negatives(tensors["negatives.item"], tensors["sequence.item"][places], mask, SEED, failed["epoch"] - 1, number)
    for feature, column in zip(("item", "category"), failed["negatives"]):
        assert tensors[f"negatives.{feature}"][drawn].T[mask.T].tolist() == column


@pytest.mark.parametrize("twin", TRAININGS, ids=lambda twin: f"{twin['architecture']}.{twin['preset']}")
def test_a_training_comes_to_what_pytorch_comes_to(few, tmp_path, twin):
    result = run("dien-train", "train", few, "--output", tmp_path / "run", "--architecture", twin["architecture"], "--preset",
                 twin["preset"], "--seed", twin["seed"], "--epochs", len(twin["epochs"]), "--json")
    assert result.returncode == 0, result.stderr
    lines = map(json.loads, (tmp_path / "run" / "train.jsonl").read_text().splitlines())
    evaluations = [line for line in lines if line["kind"] == "evaluation"]
    test = json.loads(result.stdout)["test"]
    # Rounding alone: the two add in other orders, and have other exponentials.
    for ours, theirs in zip(evaluations, twin["epochs"], strict=True):
        assert ours["auc"] == pytest.approx(theirs["auc"], abs=2e-5)
        assert ours["log_loss"] == pytest.approx(theirs["log_loss"], abs=2e-6)
    assert test["auc"] == pytest.approx(twin["test_auc"], abs=2e-5)
    assert test["log_loss"] == pytest.approx(twin["test_log_loss"], abs=2e-6)
