"""User states over requests: prepared, reused and extended, counted, and never another answer."""

import json

import grpc
import numpy as np
import pytest

import golden_source
from admin_port import AdminPort
from calls import column, rank, rank_request, real_requests, refusal, stub
from processes import run, serving
from registry_tool import succeed
from stubs import ranking
from trained_folder import importer

REUSED, EXTENDED, COMPUTED = ranking.USER_STATE_REUSED, ranking.USER_STATE_EXTENDED, ranking.USER_STATE_COMPUTED


def requests_with_history(preset, count, least=6):
    return [request for request in real_requests(preset) if len(request["history"]) >= least][:count]


def prepare(channel, request, version=0):
    return stub(channel).Prepare(
        ranking.PrepareRequest(model=ranking.ModelSpec(name="sports", version=version), request_id="p-1",
                               history=[column("item", request["history"])]), timeout=20)


def lookups(admin, version):
    return {dict(labels)["result"]: value for (name, labels), value in admin.metrics().items()
            if name == "dien_user_state_lookups_total" and dict(labels)["version"] == str(version)}


def test_a_history_that_grows_is_reused_and_extended_with_the_bits_of_a_server_that_keeps_nothing(committed):
    with serving(committed.path) as keeping, serving(committed.path, "--user-states", 0) as forgetting, \
            keeping.channel() as channel, forgetting.channel() as fresh:
        for version, preset in ((1, "paper"), (2, "reference")):
            users = requests_with_history(preset, 20)
            for request in users:
                shown = []
                for length in (len(request["history"]) - 3, len(request["history"]) - 3, len(request["history"])):
                    message = rank_request(request | {"history": request["history"][:length]}, version=version)
                    reply, expected = rank(channel, message), rank(fresh, message)
                    assert list(reply.scores) == list(expected.scores)
                    assert expected.user_state == COMPUTED
                    shown.append(reply.user_state)
                assert shown == [COMPUTED, REUSED, EXTENDED]
            counts = lookups(AdminPort(keeping), version)
            assert counts == {"hit": len(users), "extended": len(users), "miss": len(users)}
            assert lookups(AdminPort(forgetting), version) == {}


def test_a_prepared_user_is_there_when_the_candidates_come(committed):
    request = requests_with_history("paper", 1)[0]
    with serving(committed.path) as server, server.channel() as channel:
        prepared = prepare(channel, request)
        assert prepared.user_state == COMPUTED and prepared.request_id == "p-1"
        assert prepared.history_length == len(request["history"]) and prepared.served_by.version == 1
        assert rank(channel, rank_request(request)).user_state == REUSED
        assert prepare(channel, request).user_state == REUSED
        # Another version's state is another one.
        assert rank(channel, rank_request(request, version=2)).user_state == COMPUTED
        longer = request | {"history": request["history"] + request["candidates"][:1]}
        assert prepare(channel, longer).user_state == EXTENDED
        assert rank(channel, rank_request(longer)).user_state == REUSED


def test_a_server_that_keeps_nothing_refuses_to_prepare_and_says_what_to_do(committed):
    with serving(committed.path, "--user-states", 0) as server, server.channel() as channel:
        code, message = refusal(prepare, channel, real_requests("paper")[0])
        assert code == grpc.StatusCode.FAILED_PRECONDITION and "--user-states" in message


def version_status(server, version):
    """One version as `dien-client status --json` has it."""
    document = json.loads(run("dien-client", "status", "--server", server.address, "--json").stdout)
    (found,) = [v for v in document["models"][0]["versions"] if v["version"] == version]
    return found


def test_a_user_is_prepared_from_the_command_line_and_status_counts_what_became_of_states(committed):
    request = requests_with_history("paper", 1)[0]

    def prepared(server, history):
        result = run("dien-client", "prepare", "--server", server.address, "--model", "sports", "--json",
                     "--history", ",".join(map(str, history)))
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)["user_state"]
    with serving(committed.path) as server, server.channel() as channel:
        assert version_status(server, 1)["user_states"]["misses"] == 0
        assert prepared(server, request["history"][:-1]) == "COMPUTED"
        assert prepared(server, request["history"]) == "EXTENDED"
        assert rank(channel, rank_request(request)).user_state == REUSED
        counts = version_status(server, 1)["user_states"]
        assert counts.pop("bytes") > 0
        assert counts == {"hits": 1, "extensions": 1, "misses": 1, "evictions": 0, "held": 1}
        assert "user states 1 found, 1 extended, 1 computed, 0 evicted; 1 held" in run(
            "dien-client", "status", "--server", server.address).stdout
    with serving(committed.path, "--user-states", 0) as server:
        assert "user_states" not in version_status(server, 1)
        result = run("dien-client", "prepare", "--server", server.address, "--model", "sports", "--history", "1")
        assert result.returncode == 1 and "FAILED_PRECONDITION" in result.stderr and "--user-states" in result.stderr


def test_candidates_that_are_kept_get_the_bits_of_a_server_that_keeps_none(committed):
    with serving(committed.path, "--candidate-parts", 1) as keeping, serving(committed.path) as forgetting, \
            keeping.channel() as channel, forgetting.channel() as fresh:
        for version, preset in ((1, "paper"), (2, "reference")):
            before = version_status(keeping, version)["candidate_parts"]  # golden requests were scored while loading
            requests = requests_with_history(preset, 20)
            for request in requests * 2:
                message = rank_request(request, version=version, top_attention=2)
                reply, expected = rank(channel, message), rank(fresh, message)
                assert list(reply.scores) == list(expected.scores)
                assert list(reply.attention) == list(expected.attention)
            counts = version_status(keeping, version)["candidate_parts"]
            scored = 2 * sum(len(request["candidates"]) for request in requests)
            assert counts["hits"] + counts["misses"] - before["hits"] - before["misses"] == scored
            assert counts["hits"] - before["hits"] >= scored / 2 - counts["evictions"] and 0 < counts["bytes"] <= 1_000_000
            metrics = {dict(labels)["result"]: value for (name, labels), value in AdminPort(keeping).metrics().items()
                       if name == "dien_candidate_part_lookups_total" and dict(labels)["version"] == str(version)}
            assert metrics == {"hit": counts["hits"], "miss": counts["misses"]}
        assert "candidate_parts" not in version_status(forgetting, 1)


def test_prepare_names_the_field_that_is_wrong(channel):
    for history, field in (([column("brand", [1])], "history.brand"), ([column("item", ["a"])], "history.item")):
        message = ranking.PrepareRequest(model=ranking.ModelSpec(name="sports"), history=history)
        code, text = refusal(stub(channel).Prepare, message, timeout=20)
        assert code == grpc.StatusCode.INVALID_ARGUMENT and field in text
    too_long = ranking.PrepareRequest(model=ranking.ModelSpec(name="sports"), history=[column("item", range(151))])
    assert refusal(stub(channel).Prepare, too_long, timeout=20)[0] == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_attention_on_request_lists_the_largest_weights_and_changes_no_score(channel):
    for version, preset in ((1, "paper"), (2, "reference")):
        for request in requests_with_history(preset, 5):
            asked = rank(channel, rank_request(request, version=version, top_attention=4))
            assert list(asked.scores) == list(rank(channel, rank_request(request, version=version)).scores)
            assert len(asked.attention) == len(request["candidates"])
            for shown in asked.attention:
                weights = np.array(shown.weights)
                assert len(shown.positions) == len(weights) == 4 and len(set(shown.positions)) == 4
                assert (np.diff(weights) <= 0).all() and 0 < weights.sum() <= 1 + 1e-5
            everything = rank(channel, rank_request(request, version=version, top_attention=10_000))
            for shown, few in zip(everything.attention, asked.attention):
                assert sorted(shown.positions) == list(range(len(request["history"])))
                assert abs(sum(shown.weights) - 1) < 1e-5
                assert list(shown.positions[:4]) == list(few.positions)
        assert not rank(channel, rank_request(request, version=version)).attention


def test_positions_count_from_the_oldest_behaviour_sent(committed):
    request = requests_with_history("paper", 1)[0]
    history = (request["history"] * 100)[:140]
    with serving(committed.path) as server, server.channel() as channel:
        reply = rank(channel, rank_request(request | {"history": history}, top_attention=10_000))
        used = reply.history_length
        assert used < len(history)
        for shown in reply.attention:
            assert sorted(shown.positions) == list(range(len(history) - used, len(history)))


@pytest.mark.parametrize("architecture", ["base", "wide_deep", "pnn"])
def test_attention_of_an_architecture_without_it_is_refused_by_the_fields_name(registry, tmp_path, architecture):
    golden_source.write(tmp_path / "trained", f"{architecture}.reference")
    importer.import_model(tmp_path / "trained", tmp_path / "model")
    succeed(registry, "push", "plain", tmp_path / "model")
    succeed(registry, "promote", "plain", "1")
    request = {"user": 1, "history": [1, 2, 3], "candidates": [4, 5]}
    with serving(registry.path) as server, server.channel() as channel:
        assert len(rank(channel, rank_request(request, model="plain")).scores) == 2
        code, message = refusal(rank, channel, rank_request(request, model="plain", top_attention=1))
        assert code == grpc.StatusCode.INVALID_ARGUMENT
        assert "top_attention" in message and architecture in message
