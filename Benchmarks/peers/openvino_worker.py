"""OpenVINO as a worker: the graph of onnx_model.py, compiled for its shape, one stream, latency first."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import numpy as np  # noqa: E402
import openvino  # noqa: E402

from harness.workers import serve  # noqa: E402
from peers.onnx_model import Exporter, feeds, shape_of  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--form", choices=["shared", "tiled"], default="shared")
    parser.add_argument("--precision", choices=["f32", "bf16"], default="f32")
    options = parser.parse_args()
    exporter, core = Exporter(options.model), openvino.Core()

    def prepare(requests, threads):
        network = core.read_model(exporter.model(*shape_of(requests), options.form).SerializeToString())
        compiled = core.compile_model(network, "CPU", {
            "INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1, "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": options.precision, "ENABLE_CPU_PINNING": False})
        running = compiled.create_infer_request()

        def call(inputs):
            running.infer(inputs, share_inputs=True)
            return running.get_output_tensor(0).data[:, 0]
        return [lambda inputs=feeds(r): np.copy(call(inputs)) for r in requests]
    serve(f"OpenVINO {openvino.__version__.split('-')[0]} {options.precision}", prepare)


if __name__ == "__main__":
    main()
