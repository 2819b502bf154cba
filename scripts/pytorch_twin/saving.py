"""A trained twin as the folder that scripts/import-pytorch reads."""

import json

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

TABLES = {"user": "users", "item": "items", "category": "categories"}
REQUESTS = 64


def check(folder, dataset):
    """Before anything is trained: the data set is one that the importer knows, and nothing is written over."""
    names = {role: [f["name"] for f in dataset.features[role]] for role in ("profile", "history", "candidates")}
    if names != {"profile": ["user"], "history": ["item", "category"], "candidates": ["item", "category"]}:
        raise SystemExit(f"--save: scripts/import-pytorch takes the features user, item and category; the data set has {names}")
    if any(table["ids"] != "uint64" for table in dataset.tables):
        raise SystemExit("--save: scripts/import-pytorch takes identifiers that are integers; the data set has strings")
    if folder.exists():
        raise SystemExit(f"--save: {folder} is there already; remove it, or name another")


def write(folder, twin, dataset, options, result):
    twin.eval()
    folder.mkdir(parents=True)
    rows = {TABLES[table["name"]]: table["rows"] for table in dataset.tables}
    sizes = {key: twin.configuration[key] for key in ("embedding_dim", "hidden_size") if key in twin.configuration}
    facts = {key: result[key] for key in ("seed", "test_auc", "test_log_loss")}
    config = {"architecture": options.architecture, "preset": options.preset, **sizes, **rows,
              "max_history": options.max_history, **facts}
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    tensors = {name: twin[name].detach() for name in twin.names} | twin.moments
    save_file({name: tensor.contiguous().numpy() for name, tensor in tensors.items()}, folder / "weights.safetensors")
    vocabulary = load_file(options.data / "vocabulary.safetensors")
    write_table(folder / "items.tsv", "item\trow\tcategory",
                vocabulary["item.ids"], vocabulary["item.rows"], vocabulary["item.category"])
    write_table(folder / "users.tsv", "user\trow", vocabulary["user.ids"], vocabulary["user.rows"])
    lines = [json.dumps(request) for request in requests(twin, dataset, options, vocabulary)]
    (folder / "requests.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_table(path, header, *columns):
    lines = ["\t".join(map(str, row)) for row in zip(*(column.tolist() for column in columns))]
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


@torch.no_grad()
def requests(twin, dataset, options, vocabulary):
    """Samples of the test split with the twin's probabilities; a row is sent as an identifier that has it. The importer
    numbers categories by their rows, from 1."""
    split = dataset.split("test", options.max_history)
    samples = np.linspace(0, len(split) - 1, min(REQUESTS, len(split))).astype(np.int64)
    batch = split.batch(samples)
    probabilities = torch.sigmoid(twin.logits(batch)[0])
    of_user, of_item = identifiers(vocabulary, "user"), identifiers(vocabulary, "item")
    for b, length in enumerate(batch.lengths.tolist()):
        history = [column[b, :length].tolist() for column in batch.history]
        target = [[int(column[b])] for column in batch.targets]
        yield {
            "user": of_user(int(batch.profile[0][b])),
            "history": {"item": list(map(of_item, history[0])), "category": history[1]},
            "candidates": {"item": list(map(of_item, target[0])), "category": target[1]},
            "probabilities": [float(probabilities[b])],
        }


def identifiers(vocabulary, table):
    """→ a function of a row: an identifier with that row; of row 0 one that the vocabulary does not know."""
    of_row = dict(zip(vocabulary[f"{table}.rows"].tolist(), vocabulary[f"{table}.ids"].tolist()))
    known = set(vocabulary[f"{table}.ids"].tolist())
    unknown = next(value for value in range(len(known) + 1) if value not in known)
    return lambda row: of_row[row] if row else unknown
