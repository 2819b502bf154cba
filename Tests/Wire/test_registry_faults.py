"""A part of scripts/prove-registry-faults: dien-registry when the kernel refuses, interrupts or kills it."""

import os
import random
import shutil

import pytest

from registry_faults import COMMANDS, Scene, Storm, faults, full_disk, run_faults

SEED = int(os.environ.get("DIEN_SEED", random.randrange(1 << 32)))
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    return Scene(tmp_path_factory.mktemp("faults") / "scene")


@needs_strace
@pytest.mark.parametrize("command", COMMANDS)
def test_a_fault_at_a_call_leaves_the_registry_whole_and_the_command_repeatable(scene, command):
    every = faults(scene, command)
    assert len(every) > 40, "strace saw too little"
    chosen = random.Random(SEED).sample(every, 14)
    assert run_faults(scene, chosen) == [], f"DIEN_SEED={SEED}"


def test_eight_pushers_killed_at_random_fork_nothing_and_lose_nothing_reported(scene):
    storm = Storm(scene, kills=40, seed=SEED)
    assert storm.kills >= 40
    assert storm.verdict() is None, f"DIEN_SEED={SEED}"


def test_aliases_move_on_a_full_disk(scene):
    problem = full_disk(scene)
    if problem and problem.startswith("skipped"):
        pytest.skip(problem)
    assert problem is None
