"""dien-registry's commands for keeping a registry: tag, diff, export, import, gc, fsck; and what it does at a terminal."""

import json
import os
import pty
import select
import signal
import subprocess
import time

import pytest

from processes import binary, run
from registry_folder import RegistryFolder, copy_registry
from registry_tool import succeed, tool
from string_model import write_string_model

OK, USAGE, PRECONDITION, REFUSED, DISK = 0, 2, 3, 4, 5


@pytest.fixture
def filled(tmp_path):
    """Model `shop` with versions 1, 2 and 3; champion is 3."""
    registry = tmp_path / "models"
    succeed(registry, "init")
    for seed in (5, 6, 7):
        succeed(registry, "push", "shop", write_string_model(tmp_path / f"model-{seed}", seed=seed), "--alias", "champion")
    return RegistryFolder(registry)


def test_a_tag_names_its_version_for_good(filled):
    assert succeed(filled, "tag", "shop", 2, "launch")["version"] == 2
    assert succeed(filled, "tag", "shop", "launch", "launch")["committed"] is False
    taken = tool(filled, "tag", "shop", 3, "launch")
    assert taken.returncode == PRECONDITION and "version 2" in taken.stderr
    assert succeed(filled, "show", "shop", "launch")["tags"] == ["launch"]
    assert succeed(filled, "list")["models"][0]["tags"] == {"launch": 2}
    assert filled.state()["models"]["shop"]["tags"] == {"launch": 2}
    assert "version" not in succeed(filled, "tag", "shop", "--remove", "launch")
    assert "tags" not in filled.state()["models"]["shop"]
    for mistake in (("shop", "launch"), ("shop", 2, "17"), ("shop", 9, "x"), ("shop", 2, "../x")):
        assert tool(filled, "tag", *mistake).returncode == USAGE, mistake


def test_gc_tells_first_and_removes_only_when_told(filled):
    before = sorted(path for path in filled.path.rglob("*"))
    told = succeed(filled, "gc", "--keep-versions", 1, "--keep-days", 0)
    assert [entry["version"] for entry in told["versions"]] == [1, 2] and not told["applied"]
    assert sorted(path for path in filled.path.rglob("*")) == before
    done = succeed(filled, "gc", "--apply", "--keep-versions", 1, "--keep-days", 0)
    assert done["bytes"] == told["bytes"] > 0 and done["epoch"] == told["epoch"] + 1
    assert list(filled.state()["models"]["shop"]["versions"]) == ["3"]
    filled.files("shop", 3)
    assert tool(filled, "rollback", "shop", "--to", 2).returncode == USAGE
    assert succeed(filled, "fsck")["findings"] == []
    assert succeed(filled, "gc", "--apply", "--keep-versions", 1)["blobs"] == 0


def test_gc_keeps_what_served_lately_by_default(filled):
    assert succeed(filled, "gc", "--keep-versions", 1)["versions"] == []


def test_diff_tells_settings_metrics_and_rows(filled, tmp_path):
    folder = write_string_model(tmp_path / "changed", seed=7)
    configuration = json.loads((folder / "config.json").read_text())
    configuration["metadata"] = {"test_auc": 0.75}
    (folder / "config.json").write_text(json.dumps(configuration))
    succeed(filled, "push", "shop", folder)
    answer = succeed(filled, "diff", "shop", "champion", 4)
    assert answer["metadata"] == [{"after": "0.75", "name": "metadata.test_auc"}]
    assert all(tensor["changedRows"] == 0 for tensor in answer["tensors"])
    other = {t["name"]: t for t in succeed(filled, "diff", "shop", 1, 2)["tensors"]}
    item = other["embedding.item"]
    assert item["changedRows"] == item["rows"] == 6 and item["largestChange"] > 0
    text = tool(filled, "diff", "shop", 1, 2)
    assert text.returncode == OK and "rows changed" in text.stdout


def test_an_exported_version_is_imported_as_it_was(filled, tmp_path):
    file, other = tmp_path / "two.dien", tmp_path / "other"
    sent = succeed(filled, "export", "shop", 2, file)
    assert tool(filled, "export", "shop", 2, file).returncode == USAGE
    succeed(other, "init")
    wrong = tool(other, "import", file, "--expect", "sha256:" + "0" * 64)
    assert wrong.returncode == REFUSED and sent["manifest"] in wrong.stderr
    received = succeed(other, "import", file, "--expect", sent["manifest"], "--alias", "champion")
    assert (received["version"], received["manifest"]) == (1, sent["manifest"])
    assert all(check["ok"] for check in received["checks"])
    assert RegistryFolder(other).files("shop", 1) == filled.files("shop", 2)


@pytest.mark.parametrize("damage", [
    lambda c: c[:-1], lambda c: c + b"x", lambda c: b"", lambda c: c[:10], lambda c: b"PK" + c[2:],
    lambda c: c[:15] + b"\xff" * 8 + c[23:], lambda c: c[:-50] + bytes([c[-50] ^ 1]) + c[-49:],
    lambda c: c.replace(b'"config.json"', b'"../../.json"')],
    ids=["cut", "longer", "empty", "head", "magic", "length", "bit", "path"])
def test_a_hostile_export_is_refused_with_4_and_stores_nothing(filled, tmp_path, damage):
    file, other = tmp_path / "two.dien", tmp_path / "other"
    succeed(filled, "export", "shop", 2, file)
    hostile = tmp_path / "hostile.dien"
    hostile.write_bytes(damage(file.read_bytes()))
    succeed(other, "init")
    result = tool(other, "import", hostile)
    assert result.returncode == REFUSED and "hostile.dien" in result.stderr
    assert RegistryFolder(other).epochs() == [1]


def test_fsck_finds_damage_and_repairs_it_from_a_copy(filled, tmp_path):
    copy = copy_registry(filled.path, tmp_path / "copy")
    blob = filled.blob_path(filled.manifest_digest("shop", 2))
    blob.unlink()
    state = filled.state_path(2)
    state.unlink()
    state.write_bytes(b"{}\n")
    found = tool(filled, "fsck", "--json")
    assert found.returncode == REFUSED and str(state) in found.stderr
    report = json.loads(found.stdout)
    damage = [(f["kind"], f["path"]) for f in report["findings"] if f["kind"] != "unreferencedBlob"]
    assert damage == [("damagedState", str(state)), ("missingBlob", str(blob))] and not report["ok"]
    assert tool(filled, "fsck", "--repair-from", copy.path).returncode == OK
    assert succeed(filled, "fsck")["findings"] == []
    assert state.read_bytes() == copy.state_path(2).read_bytes()
    assert [path.read_bytes() for path in (filled.path / "quarantine").iterdir()] == [b"{}\n"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_names_every_command(shell):
    result = run("dien-registry", "--generate-completion-script", shell)
    assert result.returncode == OK
    assert all(command in result.stdout for command in ("promote", "gc", "fsck", "export", "diff", "expect-epoch"))


# -- weights that break the format

def header(content, change):
    """The file with its header changed as text."""
    length = int.from_bytes(content[:8], "little")
    text = change(content[8:8 + length].decode())
    return len(text).to_bytes(8, "little") + text.encode() + content[8 + length:]



WEIGHTS = {
    "overflowing shape": lambda c: header(c, lambda t: t.replace("[20]", "[18446744073709551615,2]", 1)),
    "shape of another size": lambda c: header(c, lambda t: t.replace("[20]", "[21]", 1)),
    "duplicate tensor": lambda c: header(c, lambda t: t.replace("head.1.bias", "head.2.bias", 1)),
    "unknown type": lambda c: header(c, lambda t: t.replace("F32", "F33", 1)),
    "overlap": lambda c: header(c, lambda t: t.replace('"data_offsets":[0,', '"data_offsets":[4,', 1)),
    "cut": lambda c: c[:-4],
    "longer": lambda c: c + b"\0\0\0\0",
    "broken JSON": lambda c: header(c, lambda t: t.replace('"shape":[', '"shape":{', 1)),
}


@pytest.mark.parametrize("kind", WEIGHTS)
def test_weights_that_break_the_format_are_refused_before_they_serve_by_tensor_and_place(filled, kind):
    contents = filled.files("shop", 1)
    broken = WEIGHTS[kind](contents["model.safetensors"])
    assert broken != contents["model.safetensors"]
    version = filled.add_version("shop", contents | {"model.safetensors": broken})
    for command in ("verify", "promote"):
        result = tool(filled, command, "shop", version)
        assert result.returncode == REFUSED, (command, result.stderr)
        assert 'tensor "' in result.stderr, result.stderr
        assert "byte " in result.stderr or "data offset " in result.stderr, result.stderr


# -- at a terminal

def big_model(folder, mebibytes):
    """A folder whose weights take some time to copy; what is in them does not matter before they are copied."""
    write_string_model(folder)
    with open(folder / "model.safetensors", "ab") as weights:
        weights.truncate(mebibytes << 20)
    return folder


def read_until(descriptor, text, seconds=30):
    """What can be read up to `text`, or up to the end."""
    shown, deadline = b"", time.monotonic() + seconds
    while text not in shown and time.monotonic() < deadline:
        ready, _, _ = select.select([descriptor], [], [], 1)
        try:
            shown += os.read(descriptor, 4096) if ready else b""
        except OSError:  # a terminal's way to say that nobody is left at the other end
            break
    return shown


def test_progress_is_shown_at_a_terminal_and_nowhere_else(filled, tmp_path):
    command = [binary("dien-registry"), "push", "shop", big_model(tmp_path / "big", 4000), "--registry", filled.path]
    controller, terminal = pty.openpty()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal)
    os.close(terminal)
    shown = read_until(controller, b"/s  model.safetensors")
    process.kill()
    process.communicate()
    os.close(controller)
    assert b" %  " in shown and b" of 3.9 GiB" in shown

    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    process.kill()
    assert process.communicate() == (b"", b"")


def size(path):
    """A file's size; 0 where it is gone by now."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_the_registry_as_it_was(filled, tmp_path, number):
    folder = big_model(tmp_path / "big", 400)
    before = filled.epochs()
    process = subprocess.Popen([binary("dien-registry"), "push", "shop", folder, "--registry", filled.path])
    staging = filled.path / "staging"
    deadline = time.monotonic() + 20
    while not any(size(entry) > 1 << 20 for entry in staging.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(number)
    assert process.wait(timeout=20) == -number
    assert filled.epochs() == before
    assert tool(filled, "verify", "shop", 3).returncode == OK
    assert succeed(filled, "gc", "--apply")["leftovers"] and not list(staging.iterdir())
