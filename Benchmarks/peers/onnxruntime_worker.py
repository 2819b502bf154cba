"""ONNX Runtime as a worker: the graph of onnx_model.py, all graph optimisations, static shapes."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import onnxruntime  # noqa: E402

from harness.workers import serve  # noqa: E402
from peers.onnx_model import Exporter, feeds, shape_of  # noqa: E402


def session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--form", choices=["shared", "tiled"], default="shared")
    options = parser.parse_args()
    exporter = Exporter(options.model)

    def prepare(requests, threads):
        running = session(exporter.model(*shape_of(requests), options.form), threads)
        return [lambda inputs=feeds(r): running.run(None, inputs)[0][:, 0] for r in requests]
    serve(f"ONNX Runtime {onnxruntime.__version__}", prepare)


if __name__ == "__main__":
    main()
