"""Real users' requests get the probabilities that training gave, over the wire."""

import numpy as np
import pytest

from calls import (TOLERANCE, column, largest_difference, rank, rank_all, rank_request, real_requests, role_request)
from processes import serving
from registry_folder import copy_registry
from string_model import golden, write_string_model

VERSIONS = {"paper": 1, "reference": 2}


@pytest.fixture(params=["paper", "reference"])
def preset(request):
    return request.param


@pytest.fixture
def version(preset):
    return VERSIONS[preset]


def bits(scores):
    return np.array(scores, np.float32).tobytes()


def category_of(twin):
    ids, categories = twin.vocabulary["item.ids"].tolist(), twin.vocabulary["item.category"].tolist()
    return dict(zip(ids, categories))


def test_all_300_real_requests_agree_with_training(channel, preset, version):
    requests = real_requests(preset)
    replies = rank_all(channel, [rank_request(request, version=version) for request in requests])
    assert len(replies) == 300
    worst = max(largest_difference(reply.scores, request["probabilities"]) for reply, request in zip(replies, requests))
    assert worst <= TOLERANCE


def test_scores_agree_with_the_equations_in_float64(channel, preset, version, twins):
    for request in real_requests(preset)[:40]:
        reply = rank(channel, rank_request(request, version=version))
        expected = twins[version].probabilities({
            "profile": {"user": [request["user"]]}, "history": {"item": request["history"]},
            "candidates": {"item": request["candidates"]}})
        assert largest_difference(reply.scores, expected) <= TOLERANCE


@pytest.mark.parametrize("kernels", ["scalar", "avx2", "avx512"])
def test_every_kernel_gives_the_same_probabilities(committed, kernels):
    flags = open("/proc/cpuinfo").read().split()
    if kernels == "avx2" and "avx2" not in flags or kernels == "avx512" and "avx512f" not in flags:
        pytest.skip(f"this processor has no {kernels}")
    with serving(committed.path, "--kernels", kernels) as server, server.channel() as channel:
        for preset, version in VERSIONS.items():
            requests = real_requests(preset)[:40]
            replies = rank_all(channel, [rank_request(request, version=version) for request in requests])
            for reply, request in zip(replies, requests):
                assert largest_difference(reply.scores, request["probabilities"]) <= TOLERANCE


def test_categories_given_or_looked_up_score_the_same(channel, preset, version, twins):
    known = category_of(twins[version])
    for request in real_requests(preset)[:20]:
        categories = {role: column("category", [known[item] for item in request[role]])
                      for role in ("history", "candidates")}
        items = {role: column("item", request[role]) for role in ("history", "candidates")}
        looked_up = rank(channel, rank_request(request, version=version))
        for given in (("history",), ("candidates",), ("history", "candidates")):
            fields = {role: [items[role], categories[role]] for role in given}
            assert bits(rank(channel, rank_request(request, version=version, **fields)).scores) == bits(looked_up.scores)


def test_columns_may_come_in_any_order(channel, twins):
    request = real_requests("paper")[0]
    known = category_of(twins[1])
    swapped = [column("category", [known[item] for item in request["candidates"]]), column("item", request["candidates"])]
    assert bits(rank(channel, rank_request(request, candidates=swapped)).scores) == bits(
        rank(channel, rank_request(request)).scores)


def test_a_candidates_score_does_not_depend_on_its_neighbours(channel, preset, version):
    for request in real_requests(preset)[:10]:
        together = rank(channel, rank_request(request, version=version)).scores
        for count in (1, 2, 3, 7, 16, 19):
            part = rank(channel, rank_request(request | {"candidates": request["candidates"][:count]}, version=version))
            assert bits(part.scores) == bits(together[:count])
        backwards = rank(channel, rank_request(request | {"candidates": request["candidates"][::-1]}, version=version))
        assert bits(backwards.scores[::-1]) == bits(together)


def test_top_k_lists_the_best_positions_first_with_ties_in_order(channel):
    request = real_requests("paper")[3]
    doubled = request | {"candidates": request["candidates"] * 2}
    for request, k in ((request, 1), (request, 5), (request, 20), (request, 1000), (doubled, 40), (request, 0)):
        reply = rank(channel, rank_request(request, top_k=k))
        order = sorted(range(len(reply.scores)), key=lambda position: (-reply.scores[position], position))
        assert list(reply.top) == order[:k]
        assert len(reply.scores) == len(request["candidates"])


def test_the_reply_names_who_answered(channel, committed, preset, version):
    epoch = committed.state()["epoch"]
    reply = rank(channel, rank_request(real_requests(preset)[0], version=version))
    assert reply.served_by.model == "sports"
    assert reply.served_by.version == version
    assert reply.served_by.digest == committed.manifest_digest("sports", version)
    assert reply.served_by.registry_epoch == epoch
    assert reply.history_length == 5
    assert reply.total_microseconds >= reply.scoring_microseconds > 0


def test_the_champion_answers_unless_something_else_is_asked_for(channel):
    request = real_requests("paper")[0]
    served = {
        selection: rank(channel, rank_request(request, **dict(selection))).served_by
        for selection in ((), (("alias", "champion"),), (("alias", "challenger"),), (("version", 1),), (("version", 2),))
    }
    assert [by.version for by in served.values()] == [1, 1, 2, 1, 2]
    assert served[()].arm == "champion"


def test_the_only_model_needs_no_name(channel):
    request = real_requests("paper")[0]
    assert rank(channel, rank_request(request, model="")).served_by.model == "sports"


def test_the_request_id_is_echoed(channel):
    for name in ("r", "2f6e-äöü-日本", "x" * 128):
        assert rank(channel, rank_request(real_requests("paper")[0], request_id=name)).request_id == name


def test_a_request_without_an_id_gets_one_of_its_own(channel):
    replies = rank_all(channel, [rank_request(real_requests("paper")[0])] * 50)
    assert len({reply.request_id for reply in replies} - {""}) == 50


def test_a_routing_key_is_accepted_and_changes_no_score(channel):
    request = real_requests("paper")[0]
    plain = rank(channel, rank_request(request))
    for key in ("user-7", "ü", "k" * 200):
        reply = rank(channel, rank_request(request, routing_key=key))
        assert bits(reply.scores) == bits(plain.scores)
        assert reply.served_by.version == 1


def test_unknown_ids_are_counted_by_role_and_feature_and_still_scored(channel, twins):
    unknown = 2**63 + 5
    request = {"user": unknown, "history": [unknown, 149, unknown], "candidates": [153, unknown]}
    reply = rank(channel, rank_request(request))
    counts = {(entry.role, entry.feature): entry.count for entry in reply.unknown_ids}
    assert counts[("profile", "user")] == 1
    assert counts[("history", "item")] == 2
    assert counts[("candidates", "item")] == 1
    expected = twins[1].probabilities({"profile": {"user": [unknown]}, "history": {"item": request["history"]},
                                       "candidates": {"item": request["candidates"]}})
    assert largest_difference(reply.scores, expected) <= TOLERANCE


def test_a_request_of_known_ids_counts_none(channel, twins):
    user = int(twins[1].vocabulary["user.ids"][0])
    assert list(rank(channel, rank_request(real_requests("paper")[0] | {"user": user})).unknown_ids) == []


def test_of_a_long_history_the_newest_behaviours_count(channel, preset, version, twins):
    limit = twins[version].configuration["max_history"]
    request = real_requests(preset)[0]
    newest = [1 + n % 500 for n in range(limit)]
    long = rank(channel, rank_request(request | {"history": [9000 + n for n in range(40)] + newest}, version=version))
    cut = rank(channel, rank_request(request | {"history": newest}, version=version))
    assert long.history_length == cut.history_length == limit == 100
    assert bits(long.scores) == bits(cut.scores)
    expected = twins[version].probabilities({"profile": {"user": [request["user"]]}, "history": {"item": newest},
                                             "candidates": {"item": request["candidates"]}})
    assert largest_difference(cut.scores, expected) <= TOLERANCE


def test_an_empty_history_is_a_right_answer(channel, preset, version, twins):
    request = real_requests(preset)[0] | {"history": []}
    expected = twins[version].probabilities({"profile": {"user": [request["user"]]}, "history": {},
                                             "candidates": {"item": request["candidates"]}})
    for history in ([], [column("item", [])], [column("item", []), column("category", [])]):
        reply = rank(channel, rank_request(request, version=version, history=history))
        assert reply.history_length == 0
        assert largest_difference(reply.scores, expected) <= TOLERANCE


def test_large_requests_agree_with_the_equations(channel, preset, version, twins):
    generator = np.random.default_rng(11)
    for length, count in ((100, 100), (1, 500), (99, 33)):
        request = {"user": 7, "history": generator.integers(1, 18000, length).tolist(),
                   "candidates": generator.integers(1, 18000, count).tolist()}
        expected = twins[version].probabilities({"profile": {"user": [7]}, "history": {"item": request["history"]},
                                                 "candidates": {"item": request["candidates"]}})
        reply = rank(channel, rank_request(request, version=version))
        assert largest_difference(reply.scores, expected) <= TOLERANCE


def test_a_model_with_string_identifiers_and_context_is_served(committed, tmp_path, preset):
    registry = copy_registry(committed.path, tmp_path / "registry")
    folder = write_string_model(tmp_path / "strings", preset)
    version = registry.add_version("strings", {path.name: path.read_bytes() for path in folder.iterdir()})
    registry.point("strings", version)
    with serving(registry.path) as server, server.channel() as channel:
        for request in golden(folder):
            reply = rank(channel, role_request(request, "strings"))
            assert largest_difference(reply.scores, request["probabilities"]) <= TOLERANCE
        reply = rank(channel, role_request(golden(folder)[0], "strings"))
        assert [(u.role, u.feature, u.count) for u in reply.unknown_ids if u.feature == "item"] == [
            ("candidates", "item", 2)]
