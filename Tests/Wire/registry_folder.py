"""The registry on disk, read and written without dien-registry, from registry/README.md alone.

The tests need it twice: to read a committed version back into a model folder, as a second reader of the format;
and to commit versions that dien-registry would refuse, as a faulty disk or a hostile writer might.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

MEDIA_TYPES = {
    "config.json": "application/vnd.dien.config.v1+json",
    "golden.jsonl": "application/vnd.dien.golden.v1+jsonl",
    "model.safetensors": "application/vnd.dien.weights.v1+safetensors",
    "vocabulary.safetensors": "application/vnd.dien.vocabulary.v1+safetensors",
}
MANIFEST_TYPE = "application/vnd.dien.manifest.v1+json"


def canonical(value):
    """Keys ascending, no white space, one line feed: the only spelling that readers accept."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


class RegistryFolder:
    def __init__(self, path):
        self.path = Path(path)

    # -- reading

    def epochs(self):
        return sorted(int(path.stem) for path in (self.path / "state").glob("*.json"))

    def state_path(self, epoch):
        return self.path / "state" / f"{epoch:012}.json"

    def state(self, epoch=None):
        content = self.state_path(epoch or self.epochs()[-1]).read_bytes()
        envelope = json.loads(content)
        assert content == canonical(envelope)
        assert envelope["checksum"] == digest(canonical(envelope["state"])[:-1])
        return envelope["state"]

    def blob_path(self, text):
        hexadecimal = text.removeprefix("sha256:")
        return self.path / "blobs" / "sha256" / hexadecimal[:2] / hexadecimal

    def manifest_digest(self, model, version):
        return self.state()["models"][model]["versions"][str(version)]["manifest"]["digest"]

    def files(self, model, version):
        """name → content, each checked against its digest and size."""
        manifest = self.blob_path(self.manifest_digest(model, version)).read_bytes()
        assert digest(manifest) == self.manifest_digest(model, version)
        contents = {}
        for name, descriptor in json.loads(manifest)["files"].items():
            contents[name] = self.blob_path(descriptor["digest"]).read_bytes()
            assert digest(contents[name]) == descriptor["digest"] and len(contents[name]) == descriptor["size"]
        return contents

    def checkout(self, model, version, folder):
        """A version as the model folder that was pushed."""
        folder.mkdir(parents=True)
        for name, content in self.files(model, version).items():
            (folder / name).write_bytes(content)
        return folder

    # -- writing, past every check

    def store(self, content, media_type, name=None, size=None):
        """A blob; `name` and `size` say otherwise than the content is, for a blob that rotted."""
        descriptor = {"digest": name or digest(content), "mediaType": media_type, "size": size or len(content)}
        path = self.blob_path(descriptor["digest"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        return descriptor

    def add_version(self, model, contents, rotten=None):
        """Commits `contents` (name → bytes) as the next version; `rotten` says what the disk holds instead."""
        files = {}
        for name, content in contents.items():
            stored = (rotten or {}).get(name, content)
            files[name] = self.store(stored, MEDIA_TYPES[name], digest(content), len(content))
        manifest = self.store(canonical({"files": files, "format": "dien-manifest/1", "model": model}), MANIFEST_TYPE)
        models = self.state()["models"]
        entry = models.setdefault(model, {"aliases": {}, "versions": {}})
        version = max(map(int, entry["versions"]), default=0) + 1
        entry["versions"][str(version)] = {"manifest": manifest, "pushed": "2026-01-02T03:04:05Z"}
        self.commit(models, f"push {model}")
        return version

    def point(self, model, version, alias="champion", newest=None):
        newest = newest or self.epochs()[-1]
        models = self.state(newest)["models"]
        models[model]["aliases"][alias] = version
        return self.commit(models, f"promote {model} {version}", newest)

    def commit(self, models, command, newest=None):
        """The epoch after the newest one, put there by link(2) as the format demands."""
        newest = newest or self.epochs()[-1]
        state = {
            "actor": "wire-tests", "command": command, "epoch": newest + 1, "format": "dien-registry-state/1",
            "models": models, "previous": digest(self.state_path(newest).read_bytes()),
            "time": "2026-01-02T03:04:05Z",
        }
        staged = self.path / "staging" / f"{os.getpid()}-wire"
        staged.parent.mkdir(exist_ok=True)
        staged.write_bytes(canonical({"checksum": digest(canonical(state)[:-1]), "state": state}))
        os.link(staged, self.state_path(newest + 1))
        staged.unlink()
        return newest + 1


def copy_registry(source, target):
    """A private copy, writable whatever the modes of the original."""
    shutil.copytree(source, target)
    for folder, _, _ in os.walk(target):
        os.chmod(folder, 0o755)
    return RegistryFolder(target)
