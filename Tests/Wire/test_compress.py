"""Models in fewer bits: what `dien-train compress` writes, an independent program reads, and a server serves."""

import json

import numpy as np
import pytest
from calls import rank, role_request
from processes import run, serving
from registry_tool import succeed, tool
from scripts_under_test import PYTORCH_REGISTRY, ROOT
from trained_folder import checker

SPORTS = ["--registry", ROOT / "registry", "--model", "sports"]


def compress(*arguments):
    return run("dien-train", "compress", *arguments)


def made(folder, *arguments):
    result = compress(*SPORTS, "--output", folder, "--json", *arguments)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("tables, element", [("fp16", "F16"), ("bf16", "BF16"), ("int8", "I8")])
def test_numpy_reads_the_tables_and_computes_the_scores_that_are_told(tmp_path, tables, element):
    folder = tmp_path / tables
    told = made(folder, "--tables", tables)
    assert {table["after"] for table in told["tables"]} == {element}
    assert told["bytes_after"] < told["bytes_before"]
    configuration = json.loads((folder / "config.json").read_text())
    checker.check_configuration(configuration)
    checker.check_weights(folder, configuration)
    count, largest = checker.check_golden(folder, configuration)
    assert count == told["golden"]["requests"]
    assert largest == pytest.approx(told["golden"]["largest"], abs=2e-6)


def test_the_real_requests_change_by_less_than_the_tolerance(tmp_path):
    for name, arguments in (("small", ["--tables", "int8", "--precision", "bf16"]), ("half", ["--tables", "fp16"])):
        golden = made(tmp_path / name, *arguments)["golden"]
        assert 0 < golden["mean"] <= golden["largest"] <= golden["tolerance"]
        assert golden["tolerance"] == pytest.approx(2e-3)


def test_what_changes_too_much_is_not_written_and_not_served(registry, tmp_path):
    result = compress(*SPORTS, "--tables", "int8", "--tolerance", "1e-6", "--output", tmp_path / "small")
    assert result.returncode == 4 and "precision tolerance 1e-06" in result.stderr, result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["registry"]
    made(tmp_path / "small", "--tables", "int8")
    config = tmp_path / "small" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"precision_tolerance": 1e-6}))
    refused = tool(registry, "push", "sports", tmp_path / "small")
    assert refused.returncode == 4 and "precision tolerance 1e-06" in refused.stderr, refused.stderr


def test_verify_tells_the_change_and_takes_a_tighter_limit(registry, tmp_path):
    made(tmp_path / "small", "--tables", "int8", "--precision", "bf16")
    succeed(registry, "push", "small", tmp_path / "small", "--alias", "champion")
    answer = succeed(registry, "verify", "small", "1")
    golden = answer["golden"]
    assert golden["compressed"] and golden["precision"] == "bf16" and set(golden["tables"].values()) == {"I8"}
    assert 0 < golden["mean"] < golden["largest"] <= golden["tolerance"]
    text = tool(registry, "verify", "small", "1").stdout
    assert f"line {golden['line']}, candidate {golden['candidate']}" in text
    tighter = tool(registry, "verify", "small", "1", "--tolerance", str(golden["largest"] / 2), "--json")
    assert tighter.returncode == 4
    assert json.loads(tighter.stdout)["golden"]["largest"] == golden["largest"]
    fp32 = succeed(registry, "verify", "small", "1", "--precision", "fp32")["golden"]
    assert fp32["precision"] == "fp32" and fp32["largest"] != golden["largest"]


@pytest.mark.parametrize("option, shown", [([], "bf16"), (["--precision", "fp32"], "fp32")])
def test_a_server_serves_it_and_says_its_precision(registry, tmp_path, option, shown):
    made(tmp_path / "small", "--tables", "int8", "--precision", "bf16")
    succeed(registry, "push", "small", tmp_path / "small", "--alias", "champion")
    lines = (tmp_path / "small" / "golden.jsonl").read_text().splitlines()
    with serving(registry.path, *option) as server, server.channel() as channel:
        for line in map(json.loads, lines):
            request = {role: line[role] for role in ("profile", "history", "candidates", "context") if role in line}
            scores = rank(channel, role_request(request, "small")).scores
            assert np.abs(np.array(scores) - line["probabilities"]).max() <= 2e-3
        status = run("dien-client", "status", "--server", server.address, "--json")
        assert json.loads(status.stdout)["models"][0]["versions"][0]["precision"] == shown


def test_usage_errors_say_what_to_give(tmp_path):
    nothing = compress(*SPORTS, "--output", tmp_path / "x")
    assert nothing.returncode in (2, 64) and "--tables, --precision, or both" in nothing.stderr
    unknown = compress(*SPORTS, "--tables", "fp8", "--output", tmp_path / "x")
    assert unknown.returncode in (2, 64) and "int8" in unknown.stderr
    made(tmp_path / "there", "--tables", "fp16")
    again = compress(*SPORTS, "--tables", "fp16", "--output", tmp_path / "there")
    assert again.returncode == 2 and "is there already" in again.stderr


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("arguments, limit", [
    (["--precision", "bf16"], 1e-3), (["--tables", "fp16"], 5e-4), (["--tables", "bf16"], 5e-3), (["--tables", "int8"], 1e-2)])
def test_models_of_pytorch_change_as_little(tmp_path, version, arguments, limit):
    source = ["--registry", PYTORCH_REGISTRY, "--model", f"sports@{version}", "--tolerance", "0.05"]
    result = compress(*source, "--output", tmp_path / "model", "--json", *arguments)
    assert result.returncode == 0, result.stderr
    golden = json.loads(result.stdout)["golden"]
    print(version, arguments, golden)
    assert golden["largest"] <= limit and golden["mean"] <= limit / 4
