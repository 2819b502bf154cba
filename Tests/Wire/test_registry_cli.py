"""dien-registry from a shell: what each command prints and with which code it ends."""

import json

import pytest

from broken_versions import BROKEN, add_broken
from processes import run
from registry_folder import RegistryFolder, digest
from registry_tool import succeed, tool
from string_model import write_string_model
from trained_folder import importer, write_trained_folder, write_true_probabilities

OK, USAGE, PRECONDITION, REFUSED, DISK = 0, 2, 3, 4, 5


@pytest.fixture
def folder(tmp_path):
    """A small model folder."""
    return write_string_model(tmp_path / "folder")


@pytest.fixture
def other(tmp_path):
    """Another one."""
    return write_string_model(tmp_path / "other", "reference", seed=6)


@pytest.fixture
def empty(tmp_path):
    path = tmp_path / "registry"
    assert tool(path, "init").returncode == OK
    return RegistryFolder(path)


@pytest.fixture
def filled(empty, folder, other):
    """Model `shop` with versions 1 and 2; champion is 1."""
    succeed(empty, "push", "shop", folder)
    succeed(empty, "push", "shop", other)
    succeed(empty, "promote", "shop", 1)
    return empty


def champion(registry):
    return registry.state()["models"]["shop"]["aliases"]["champion"]


def test_init_makes_a_registry_of_epoch_1_and_refuses_a_second_time(tmp_path):
    path = tmp_path / "new" / "registry"
    path.parent.mkdir()
    assert succeed(path, "init")["epoch"] == 1
    assert RegistryFolder(path).state()["models"] == {}
    again = tool(path, "init")
    assert again.returncode == USAGE and str(path) in again.stderr


def test_init_takes_the_folder_as_the_other_commands_do_too_but_once(tmp_path):
    assert run("dien-registry", "init", "--registry", tmp_path / "registry").returncode == OK
    assert RegistryFolder(tmp_path / "registry").state()["epoch"] == 1
    twice = run("dien-registry", "init", tmp_path / "one", "--registry", tmp_path / "two")
    assert twice.returncode == USAGE and "twice" in twice.stderr and not (tmp_path / "one").exists()


def test_push_stores_the_folder_byte_for_byte_as_version_1(empty, folder):
    answer = succeed(empty, "push", "shop", folder)
    assert answer["version"] == 1 and answer["epoch"] == 2
    assert empty.files("shop", 1) == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_second_push_of_the_same_folder_is_the_same_version(empty, folder, other):
    first = succeed(empty, "push", "shop", folder)
    again = succeed(empty, "push", "shop", folder)
    assert again["version"] == first["version"] == 1
    assert succeed(empty, "push", "shop", other)["version"] == 2
    assert empty.epochs() == [1, 2, 3]


def test_files_that_are_not_part_of_the_format_are_not_pushed(empty, folder):
    (folder / "notes.txt").write_text("mine")
    succeed(empty, "push", "shop", folder)
    assert "notes.txt" not in empty.files("shop", 1)


def test_an_imported_pytorch_model_can_be_pushed(empty, tmp_path):
    for preset in ("paper", "reference"):
        trained = write_trained_folder(tmp_path / preset, preset)
        write_true_probabilities(trained, tmp_path / f"scratch-{preset}")
        importer.import_model(trained, tmp_path / f"model-{preset}")
        succeed(empty, "push", f"tiny-{preset}", tmp_path / f"model-{preset}")
    assert set(empty.state()["models"]) == {"tiny-paper", "tiny-reference"}


def test_promote_and_rollback_move_the_champion_by_one_epoch_each(filled):
    assert champion(filled) == 1
    epoch = filled.epochs()[-1]
    assert succeed(filled, "promote", "shop", 2, "--reason", "a better AUC")["epoch"] == epoch + 1
    assert champion(filled) == 2 and filled.state()["reason"] == "a better AUC"
    assert succeed(filled, "rollback", "shop")["epoch"] == epoch + 2
    assert champion(filled) == 1


def test_rollback_can_go_to_an_epoch(filled):
    epoch = filled.epochs()[-1]
    for version in (2, 1, 2):
        succeed(filled, "promote", "shop", version)
    succeed(filled, "rollback", "shop", "--to", epoch)
    assert champion(filled) == 1


def test_list_tells_models_versions_and_aliases(filled):
    text = tool(filled, "list")
    assert text.returncode == OK and "shop" in text.stdout and "champion" in text.stdout
    (shop,) = succeed(filled, "list")["models"]
    assert (shop["name"], shop["aliases"]) == ("shop", {"champion": 1})
    assert [(v["version"], v["manifest"]) for v in shop["versions"]] == [
        (number, filled.manifest_digest("shop", number)) for number in (1, 2)]


@pytest.mark.parametrize("version", ["1", "champion"])
def test_show_tells_a_versions_files_by_number_or_alias(filled, version):
    text = tool(filled, "show", "shop", version)
    assert text.returncode == OK and "champion" in text.stdout and "model.safetensors" in text.stdout
    answer = succeed(filled, "show", "shop", version)
    assert (answer["version"], answer["manifest"]) == (1, filled.manifest_digest("shop", 1))
    assert {file["name"]: file["digest"] for file in answer["files"]} == {
        name: digest(content) for name, content in filled.files("shop", 1).items()}


def test_log_tells_every_epoch_with_actor_and_reason(filled):
    succeed(filled, "promote", "shop", 2, "--reason", "because of the weekend")
    text = tool(filled, "log")
    assert text.returncode == OK and "because of the weekend" in text.stdout
    epochs = succeed(filled, "log")["epochs"]
    assert [entry["epoch"] for entry in epochs] == filled.epochs()[::-1]
    assert epochs[0]["reason"] == "because of the weekend"
    assert all(entry["actor"] and entry["time"] and entry["command"] for entry in epochs)


def test_verify_accepts_what_was_pushed(filled):
    assert tool(filled, "verify", "shop", 1).returncode == OK
    assert tool(filled, "verify", "shop", 2, "--json").returncode == OK


def test_the_committed_registries_verify(committed, quick_start_registry):
    for registry in (committed, quick_start_registry):
        for version in (1, 2):
            assert tool(registry, "verify", "sports", version).returncode == OK


@pytest.mark.parametrize("arguments", [
    ("push",), ("push", "shop"), ("promote", "shop"), ("promote", "shop", "two"), ("promote", "shop", "7"),
    ("show", "shop", "7"), ("rollback", "shoes"), ("promote", "shop", "-1"),
    ("rollback", "shop", "--to", "99"), ("list", "--colour"), ("nonsense",),
    ("push", "Shop!", "."), ("push", "../shop", "."), ("promote", "shop", "0")])
def test_a_mistake_in_the_command_ends_with_2_and_tells_the_usage(filled, arguments):
    result = tool(filled, *arguments)
    assert result.returncode == USAGE, (result.returncode, result.stderr)
    assert result.stderr


def test_an_epoch_that_moved_on_ends_with_3_and_changes_nothing(filled):
    epoch = filled.epochs()[-1]
    result = tool(filled, "promote", "shop", 2, "--expect-epoch", epoch - 1)
    assert result.returncode == PRECONDITION and str(epoch) in result.stderr
    assert filled.epochs()[-1] == epoch and champion(filled) == 1
    assert tool(filled, "promote", "shop", 2, "--expect-epoch", epoch).returncode == OK


def test_another_current_version_than_expected_ends_with_3(filled):
    result = tool(filled, "promote", "shop", 2, "--expect-current", 2)
    assert result.returncode == PRECONDITION
    assert champion(filled) == 1


@pytest.mark.parametrize("file, content, named", [
    ("config.json", b"{", "config.json"),
    ("model.safetensors", b"", "header"),
    ("vocabulary.safetensors", b"\0" * 64, "header"),
    ("golden.jsonl", b"", "golden.jsonl"),
], ids=["configuration", "weights", "vocabulary", "golden requests"])
def test_a_broken_folder_is_refused_with_4_and_commits_nothing(empty, folder, file, content, named):
    (folder / file).write_bytes(content)
    result = tool(empty, "push", "shop", folder)
    assert result.returncode == REFUSED and named in result.stderr, (result.returncode, result.stderr)
    assert empty.epochs() == [1]


def test_a_folder_whose_golden_requests_disagree_is_refused_with_4(empty, folder):
    lines = (folder / "golden.jsonl").read_text().splitlines()
    first = json.loads(lines[0])
    first["probabilities"][0] += 0.01
    (folder / "golden.jsonl").write_text(json.dumps(first) + "\n")
    result = tool(empty, "push", "shop", folder)
    assert result.returncode == REFUSED and "golden" in result.stderr


@pytest.mark.parametrize("kind", BROKEN)
def test_a_version_that_broke_is_refused_by_verify_and_promote_with_4(registry, kind):
    broken, reason = add_broken(registry, "sports", 1, kind)
    before = registry.epochs()
    for command in ("verify", "promote"):
        result = tool(registry, command, "sports", broken)
        assert result.returncode == REFUSED and reason in result.stderr + result.stdout, (command, result.stderr)
    assert registry.epochs() == before


def test_a_folder_that_is_not_there_is_named(empty, tmp_path):
    result = tool(empty, "push", "shop", tmp_path / "nowhere")
    assert result.returncode == REFUSED and "nowhere" in result.stderr


def test_a_registry_that_is_not_there_is_named(tmp_path):
    result = tool(tmp_path / "nowhere", "list")
    assert result.returncode == USAGE and "nowhere" in result.stderr


def test_a_disk_that_cannot_be_written_ends_with_5(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    result = tool(tmp_path / "file" / "registry", "init")
    assert result.returncode == DISK, (result.returncode, result.stderr)
