"""The paper's story on a small cut of real clicks: scripts/prove-canary-story in its short form."""

import pytest

import canary_story_proof


@pytest.mark.timeout(300)
def test_dien_passes_beside_din_by_the_clicks_of_real_users_and_its_shuffled_copy_is_thrown_out(capsys):
    status = canary_story_proof.main([])
    out = capsys.readouterr().out
    print(out)
    assert status == 0, out
