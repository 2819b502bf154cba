"""Tables in files of their own: the same scores, and one copy of what versions have in common."""

import json
import shutil

from calls import rank, role_request
from processes import serving
from registry_tool import succeed, tool
from safetensors.numpy import load_file, save_file
from trained_folder import checker, importer, write_trained_folder, write_true_probabilities

REQUEST = {"profile": {"user": [7]}, "history": {"item": [100, 130, 170]}, "candidates": {"item": [110, 120, 999]}}


def folders(tmp_path):
    """One trained model, imported whole and with its tables apart."""
    trained = write_trained_folder(tmp_path / "trained")
    write_true_probabilities(trained, tmp_path / "scratch")
    importer.import_model(trained, tmp_path / "whole")
    importer.import_model(trained, tmp_path / "apart", tables_apart=True)
    return tmp_path / "whole", tmp_path / "apart"


def manifest(registry, version):
    shown = succeed(registry, "show", "tiny", version)
    return {file["name"]: file["digest"] for file in shown["files"]}


def test_a_model_scores_the_same_whichever_way_its_tables_stand(registry, tmp_path):
    whole, apart = folders(tmp_path)
    assert sorted(load_file(apart / "embedding.item.safetensors")) == ["embedding.item"]
    assert "embedding.item" not in load_file(apart / "model.safetensors")
    succeed(registry, "push", "tiny", whole, "--alias", "champion")
    succeed(registry, "push", "tiny", apart, "--alias", "challenger")
    with serving(registry.path) as server, server.channel() as channel:
        champion = rank(channel, role_request(REQUEST, "tiny"))
        request = role_request(REQUEST, "tiny")
        request.model.alias = "challenger"
        challenger = rank(channel, request)
    assert challenger.served_by.version == 2
    assert list(champion.scores) == list(challenger.scores)


def test_versions_with_equal_tables_share_their_blobs(registry, tmp_path):
    _, apart = folders(tmp_path)
    retrained = tmp_path / "retrained"
    shutil.copytree(apart, retrained)
    weights = load_file(retrained / "model.safetensors")
    weights["head.2.bias"] = weights["head.2.bias"] + 0.25
    save_file(weights, retrained / "model.safetensors")
    twin = checker.Twin(retrained)
    lines = (retrained / "golden.jsonl").read_text().splitlines()
    importer.write_golden(retrained, [with_probabilities(twin, line) for line in lines])
    succeed(registry, "push", "tiny", apart)
    succeed(registry, "push", "tiny", retrained)
    first, second = manifest(registry, 1), manifest(registry, 2)
    for table in ("user", "item", "category"):
        assert first[f"embedding.{table}.safetensors"] == second[f"embedding.{table}.safetensors"]


def with_probabilities(twin, line):
    request = json.loads(line)
    return {**request, "probabilities": [round(float(p), 9) for p in twin.probabilities(request)]}


def test_a_table_that_is_missing_or_stands_twice_is_refused_by_name(registry, tmp_path):
    _, apart = folders(tmp_path)
    (apart / "embedding.item.safetensors").rename(tmp_path / "item")
    missing = tool(registry, "push", "tiny", apart)
    assert missing.returncode == 4 and "embedding.item.safetensors" in missing.stderr
    (tmp_path / "item").rename(apart / "embedding.item.safetensors")
    weights = load_file(apart / "model.safetensors") | load_file(apart / "embedding.item.safetensors")
    save_file(weights, apart / "model.safetensors")
    twice = tool(registry, "push", "tiny", apart)
    assert twice.returncode == 4 and 'unexpected tensor "embedding.item"' in twice.stderr
