"""The engines that are compared, each with its tunings; the best of an engine's tunings stands for it."""

import os
import sys
from pathlib import Path

from harness.workers import FOLDER, Worker, WorkerFailure

PYTHON = FOLDER / ".venv" / "bin" / "python"
ONEDNN = FOLDER / ".venv" / "onednn_worker"
# Of an environment of its own, since its packages do not go with the others'; 330 MB.
TENSORFLOW = FOLDER / ".venv" / "tensorflow" / "bin" / "python"
PEERS = ("onnxruntime", "openvino", "onednn", "pytorch", "tensorflow")


def default_peers():
    """All of them; TensorFlow where it was asked for before."""
    return [peer for peer in PEERS if peer != "tensorflow" or TENSORFLOW.exists()]


def tunings(peer, model, form, folder, precision="fp32", threads=1):
    """Commands of one peer by the name of the tuning."""
    if peer == "tensorflow":
        script = [TENSORFLOW, FOLDER / "peers" / "tensorflow_worker.py", "--model", model, "--form", form]
        return {"tensorflow": [*script, "--threads", threads]} if precision == "fp32" else {}
    script = [PYTHON, FOLDER / "peers" / f"{peer}_worker.py", "--model", model, "--form", form]
    if precision == "bf16":
        return {"openvino bf16": [*script, "--precision", "bf16"]} if peer == "openvino" else {}
    if peer == "pytorch":
        return {"pytorch": script}
    if peer != "onednn":
        return {peer: script}
    if "reference" not in (model / "config.json").read_text(encoding="utf-8"):
        return {}  # its AUGRU keeps (1 - a) u, which is preset reference alone
    from peers import onednn_weights
    weights = folder / "onednn.weights"
    if not weights.exists():
        onednn_weights.write_weights(model, weights)
    kinds = ("rnn", "steps") if form == "shared" else ("rnn",)
    return {f"onednn {kind}": [ONEDNN, weights, form, kind] for kind in kinds}


def start(peers, model, forms, cores, folder, precision="fp32"):
    """(workers by (tuning, form), what could not be started and why)."""
    running, missing, threads = {}, {}, len(cores.split(","))
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    # Old settings for other programs' BLAS; PyTorch and oneDNN choose their kernels themselves.
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    for peer in peers:
        for form in forms:
            try:
                for name, command in tunings(peer, model, form, folder, precision, threads).items():
                    running[name, form] = Worker(name, command, cores, environment)
            except (WorkerFailure, OSError, ImportError) as failure:
                missing[peer] = str(failure).strip().splitlines()[-1]
    return running, missing


def installed():
    """Whether this interpreter is the one with the peers."""
    return Path(sys.prefix) == FOLDER / ".venv"
