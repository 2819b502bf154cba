"""scripts/import-pytorch and scripts/check-model, on a folder small enough to read."""

import json
import struct
import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from scripts_under_test import ROOT
from trained_folder import checker, importer, write_trained_folder, write_true_probabilities


@pytest.fixture(params=["paper", "reference"])
def trained(tmp_path, request):
    return write_trained_folder(tmp_path / "trained", request.param)


def run(script, *arguments):
    command = [sys.executable, str(ROOT / "scripts" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_trained_folder_becomes_the_four_files(trained, tmp_path):
    result = run("import-pytorch", trained, tmp_path / "model")
    assert result.returncode == 0, result.stderr
    assert set(files(tmp_path / "model")) == {
        "config.json", "model.safetensors", "vocabulary.safetensors", "golden.jsonl"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_same_input_gives_the_same_bytes(trained, tmp_path):
    importer.import_model(trained, tmp_path / "one")
    importer.import_model(trained, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_the_weights_arrive_unchanged_and_the_auxiliary_ones_stay_behind(trained, tmp_path):
    before = load_file(trained / "weights.safetensors")
    importer.import_model(trained, tmp_path / "model")
    after = load_file(tmp_path / "model" / "model.safetensors")
    assert set(before) - set(after) == {"auxiliary.weight"}
    assert all(np.array_equal(before[name], after[name]) for name in after)


def test_the_auxiliary_tensors_come_along_when_asked_for(trained, tmp_path):
    importer.import_model(trained, tmp_path / "model", keep_auxiliary=True)
    assert "auxiliary.weight" in load_file(tmp_path / "model" / "model.safetensors")


@pytest.mark.parametrize("name", ["model", "vocabulary"])
def test_the_data_area_starts_on_a_page_and_tensors_are_aligned_to_their_elements(trained, tmp_path, name):
    importer.import_model(trained, tmp_path / "model")
    content = (tmp_path / "model" / f"{name}.safetensors").read_bytes()
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + length])
    assert (8 + length) % 4096 == 0
    widths = {"F32": 4, "I32": 4, "U64": 8}
    assert all(tensor["data_offsets"][0] % widths[tensor["dtype"]] == 0 for tensor in header.values())
    assert 8 + length + max(tensor["data_offsets"][1] for tensor in header.values()) == len(content)


def test_vocabularies_ascend_and_carry_their_rows_and_categories(trained, tmp_path):
    importer.import_model(trained, tmp_path / "model")
    tensors = load_file(tmp_path / "model" / "vocabulary.safetensors")
    assert tensors["item.ids"].tolist() == [100, 110, 120, 130, 140, 150, 160, 170]
    assert tensors["item.rows"].tolist() == [8, 7, 6, 5, 4, 3, 2, 1]
    assert tensors["item.category"].tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    assert tensors["category.ids"].tolist() == tensors["category.rows"].tolist() == [1, 2, 3]
    assert tensors["user.ids"].dtype == np.uint64 and tensors["user.rows"].dtype == np.int32


def test_unsorted_identifiers_of_64_bits_are_sorted_with_their_columns(trained, tmp_path):
    (trained / "items.tsv").write_text(f"item\trow\tcategory\n{2**64 - 1}\t1\t2\n3\t2\t1\n{2**63}\t4\t3\n")
    importer.import_model(trained, tmp_path / "model")
    tensors = load_file(tmp_path / "model" / "vocabulary.safetensors")
    assert tensors["item.ids"].tolist() == [3, 2**63, 2**64 - 1]
    assert tensors["item.rows"].tolist() == [2, 4, 1]
    assert tensors["item.category"].tolist() == [1, 3, 2]


def test_the_first_requests_become_golden_requests(trained, tmp_path):
    importer.import_model(trained, tmp_path / "model", golden=2)
    lines = [json.loads(line) for line in (tmp_path / "model" / "golden.jsonl").read_text().splitlines()]
    assert [line["candidates"] for line in lines] == [{"item": [110, 999]}, {"item": [120]}]
    assert lines[0]["profile"] == {"user": [7]} and lines[0]["history"] == {"item": [100, 130, 170]}


def test_check_model_accepts_what_was_imported_with_true_probabilities(trained, tmp_path):
    write_true_probabilities(trained, tmp_path / "scratch")
    importer.import_model(trained, tmp_path / "model")
    result = run("check-model", tmp_path / "model")
    assert result.returncode == 0, result.stderr
    assert "3 golden requests agree" in result.stdout


def test_check_model_refuses_probabilities_that_the_weights_do_not_give(trained, tmp_path):
    importer.import_model(trained, tmp_path / "model")
    result = run("check-model", tmp_path / "model")
    assert result.returncode == 1
    assert "golden.jsonl: line 1: differs by" in result.stderr


def change(path, key, value):
    """One tensor of a safetensors file replaced, or removed by None."""
    tensors = load_file(path)
    if value is None:
        del tensors[key]
    else:
        tensors[key] = np.ascontiguousarray(value)
    save_file(tensors, path)


def nan_bias():
    return np.array([0, np.nan], np.float32)


@pytest.mark.parametrize("name, value, complaint", [
    ("head.1.weight", np.zeros((80, 7), np.float32), "head.1.weight has shape [80, 7], want [80, 200]"),
    ("embedding.item", np.zeros((8, 3), np.float32), "embedding.item has shape [8, 3], want [9, 3]"),
    ("head.2.bias", np.zeros(2, np.float64), "head.2.bias is float64, want float32"),
    ("head.2.bias", nan_bias(), "head.2.bias holds NaN"),
    ("head.2.bias", None, "missing head.2.bias"),
    ("head.3.bias", np.zeros(2, np.float32), "unexpected head.3.bias"),
    ("head.activation0.moving_variance", np.full(200, -1, np.float32), "negative variance"),
])
def test_wrong_weights_are_refused_by_name_and_nothing_is_written(trained, tmp_path, name, value, complaint):
    change(trained / "weights.safetensors", name, value)
    result = run("import-pytorch", trained, tmp_path / "model")
    assert result.returncode == 1
    assert complaint in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["trained"]


@pytest.mark.parametrize("file, text, complaint", [
    ("items.tsv", "item\trow\tcategory\n1\t9\t1\n", "items.tsv: row 9 is past the embedding's 9 rows"),
    ("items.tsv", "item\trow\tcategory\n1\t1\t4\n", "items.tsv: category 4 is past the embedding's 4 rows"),
    ("items.tsv", "item\trow\tcategory\n1\t1\t1\n1\t2\t1\n", "items.tsv: item 1 is there twice"),
    ("items.tsv", "item\trow\n1\t1\n", "line 1: the header must be item <tab> row <tab> category"),
    ("users.tsv", "user\trow\n1\t-1\n", "line 2: want 2 non-negative integers"),
    ("users.tsv", f"user\trow\n{2**64}\t1\n", "line 2: an id does not fit 64 bits"),
    ("config.json", "{", "config.json: not JSON"),
    ("config.json", '{"architecture": "dein"}', "architecture is 'dein'; it must be one of base, wide_deep, pnn, din, "),
    ("config.json", '{"architecture": "din", "preset": "paper"}', "preset is 'paper'; of din it must be 'reference'"),
    ("config.json", '{"architecture": "agru", "preset": "paper", "embedding_dim": 3}', "hidden_size is None"),
    ("requests.jsonl", "", "holds no request"),
    ("requests.jsonl", '{"user": 1, "history": [], "candidates": [1, 2], "probabilities": [0.5]}\n',
     "line 1: want one probability a candidate"),
    ("requests.jsonl", '{"user": 1, "history": [], "candidates": [1], "probabilities": [1.5]}\n',
     "line 1: a probability must be a number from 0 to 1"),
    ("requests.jsonl", '{"user": -1, "history": [], "candidates": [1], "probabilities": [0.5]}\n',
     "line 1: user must hold 64-bit ids"),
    ("requests.jsonl", '{"user": 1, "history": {"item": [1], "category": []}, "candidates": [1], "probabilities": [0.5]}\n',
     "line 1: history.category: 0 values, 1 expected"),
    ("requests.jsonl", '{"user": 1, "history": {"brand": [1]}, "candidates": [1], "probabilities": [0.5]}\n',
     "line 1: history must hold item, and may hold category"),
    ("weights.safetensors", "no tensors", "weights.safetensors: not a safetensors file"),
])
def test_a_broken_source_file_is_named_with_its_line(trained, tmp_path, file, text, complaint):
    (trained / file).write_text(text)
    result = run("import-pytorch", trained, tmp_path / "model")
    assert result.returncode == 1
    assert complaint in result.stderr
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("file", ["config.json", "weights.safetensors", "items.tsv", "users.tsv", "requests.jsonl"])
def test_a_missing_source_file_is_named(trained, tmp_path, file):
    (trained / file).unlink()
    result = run("import-pytorch", trained, tmp_path / "model")
    assert result.returncode == 1
    assert f"{file}: no such file" in result.stderr


def test_a_target_that_is_there_is_kept_unless_told_otherwise(trained, tmp_path):
    (tmp_path / "model").mkdir()
    refused = run("import-pytorch", trained, tmp_path / "model")
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert files(tmp_path / "model") == {}
    assert run("import-pytorch", trained, tmp_path / "model", "--replace").returncode == 0
    assert len(files(tmp_path / "model")) == 4


@pytest.mark.parametrize("arguments", [["--golden", "0"], ["--golden", "1025"], ["--golden-tolerance", "0.1"]])
def test_options_outside_the_formats_limits_are_refused(trained, tmp_path, arguments):
    assert run("import-pytorch", trained, tmp_path / "model", *arguments).returncode == 2


@pytest.mark.parametrize("file, key, value, complaint", [
    ("vocabulary", "item.rows", np.full(8, 9, np.int32), "item.rows leaves 0..<9"),
    ("vocabulary", "item.ids", np.zeros(8, np.uint64), "item.ids must ascend strictly"),
    ("vocabulary", "item.category", None, "want ["),
    ("model", "head.0.bias", None, "model.safetensors: missing head.0.bias"),
])
def test_check_model_names_a_broken_rule(trained, tmp_path, file, key, value, complaint):
    importer.import_model(trained, tmp_path / "model")
    change(tmp_path / "model" / f"{file}.safetensors", key, value)
    result = run("check-model", tmp_path / "model")
    assert result.returncode == 1
    assert complaint in result.stderr


def test_an_unknown_item_scores_as_row_zero_with_category_zero(trained, tmp_path):
    importer.import_model(trained, tmp_path / "model")
    twin = checker.Twin(tmp_path / "model")
    unknown = {"profile": {"user": [7]}, "history": {"item": [100]}, "candidates": {"item": [999]}}
    given = unknown | {"candidates": {"item": [12345], "category": [77]}}
    assert twin.probabilities(unknown).tolist() == twin.probabilities(given).tolist()


@pytest.mark.parametrize("version", [1, 2])
def test_the_committed_versions_obey_the_format(committed, tmp_path, version):
    result = run("check-model", committed.checkout("sports", version, tmp_path / "model"))
    assert result.returncode == 0, result.stderr
    assert "32 golden requests agree" in result.stdout
