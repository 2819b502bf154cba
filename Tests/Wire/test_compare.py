"""dien-registry compare: its figures against numpy and the float64 twin, its verdict, its text and its page."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from safetensors.numpy import load_file

from processes import run
from trained_folder import checker

OK, USAGE, REFUSED, INPUT_OUTPUT = 0, 2, 4, 5
CLIP = 1e-7


def succeed(name, *arguments):
    result = run(name, *arguments)
    assert result.returncode == OK, f"{name} {arguments}: {result.returncode}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def models(few, tmp_path_factory):
    """Two trainings that differ in their length."""
    folders = {}
    for name, epochs in (("short", 1), ("long", 4)):
        output = tmp_path_factory.mktemp("models") / name
        succeed("dien-train", "train", few, "--output", output, "--epochs", epochs, "--threads", 2, "--embedding-size", 8)
        folders[name] = (output / "model").rename(output / name)
    return folders


def compare(models, few, *arguments, first="short", second="long"):
    return run("dien-registry", "compare", models[first], models[second], "--data", few, *arguments)


@pytest.fixture(scope="module")
def answer(models, few):
    result = compare(models, few, "--json")
    assert result.returncode == OK, result.stderr
    return json.loads(result.stdout)


def samples(few):
    """The test split as requests of one candidate: (user, label, request)."""
    tensors, vocabulary = load_file(few / "samples.safetensors"), load_file(few / "vocabulary.safetensors")
    rows = vocabulary["item.rows"]
    known = {int(row): int(identifier) for identifier, row in zip(vocabulary["item.ids"], rows) if row}
    offsets = tensors["sequence.offsets"].astype(np.int64)
    limit = json.loads((few / "dataset.json").read_text())["max_history"]
    for user, end, target, label in zip(*(tensors[f"test.{part}"] for part in ("sequence", "end", "target.item", "label"))):
        start = offsets[user] + max(0, int(end) - limit)
        history = tensors["sequence.item"][start:offsets[user] + int(end)]
        categories = tensors["sequence.category"][start:offsets[user] + int(end)]
        yield int(user), bool(label), (history, categories, int(target), known)


@pytest.fixture(scope="module")
def scored(models, few):
    """(users, labels, probabilities of both) of the test split, in float64 by the twin."""
    tensors = load_file(few / "samples.safetensors")
    categories = tensors["test.target.category"]
    twins = [checker.Twin(models[name]) for name in ("short", "long")]
    users, labels, probabilities = [], [], []
    for place, (user, label, (history, behind, target, _)) in enumerate(samples(few)):
        users.append(user)
        labels.append(label)
        probabilities.append([by_rows(twin, user, tensors, history, behind, target, int(categories[place]))
                              for twin in twins])
    return np.array(users), np.array(labels), np.array(probabilities).T


def by_rows(twin, user, tensors, items, categories, item, category):
    """The twin's probability with rows in place of identifiers: the data set has been translated already."""
    columns = {"profile": {"user": [int(tensors["profile.user"][user])]} if "profile.user" in tensors else {},
               "history": {"item": list(items), "category": list(categories)},
               "candidates": {"item": [item], "category": [category]}, "context": {}}
    twin.rows = lambda feature, given: [int(row) for row in given[feature["name"]]]
    return float(twin.probabilities(columns)[0])


# ---------------------------------------------------------------- the metrics, a second time


def auc(labels, scores):
    """Mann and Whitney, with mid-ranks."""
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ordered = scores[order]
    place = 0
    while place < len(ordered):
        end = np.searchsorted(ordered, ordered[place], side="right")
        ranks[order[place:end]] = (place + 1 + end) / 2
        place = end
    positives = labels.sum()
    return (ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))


def losses(labels, scores):
    p = np.clip(scores, CLIP, 1 - CLIP)
    return np.where(labels, -np.log(p), -np.log1p(-p))


def figures(users, labels, scores):
    rate = labels.mean()
    areas, weights, clicks = [], [], []
    for user in np.unique(users):
        mine = users == user
        if 0 < labels[mine].sum() < mine.sum():
            areas.append(auc(labels[mine], scores[mine]))
            weights.append(mine.sum())
            clicks.append(labels[mine].sum())
    loss = losses(labels, scores).mean()
    return {"auc": auc(labels, scores), "log_loss": loss, "pcoc": scores.sum() / labels.sum(),
            "normalized_entropy": loss / -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)),
            "gauc_by_impressions": np.average(areas, weights=weights), "gauc_by_clicks": np.average(areas, weights=clicks),
            "gauc_by_users": np.mean(areas)}


def tolerance(name):
    """Scores are float32 here, float64 there: metrics of order move by pairs that nearly tie, those of size by little."""
    return 2e-3 if "auc" in name else 2e-5


def test_every_metric_of_both_models_is_that_of_numpy(answer, scored):
    users, labels, scores = scored
    evaluation = answer["evaluation"]
    assert (evaluation["samples"], evaluation["clicks"]) == (len(labels), labels.sum())
    assert evaluation["users"] == len(np.unique(users))
    for judged, mine in zip(evaluation["models"], scores):
        expected = figures(users, labels, mine)
        assert set(judged["metrics"]) == set(expected)
        for name, value in expected.items():
            figure = judged["metrics"][name]
            assert figure["value"] == pytest.approx(value, abs=tolerance(name)), name
            assert figure["lower"] < figure["value"] < figure["upper"], name


def test_differences_and_their_errors_are_those_of_a_bootstrap_over_users(answer, scored):
    users, labels, scores = scored
    names = ("auc", "log_loss", "gauc_by_impressions", "pcoc")
    generator = np.random.default_rng(7)
    by_user = [np.flatnonzero(users == user) for user in np.unique(users)]
    draws = {name: [] for name in names}
    for _ in range(200):
        drawn = [by_user[n] for n in generator.integers(len(by_user), size=len(by_user))]
        chosen = np.concatenate(drawn)
        # A user who is drawn twice is two users.
        groups = np.repeat(np.arange(len(drawn)), [len(each) for each in drawn])
        one, two = (figures(groups, labels[chosen], mine[chosen]) for mine in scores)
        for name in names:
            draws[name].append(two[name] - one[name])
    one, two = (figures(users, labels, mine) for mine in scores)
    for name in names:
        difference = answer["evaluation"]["comparison"][name]["difference"]
        assert difference["value"] == pytest.approx(two[name] - one[name], abs=2 * tolerance(name)), name
        # Two hundred draws know a deviation to 5 %.
        assert difference["standard_error"] == pytest.approx(np.std(draws[name], ddof=1), rel=0.25), name


def test_agreement_and_drift_are_those_of_numpy(answer, scored):
    _, _, (one, two) = scored
    logit = [np.log(p / (1 - p)) for p in (np.clip(one, CLIP, 1 - CLIP), np.clip(two, CLIP, 1 - CLIP))]
    agreement, drift = answer["agreement"], answer["drift"]
    assert agreement["mean_logit_distance"]["value"] == pytest.approx(np.abs(logit[1] - logit[0]).mean(), abs=1e-4)
    assert agreement["mean_difference"]["value"] == pytest.approx((two - one).mean(), abs=1e-5)
    assert agreement["largest_distance"] == pytest.approx(np.abs(two - one).max(), abs=1e-5)
    assert agreement["p99_distance"] == pytest.approx(
        np.sort(np.abs(two - one))[int(np.ceil(0.99 * len(one))) - 1], abs=1e-5)
    both = np.sort(np.concatenate([one, two]))
    cumulated = [np.searchsorted(np.sort(mine), both, side="right") / len(mine) for mine in (one, two)]
    assert drift["ks"] == pytest.approx(np.abs(cumulated[0] - cumulated[1]).max(), abs=3 / len(one))
    edges = np.sort(one)[np.arange(1, 10) * len(one) // 10]
    shares = [np.maximum(np.bincount(np.searchsorted(edges, mine, side="right"), minlength=10) / len(mine), 0.5 / len(one))
              for mine in (one, two)]
    assert drift["psi"] == pytest.approx(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum(), rel=0.03)


def test_the_lift_and_the_biggest_disagreements_are_where_numpy_finds_them(answer, scored):
    users, labels, (one, two) = scored
    lift = answer["lift"]
    assert lift["users"] == len(np.unique(users))
    assert lift["value"] == pytest.approx(1 - losses(labels, two).sum() / losses(labels, one).sum(), abs=1e-4)
    assert lift["lower"] < lift["value"] < lift["upper"]
    told = [each["probabilities"] for each in answer["disagreements"]]
    assert len(told) == 5
    widest = np.sort(np.abs(np.subtract(*np.array(told).T)))[::-1]
    logit = np.abs(np.log(one / (1 - one)) - np.log(two / (1 - two)))
    by_logit = np.sort(np.abs(one - two)[np.argsort(-logit)[:5]])[::-1]
    by_probability = np.sort(np.abs(one - two))[::-1][:5]
    assert np.allclose(widest, by_logit, atol=1e-4) or np.allclose(widest, by_probability, atol=1e-4)
    for each in answer["disagreements"]:
        for weights in each["attention"]:
            assert len(weights) == len(each["behaviours"]) and sum(weights) == pytest.approx(1, abs=1e-4)


def test_the_verdict_follows_from_its_checks_and_decides_the_exit_status(models, few, answer):
    verdict = answer["verdict"]
    decisions = [check["decision"] for check in verdict["checks"]]
    order = ["FAIL", "INSUFFICIENT", "HOLD", "PASS"]
    assert verdict["decision"] == min(decisions, key=order.index)
    # A longer training is better here, and the other way round it is worse, for certain.
    assert answer["evaluation"]["comparison"]["auc"]["difference"]["lower"] > 0
    wide = ("--calibration-margin", 100, "--latency-margin", 100, "--log-loss-margin", 10)
    assert compare(models, few, *wide, "--auc-margin", 1, "--require", "non-inferior").returncode == OK
    back = compare(models, few, *wide, "--auc-margin", 0, "--require", "not-worse", first="long", second="short")
    assert back.returncode == REFUSED
    assert "FAIL" in back.stdout.splitlines()[0] and back.stderr == ""


def test_a_model_is_as_good_as_itself(models, few):
    result = compare(models, few, "--json", "--latency-margin", 100, "--require", "non-inferior", second="short")
    assert result.returncode == OK, result.stdout
    same = json.loads(result.stdout)
    assert same["verdict"]["decision"] == "PASS"
    assert same["agreement"]["largest_distance"] == 0 and same["lift"]["value"] == 0
    assert all(test["difference"]["value"] == 0 for test in same["evaluation"]["comparison"].values())


def test_the_text_tells_the_verdict_first_and_every_figure_after_it(models, few, answer):
    text = succeed("dien-registry", "compare", models["short"], models["long"], "--data", few)
    first = text.splitlines()[0]
    assert first.split()[0] in ("PASS", "HOLD", "FAIL", "INSUFFICIENT")
    for word in ("short", "long", "AUC", "GAUC by impressions", "log loss", "normalized entropy", "PCOC", "Kendall",
                 "biggest disagreements", "scoring time", "history"):
        assert word in text, word
    value = answer["evaluation"]["models"][1]["metrics"]["auc"]["value"]
    assert f"{value:.4f}" in text


class Page(HTMLParser):
    """What a page refers to, and its text."""

    VOID = {"meta", "br", "hr", "input", "img", "link"}

    def __init__(self, content):
        super().__init__()
        self.references, self.tags, self.text, self.open = [], [], [], []
        self.feed(content)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.references += [value for name, value in attributes if name in ("src", "href", "xlink:href", "action", "data")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag

    def handle_data(self, text):
        self.text.append(text)


def test_the_page_stands_alone_and_names_both_models(models, few, tmp_path):
    path = tmp_path / "comparison.html"
    succeed("dien-registry", "compare", models["short"], models["long"], "--data", few, "--html", path)
    content = path.read_text()
    page = Page(content)
    assert page.open == []
    # Nothing is fetched: no reference but to places in the page itself, no import, no font.
    assert all(reference.startswith("#") for reference in page.references), page.references
    assert not {"script", "link", "iframe", "object", "embed", "img"} & set(page.tags)
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/)", content)
    assert page.tags.count("svg") >= 5 and "prefers-color-scheme" in content and 'name="viewport"' in content
    text = " ".join(page.text)
    for word in ("short", "long", "beauty", "calibration", "ROC", "latency", "lift"):
        assert word.lower() in text.lower(), word
    assert str(few.parent) not in content, "folders of this machine stay out of pages that travel"


@pytest.mark.parametrize("arguments", [("--auc-margin", -1), ("--confidence", 1), ("--split", "all"), ("--disagreements", 101)])
def test_a_question_that_makes_no_sense_is_refused(models, few, arguments):
    result = compare(models, few, *arguments)
    assert result.returncode == USAGE and len(result.stderr.splitlines()) == 1


def test_a_folder_that_is_no_data_set_is_refused(models, tmp_path):
    (tmp_path / "dataset.json").write_text("{}")
    result = compare(models, tmp_path)
    assert result.returncode == INPUT_OUTPUT and "samples.safetensors" in result.stderr
    assert len(result.stderr.splitlines()) == 1 and result.stdout == ""
