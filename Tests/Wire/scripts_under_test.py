"""The repository's Python commands, which have no .py in their names, as modules."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Two models that PyTorch trained, with what an independent program answers to real requests (data/README.md).
PYTORCH_REGISTRY = Path(__file__).resolve().parent / "data" / "registry"


def load(name):
    """The module of scripts/<name>, loaded without leaving bytecode beside it."""
    loader = SourceFileLoader(name.replace("-", "_"), str(ROOT / "scripts" / name))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module
