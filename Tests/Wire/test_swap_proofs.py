"""The proofs of scripts/prove-* in their short forms; the tails of a shared machine are told, not judged."""

import hot_swap_proof
import large_swap_proof
import promote_latency_proof


def test_300_swaps_under_load_fail_no_call_mix_no_scores_and_leave_nothing_behind(capsys):
    status = hot_swap_proof.main(["--swaps", "300", "--commands", "--block", "100", "--steady", "0.5", "--callers", "1", "--no-tail"])
    assert status == 0, capsys.readouterr().out


def test_a_promote_is_served_within_100_ms_of_its_commit(capsys):
    status = promote_latency_proof.main(["--promotes", "10", "--median"])
    assert status == 0, capsys.readouterr().out


def test_a_large_version_is_swapped_in_and_back_at_no_memory_of_its_own(capsys):
    status = large_swap_proof.main(["--gib", "0.2", "--steady", "0.5", "--rollbacks", "3", "--no-tail"])
    assert status == 0, capsys.readouterr().out
