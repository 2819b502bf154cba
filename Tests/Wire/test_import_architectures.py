"""Every architecture of the family, in both presets, from PyTorch weights to a version that the registry accepts."""

import pytest

import golden_source
from registry_tool import succeed
from trained_folder import checker, importer


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
