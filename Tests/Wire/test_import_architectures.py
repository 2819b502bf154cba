"""Every architecture of the family, in both presets, from PyTorch weights to a version that the registry accepts."""

import subprocess
import sys

import pytest

import golden_source
from processes import run
from registry_tool import succeed
from scripts_under_test import ROOT
from trained_folder import checker, importer

CUT = ROOT / "Tests" / "DatasetsTests" / "Fixtures" / "amazon_sports_cut"


@pytest.fixture(params=golden_source.NAMES)
def imported(request, tmp_path):
    facts = golden_source.write(tmp_path / "trained", request.param)
    importer.import_model(tmp_path / "trained", tmp_path / "model")
    return tmp_path / "model", facts


def test_the_golden_files_are_of_all_architectures_in_all_their_presets():
    cases = {tuple(name.split(".")[:2]) for name in golden_source.NAMES}
    assert cases == {(name, preset) for name in importer.ARCHITECTURES for preset in importer.presets_of(name)}


def test_an_imported_model_gives_the_probabilities_of_an_independent_program(imported):
    folder, facts = imported
    configuration = importer.read_json(folder / "config.json")
    assert (configuration["architecture"], configuration["preset"]) == (facts["architecture"], facts["preset"])
    checker.check_configuration(configuration)
    checker.check_weights(folder, configuration)
    checker.check_vocabulary(folder, configuration)
    count, largest = checker.check_golden(folder, configuration)
    assert count == len(facts["lengths"]) and largest < 5e-7  # float32 parameters and probabilities


def test_the_registry_accepts_what_was_imported(imported, registry):
    folder, _ = imported
    assert succeed(registry, "push", "imported", folder)["version"] == 1


@pytest.mark.parametrize("architecture, preset", [("aigru", "reference"), ("wide_deep", "reference"), ("dien", "paper")])
def test_a_twin_that_pytorch_trained_becomes_a_version(registry, tmp_path, architecture, preset):
    pytest.importorskip("torch")
    data = tmp_path / "data"
    prepared = run("dien-train", "prepare", CUT, "--output", data)
    assert prepared.returncode == 0, prepared.stderr
    command = [sys.executable, ROOT / "scripts" / "pytorch-twin", "train", "--data", data, "--architecture", architecture,
               "--preset", preset, "--epochs", "1", "--save", tmp_path / "trained"]
    trained = subprocess.run([str(x) for x in command], capture_output=True, text=True)
    assert trained.returncode == 0, trained.stderr
    importer.import_model(tmp_path / "trained", tmp_path / "model")
    assert checker.check_golden(tmp_path / "model", importer.read_json(tmp_path / "model" / "config.json"))[1] < 1e-6
    succeed(registry, "push", "twin", tmp_path / "model")
    again = subprocess.run([str(x) for x in command], capture_output=True, text=True)
    assert again.returncode == 1 and "is there already" in again.stderr
