"""Golden files (Tests/DIENTests/Golden: parameters, inputs and the probabilities of an independent float64 program) as
what scripts/import-pytorch reads."""

import json

from safetensors import safe_open
from safetensors.numpy import save_file

from scripts_under_test import ROOT

GOLDEN = ROOT / "Tests" / "DIENTests" / "Golden"
NAMES = sorted(path.name.removesuffix(".safetensors") for path in GOLDEN.glob("*.safetensors"))


def write(folder, name):
    """The source folder of one golden file; identifiers are rows. Returns its facts."""
    with safe_open(GOLDEN / f"{name}.safetensors", "np") as file:
        facts = json.loads(file.metadata()["case"])
        tensors = {key: file.get_tensor(key) for key in file.keys()}
    folder.mkdir(parents=True)
    keys = ("architecture", "preset", "embedding_dim", "hidden_size", "users", "items", "categories")
    (folder / "config.json").write_text(json.dumps({key: facts[key] for key in keys} | {"max_history": 100}))
    weights = {key.removeprefix("param."): value for key, value in tensors.items() if key.startswith("param.")}
    save_file(weights, folder / "weights.safetensors")
    items = "".join(f"{n}\t{n}\t{n % facts['categories']}\n" for n in range(facts["items"]))
    (folder / "items.tsv").write_text("item\trow\tcategory\n" + items)
    (folder / "users.tsv").write_text("user\trow\n" + "".join(f"{n}\t{n}\n" for n in range(facts["users"])))
    lines = [json.dumps(request(tensors, b, length)) for b, length in enumerate(tensors["input.lengths"].tolist())]
    (folder / "requests.jsonl").write_text("\n".join(lines) + "\n")
    return facts


def request(tensors, b, length):
    """The input of one row of the batch, which says the category of every item itself."""
    def row(name, count):
        return tensors[f"input.{name}"][b].reshape(-1)[:count].tolist()
    return {
        "user": int(tensors["input.users"][b]),
        "history": {"item": row("history_items", length), "category": row("history_categories", length)},
        "candidates": {"item": row("items", 1), "category": row("categories", 1)},
        "probabilities": [float(tensors["serve.probabilities"][b])],
    }
