"""The usual Python server: grpcio in front of ONNX Runtime, the user's part of the graph once a request.

Serves proto/dien/v1 Ranking.Rank for requests of one T and N; ids are rows, so that it needs no vocabulary.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "Tests" / "Wire")]
import grpc  # noqa: E402
import numpy as np  # noqa: E402
from stubs import ranking  # noqa: E402

from peers.onnx_model import Exporter  # noqa: E402
from peers.onnxruntime_worker import session  # noqa: E402

READY = "serving on "


def handler(running):
    def rank(payload, context):
        request = ranking.RankRequest.FromString(payload)
        feeds = {"user": np.array(request.profile[0].ids, np.int64)}
        for role, columns in (("history", request.history), ("candidates", request.candidates)):
            for column in columns:
                feeds[f"{role}.{column.name}"] = np.array(column.ids, np.int64)
        scores = running.run(None, feeds)[0][:, 0]
        return ranking.RankResponse(scores=scores.tolist()).SerializeToString()
    method = grpc.unary_unary_rpc_method_handler(rank)  # bytes in, bytes out
    return grpc.method_handlers_generic_handler("dien.v1.Ranking", {"Rank": method})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--history", type=int, required=True)
    parser.add_argument("--candidates", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1, help="of ONNX Runtime, for one request")
    parser.add_argument("--workers", type=int, default=8, help="threads of grpcio")
    options = parser.parse_args()
    running = session(Exporter(options.model).model(options.history, options.candidates, "shared"), options.threads)
    server = grpc.server(ThreadPoolExecutor(options.workers))
    server.add_generic_rpc_handlers((handler(running),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"{READY}127.0.0.1:{port}", flush=True)
    sys.stdin.read()  # until whoever started it closes the pipe
    server.stop(None)


if __name__ == "__main__":
    main()
