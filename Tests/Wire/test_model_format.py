"""The example of docs/MODEL_FORMAT.md does what the page says. Needs torch, which the other tests do not."""

import json
import re
import subprocess
import sys

import pytest

from scripts_under_test import ROOT
from trained_folder import checker

PAGE = (ROOT / "docs" / "MODEL_FORMAT.md").read_text(encoding="utf-8")


def test_the_pytorch_example_writes_a_folder_that_check_model_accepts(tmp_path):
    pytest.importorskip("torch")
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    (tmp_path / "export.py").write_text(program, encoding="utf-8")
    subprocess.run([sys.executable, "export.py"], cwd=tmp_path, check=True)
    folder = tmp_path / "example-model"
    configuration = json.loads((folder / "config.json").read_text())
    checker.check_configuration(configuration)
    checker.check_weights(folder, configuration)
    checker.check_vocabulary(folder, configuration)
    count, largest = checker.check_golden(folder, configuration)
    assert count == 3 and largest < 1e-6


def test_the_page_shows_a_configuration_that_obeys_its_own_rules():
    example = re.search(r"```json\n(\{\"format\".*?\})\n```", PAGE, flags=re.DOTALL).group(1)
    checker.check_configuration(json.loads(example))


@pytest.mark.parametrize("preset", ["paper", "reference"])
def test_the_page_names_every_tensor_that_the_importer_writes(preset):
    from trained_folder import importer, training_config
    names = importer.expected_shapes(importer.model_configuration(training_config(preset), 1e-6))
    unnamed = [name for name in names if not name.startswith("embedding.") and f"`{name}`" not in PAGE]
    assert unnamed == []
