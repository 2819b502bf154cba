"""PyTorch as a worker: the forms of ../pytorch/rank.py, in TorchScript or eager."""

import argparse
import sys
import warnings
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER / "pytorch")]
import torch  # noqa: E402
from rank import Model  # noqa: E402

from harness.workers import serve  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--form", choices=["shared", "tiled"], default="shared")
    parser.add_argument("--mode", choices=["script", "eager"], default="script")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", message=".*torch.jit.script.*")
    torch.set_flush_denormal(True)
    model = Model(options.model, options.mode)
    forward = getattr(model, options.form)

    def prepare(requests, threads):
        torch.set_num_threads(threads)

        def rows(request):
            return [torch.tensor(request["profile"]["user"]),
                    *([torch.tensor(request[role][name]) for name in ("item", "category")]
                      for role in ("history", "candidates"))]

        def call(arguments):
            user, history, candidates = arguments
            return forward([user], history, candidates)
        return [lambda arguments=rows(r): call(arguments) for r in requests]
    with torch.inference_mode():
        serve(f"PyTorch {torch.__version__} {options.mode}", prepare)


if __name__ == "__main__":
    main()
