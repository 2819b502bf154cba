"""Fixtures: the committed registry, private copies of it, and servers on them."""

import signal

import pytest

import reviews
from processes import serving
from registry_folder import RegistryFolder, copy_registry
from scripts_under_test import PYTORCH_REGISTRY, ROOT

# A shell's background jobs ignore SIGINT, and so would the programs under test, which begin with what this process has.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def committed():
    """Models that PyTorch trained: model `sports`, version 1 = paper = champion, 2 = reference = challenger."""
    return RegistryFolder(PYTORCH_REGISTRY)


@pytest.fixture(scope="session")
def quick_start_registry():
    """The registry that the quick start serves, of models that dien-train trained."""
    return RegistryFolder(ROOT / "registry")


@pytest.fixture(scope="session")
def few(tmp_path_factory):
    """A prepared data set of last items alone: about 4,000 samples, an epoch within a second."""
    return reviews.prepare(tmp_path_factory.mktemp("few") / "beauty")


@pytest.fixture
def registry(committed, tmp_path):
    """A copy that the test may change."""
    return copy_registry(committed.path, tmp_path / "registry")


@pytest.fixture(scope="module")
def server(committed):
    """One server for the tests of a file that leave it as they found it."""
    with serving(committed.path, "--max-candidates", 1000, "--max-history", 150) as server:
        yield server


@pytest.fixture(scope="module")
def channel(server):
    with server.channel() as channel:
        yield channel


@pytest.fixture(scope="session")
def twins(committed, tmp_path_factory):
    """The float64 twins of both versions, from the registry's own blobs."""
    from trained_folder import checker
    folder = tmp_path_factory.mktemp("versions")
    return {version: checker.Twin(committed.checkout("sports", version, folder / str(version))) for version in (1, 2)}
