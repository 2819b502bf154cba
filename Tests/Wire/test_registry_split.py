"""dien-registry split and shadow: what they commit, what they refuse, and the shares that the reference code finds in it."""

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

from registry_tool import succeed, tool
from scripts_under_test import ROOT

OK, USAGE, PRECONDITION = 0, 2, 3


def reference_code():
    """scripts/generate-assignment-vectors as a module: the algorithms written a second time."""
    loader = SourceFileLoader("assignment", str(ROOT / "scripts/generate-assignment-vectors"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def model(registry):
    return registry.state()["models"]["sports"]


def refuse(registry, status, *command):
    done = tool(registry, *command)
    assert done.returncode == status, done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_a_split_from_start_to_stop(registry):
    started = succeed(registry, "split", "start", "sports", "--candidate", "challenger", "--coverage", 2, "--expect-epoch", 3)
    assert started["epoch"] == 4 and started["committed"]
    assert started["shares"] == {"candidate": 0.01, "control": 0.01}
    assert model(registry)["split"] == started["split"] == {
        "algorithm": "sha256", "control": "control", "coverage": 200, "salt": "sports.4", "unit": "user_id",
        "arms": [{"alias": "challenger", "name": "candidate", "weight": 1}, {"alias": "champion", "name": "control", "weight": 1}]}
    assert "--replace" in refuse(registry, PRECONDITION, "split", "start", "sports", "--candidate", 2)
    assert succeed(registry, "split", "ramp", "sports", 12.5)["split"]["coverage"] == 1250
    assert "--down" in refuse(registry, PRECONDITION, "split", "ramp", "sports", 5)
    refuse(registry, PRECONDITION, "split", "ramp", "sports", 50, "--expect-epoch", 4)
    assert succeed(registry, "split", "hold", "sports")["split"]["held"] is True
    assert "--resume" in refuse(registry, PRECONDITION, "split", "ramp", "sports", 50)
    assert "held" not in succeed(registry, "split", "ramp", "sports", 50, "--resume")["split"]
    assert succeed(registry, "split", "allow", "sports", "user-1", "--arm", "candidate")["split"]["arms"][0]["allow"] == ["user-1"]
    assert succeed(registry, "list")["models"][0]["split"] == model(registry)["split"]
    assert succeed(registry, "split", "show", "sports", "--epoch", 4)["split"] == started["split"]
    stopped = succeed(registry, "split", "stop", "sports")
    assert "split" not in stopped and "split" not in model(registry)
    assert model(registry)["retiredSalts"] == ["sports.4"]
    assert succeed(registry, "split", "stop", "sports")["committed"] is False
    again = ("split", "start", "sports", "--candidate", 2, "--salt", "sports.4")
    assert "--salt-again" in refuse(registry, PRECONDITION, *again)
    assert succeed(registry, *again, "--salt-again")["committed"]
    assert succeed(registry, "fsck")["findings"] == []


def test_a_shadow_on_and_off(registry):
    assert succeed(registry, "shadow", "sports", 2, 5)["shadow"] == {"rate": 500, "version": 2} == model(registry)["shadow"]
    assert succeed(registry, "shadow", "sports", 2, 5)["committed"] is False
    assert "shadow" not in succeed(registry, "shadow", "sports", "off")
    assert "shadow" not in model(registry)
    for mistake in ((2,), ("off", 5), (2, 0), (9, 5), ("nobody", 5), (2, 101)):
        refuse(registry, USAGE, "shadow", "sports", *mistake)


def test_mistakes_commit_nothing(registry):
    for mistake in (
            (), ("--candidate", 9), ("--candidate", "nobody"), ("--candidate", 2, "--arm", "a=1"), ("--arm", "a=2:0"),
            ("--candidate", 2, "--coverage", "x"), ("--candidate", 2, "--coverage", 100.01),
            ("--candidate", 2, "--algorithm", "md5"), ("--candidate", 2, "--layer", "home"),
            ("--candidate", 2, "--layer", "home", "--segments", "5:5"), ("--candidate", 2, "--allow", "u=nobody"),
            ("--candidate", 2, "--salt", ""), ("--candidate", 2, "--unit", "two\nlines")):
        refuse(registry, USAGE, "split", "start", "sports", *mistake)
    refuse(registry, USAGE, "split", "start", "nobody", "--candidate", 1)
    refuse(registry, PRECONDITION, "split", "ramp", "sports", 5)
    assert registry.state()["epoch"] == 3


def test_the_reference_code_finds_the_shares_in_the_state(registry):
    assignment = reference_code()
    for algorithm, position in assignment.ALGORITHMS.items():
        told = succeed(
            registry, "split", "start", "sports", "--arm", "a=1:20", "--arm", "b=2:30", "--arm", "c=champion:50",
            "--coverage", 40, "--algorithm", algorithm, "--replace", "--salt", f"salt.{algorithm}")
        split = model(registry)["split"]
        total, start, counts = sum(arm["weight"] for arm in split["arms"]), 0.0, {}
        positions = [position(split["salt"].encode(), b"%d" % unit) for unit in range(20_000)]
        for arm in split["arms"]:
            share = arm["weight"] / total
            end = start + split["coverage"] / 10_000 * share
            counts[arm["name"]] = sum(start <= value < end for value in positions)
            start += share
        for name, share in told["shares"].items():
            bound = 4.5 * (20_000 * share * (1 - share)) ** 0.5
            assert abs(counts[name] - 20_000 * share) < bound, (algorithm, name, counts[name])
