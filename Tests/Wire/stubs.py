"""Python stubs of proto/dien/v1, generated when the tests start: the tests see the wire as any client would."""

import sys
import tempfile
from importlib import import_module
from pathlib import Path

import grpc_tools
from grpc_tools import protoc

from scripts_under_test import ROOT

PROTO = ROOT / "proto"


def generate(folder):
    files = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "dien").rglob("*.proto"))
    well_known = str(Path(grpc_tools.__file__).parent / "_proto")
    code = protoc.main(["protoc", f"-I{PROTO}", f"-I{well_known}",
                        f"--python_out={folder}", f"--grpc_python_out={folder}", *files])
    if code != 0 or not files:
        raise RuntimeError(f"protoc failed with {code} on {files} under {PROTO}")


_folder = tempfile.TemporaryDirectory(prefix="dien-stubs-")
generate(_folder.name)
sys.path.insert(0, _folder.name)
ranking = import_module("dien.v1.ranking_pb2")
ranking_grpc = import_module("dien.v1.ranking_pb2_grpc")
models = import_module("dien.v1.models_pb2")
models_grpc = import_module("dien.v1.models_pb2_grpc")
feedback = import_module("dien.v1.feedback_pb2")
feedback_grpc = import_module("dien.v1.feedback_pb2_grpc")
