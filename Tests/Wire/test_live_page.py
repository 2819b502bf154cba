"""The live page in a real browser, and the same figures as JSON: what it shows is what was done."""

import json
import re
import threading
import time
from contextlib import contextmanager

import pytest

from admin_port import AdminPort
from broken_versions import add_broken
from browser import PHONE, chromium, opened
from calls import rank, rank_request, real_requests, refusal
from processes import serving
from registry_tool import succeed
from stubs import feedback, feedback_grpc

REQUESTS = real_requests("paper")[:20]


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@contextmanager
def live(registry, *flags):
    """A server on a registry with its admin port and the page's address."""
    with serving(registry.path, *flags) as server, server.channel() as channel:
        admin = AdminPort(server)
        yield server, channel, admin, f"http://{admin.host}:{admin.port}"


def status(admin):
    code, kind, text = admin.get("/status.json")
    assert code == 200 and kind == "application/json"
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@contextmanager
def traffic(channel, pause=0.02, **fields):
    """Requests of many users, one after the other, until the block ends."""
    stop = threading.Event()

    def call():
        number = 0
        while not stop.wait(pause):
            request = REQUESTS[number % len(REQUESTS)]
            rank(channel, rank_request(request, routing_key=f"user-{number}", **fields))
            number += 1

    thread = threading.Thread(target=call)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


# ---------------------------------------------------------------- what it shows


def test_a_promote_and_a_refused_version_show_without_reloading(registry, browser):
    with live(registry) as (_, channel, admin, url), opened(browser, url + "/") as seen:
        assert "version 1 answers" in seen.text("#news") and "Ready." in seen.text("#news")
        seen.page.evaluate("window.mark = 'same document'")
        seen.page.focus("#controls a")
        seen.page.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
        with traffic(channel):
            begin = time.monotonic()
            succeed(registry, "promote", "sports", "2")
            seen.wait_for_text("#news", "version 2 answers", seconds=3)
            assert time.monotonic() - begin < 3
            broken, reason = add_broken(registry, "sports", 1, "NaN")
            registry.point("sports", broken)
            seen.wait_for_text("#news", f"version 2 answers in the place of {broken}")
            seen.wait_for_text("#model0", "refused")
            assert reason in seen.text("#model0")
            seen.page.wait_for_selector("#requests0-title", state="attached")
            seen.wait_for_text("#events", "checking files → refused")
        # The document is the one that was opened; focus and selection stay where they were.
        assert seen.page.evaluate("window.mark") == "same document"
        assert seen.page.evaluate("document.activeElement.textContent") == "Refresh"
        assert seen.page.evaluate("getSelection().toString()") == "dien-server"
        epoch = status(admin)["server"]["epoch"]
        assert seen.page.title() == f"dien-server: ready, epoch {epoch}"
        assert seen.errors == [] and seen.foreign(url) == []


def test_rates_and_times_are_those_of_the_calls_made(registry, browser):
    with live(registry) as (_, channel, admin, url), opened(browser, url + "/") as seen:
        with traffic(channel, pause=0.01):
            time.sleep(4)
            version = next(v for v in status(admin)["models"][0]["versions"] if v["number"] == 1)
            counted = admin.value("dien_rank_calls_total", model="sports", version="1", code="OK")
            seen.page.wait_for_selector("#total0-title", state="attached")
        assert 0 < version["requests"] <= counted
        assert version["failed"] == version["refused"] == 0
        assert version["rates"]["requests"] == pytest.approx(version["requests"] / 4, rel=0.7)
        stages = {stage["name"]: stage for stage in version["stages"]}
        assert list(stages) == ["wait", "scoring", "total"]
        for stage in stages.values():
            assert 0 < sum(stage["buckets"]) <= version["requests"]
            assert len(stage["buckets"]) == len(stage["bounds"]) + 1
        assert stages["scoring"]["p99"] <= stages["total"]["p99"]
        wait, scoring, total = (admin.value(f"dien_{name}_seconds_sum", model="sports", version="1")
                                for name in ("wait", "scoring", "rank"))
        assert total == pytest.approx(wait + scoring, rel=1e-6)
        assert "requests/s" in seen.text("#model0") and "≤" in seen.text("#model0")
        assert seen.errors == []


def test_refusals_are_told_from_failures(registry):
    with live(registry) as (_, channel, admin, _):
        wrong = rank_request(REQUESTS[0], version=1)
        wrong.candidates[0].name = "brand"
        refusal(rank, channel, wrong)
        refusal(rank, channel, rank_request(REQUESTS[0], model="nothing"))
        admin.wait_for(lambda: status(admin)["server"]["unrouted"] == 1)
        version = next(v for v in status(admin)["models"][0]["versions"] if v["number"] == 1)
        assert (version["requests"], version["refused"], version["failed"]) == (1, 1, 0)


def test_a_split_shows_its_arms_and_who_served_them(registry, browser):
    succeed(registry, "split", "start", "sports", "--candidate", "2", "--coverage", "100")
    with live(registry) as (_, channel, admin, url), opened(browser, url + "/") as seen:
        replies = [rank(channel, rank_request(REQUESTS[0], routing_key=f"user-{n}")) for n in range(60)]
        rank(channel, rank_request(REQUESTS[0]))
        experiment = replies[0].served_by.experiment
        assigned = sum(reply.served_by.assigned_arm == "candidate" for reply in replies)
        seen.wait_for_text("#model0", f"{assigned}")
        seen.wait_for_text("#model0 .experiment", "1 without a routing key")
        told = status(admin)["models"][0]["experiment"]
        assert (told["name"], told["coverage"], told["enrolled"], told["unassigned"]) == (experiment, 10_000, 60, 1)
        arms = {arm["name"]: arm for arm in told["arms"]}
        assert arms["candidate"]["served_by_arm"] == assigned and arms["control"]["served_by_arm"] == 60 - assigned
        assert arms["candidate"]["share"] == pytest.approx(0.5)
        row = seen.page.locator("#model0 .experiment tr", has_text="candidate").first.inner_text()
        assert "50.00 %" in row and str(assigned) in row
        assert seen.errors == []


def test_outcomes_and_the_verdict_are_of_what_was_reported(registry, browser):
    succeed(registry, "split", "start", "sports", "--candidate", "2", "--coverage", "100")
    with live(registry, "--attribution-window", 2) as (_, channel, admin, url), opened(browser, url + "/") as seen:
        clicks, impressions = {"candidate": 0, "control": 0}, {"candidate": 0, "control": 0}
        for number in range(120):
            reply = rank(channel, rank_request(REQUESTS[number % len(REQUESTS)], routing_key=f"user-{number}"))
            arm, click = reply.served_by.assigned_arm, number % 3 == 0
            report = feedback.RequestOutcomes(
                feedback_token=reply.feedback_token, request_id=reply.request_id,
                items=[feedback.ItemOutcome(position=0, score=reply.scores[0], impression=True, click=click)])
            feedback_grpc.FeedbackStub(channel).Report(feedback.ReportRequest(outcomes=[report]), timeout=20)
            impressions[arm] += 1
            clicks[arm] += click
        assert min(clicks.values()) > 0

        def arms():
            return {arm["name"]: arm["outcomes"] for arm in status(admin)["models"][0]["experiment"]["arms"]}

        admin.wait_for(lambda: all(arms()[name]["impressions"] == count for name, count in impressions.items()))
        for name, outcomes in arms().items():
            assert outcomes["clicks"] == clicks[name] and outcomes["open_impressions"] == 0
            assert outcomes["units"] == impressions[name] and outcomes["errors"] == 0
            assert outcomes["click_through_rate"] == pytest.approx(clicks[name] / impressions[name])
            assert outcomes["predicted_over_observed"] > 0
        told = status(admin)
        assert told["server"]["feedback"]["accepted"] == sum(impressions.values()) + sum(clicks.values())
        judgement, = told["models"][0]["experiment"]["judgements"]
        checks = {check["name"]: check for check in judgement["checks"]}
        assert (judgement["arm"], judgement["decision"]) == ("candidate", "INSUFFICIENT")
        assert checks["click-through rate"]["value"] == pytest.approx(
            clicks["candidate"] / impressions["candidate"] / (clicks["control"] / impressions["control"]) - 1)
        seen.wait_for_text("#news", "candidate INSUFFICIENT")
        experiment = seen.text("#model0 .experiment")
        assert "Waits for data" in experiment and str(impressions["control"]) in experiment
        # The judge looks again and again; two looks make a line.
        seen.page.wait_for_selector("#model0 [id^=lift]", state="attached", timeout=20_000)
        assert seen.errors == []


def test_names_and_reasons_from_elsewhere_are_text_and_never_markup(registry, browser):
    salt = "</h3><b id='in'>x</b>"
    succeed(registry, "split", "start", "sports", "--candidate", "2", "--coverage", "50", "--salt", salt)
    contents = registry.files("sports", 1)
    key = "<img id='in' src='x:' onerror='alert(1)'><script id='in'>alert(2)</script>&amp;"
    config = json.dumps(json.loads(contents["config.json"]) | {key: 1}).encode()
    registry.point("sports", registry.add_version("sports", contents | {"config.json": config}))
    with live(registry) as (_, _, admin, url), opened(browser, url + "/") as seen:
        assert salt in seen.text("#model0") and key in seen.text("#model0")
        time.sleep(1.5)
        assert salt in seen.text("#model0") and key in seen.text("#model0")
        assert seen.page.locator("#in, main img, main script").count() == 0
        assert seen.errors == []
        assert key in json.dumps(status(admin)["models"])


# ---------------------------------------------------------------- how it looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_and_has_contrast_in_both_schemes(registry, browser, scheme):
    succeed(registry, "split", "start", "sports", "--candidate", "2", "--coverage", "100")
    with live(registry) as (_, channel, _, url):
        with traffic(channel, pause=0.005), opened(browser, url + "/", viewport=PHONE, color_scheme=scheme) as seen:
            seen.page.wait_for_selector("#requests0-title", state="attached")
            assert seen.overflow == 0
            seen.page.set_viewport_size({"width": 320, "height": 640})
            assert seen.overflow == 0
            faint = seen.page.evaluate(CONTRAST)
            assert faint == [], faint
            assert seen.errors == []


CONTRAST = """() => {
  const channel = value => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4; };
  const light = color => { const [r, g, b] = color.match(/[0-9.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
  const ground = element => { for (; element; element = element.parentElement) { const c = getComputedStyle(element).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.getClientRects().length || ['SCRIPT', 'STYLE', 'title', 'desc'].includes(element.nodeName)) continue;
    const style = getComputedStyle(element), text = light(element.ownerSVGElement ? style.fill : style.color), back = light(ground(element));
    const ratio = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    if (ratio < 4.5) found.push([node.data.trim(), ratio]);
  }
  return found;
}"""


def test_it_is_whole_without_a_script(registry, browser):
    with live(registry) as (_, channel, _, url), opened(browser, url + "/", java_script_enabled=False) as seen:
        assert "version 1 answers" in seen.text("#news")
        assert seen.page.locator("#pause").is_hidden()
        succeed(registry, "promote", "sports", "2")
        deadline = time.monotonic() + 5
        while "version 2 answers" not in seen.text("#news"):
            assert time.monotonic() < deadline
            seen.page.click("text=Refresh")
        assert seen.errors == []


def test_it_can_be_paused_and_says_when_the_server_is_gone(registry, browser):
    with opened(browser, "about:blank") as seen:
        with live(registry) as (_, _, _, url):
            seen.page.goto(url + "/")
            seen.page.click("#pause")
            assert seen.text("#pause") == "Go on"
            succeed(registry, "promote", "sports", "2")
            time.sleep(2)
            assert "version 1 answers" in seen.text("#news")
            seen.page.click("#pause")
            seen.wait_for_text("#news", "version 2 answers")
            assert seen.text("#pause") == "Pause"
        seen.wait_for_text("#lost", "does not answer", seconds=10)


# ---------------------------------------------------------------- what it may do


def test_the_policy_lets_nothing_else_run(registry, browser):
    with live(registry) as (_, _, admin, url), opened(browser, url + "/") as seen:
        seen.page.wait_for_selector("#pause:not([hidden])")
        seen.page.evaluate("""() => {
            const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script);
            const image = document.createElement('img'); image.setAttribute('onerror', 'window.ran = true'); image.src = 'data:,'; document.body.append(image);
            const style = document.createElement('style'); style.textContent = 'h1{display:none}'; document.body.append(style);
        }""")
        outside = seen.page.evaluate("fetch('http://127.0.0.2:9/').then(() => 'sent', error => 'refused')")
        time.sleep(0.3)
        assert seen.page.evaluate("window.ran") is None and seen.page.is_visible("h1") and outside == "refused"
        assert len([error for error in seen.errors if "Content Security Policy" in error]) >= 4, seen.errors
        assert "style=" not in re.sub("<style>.*?</style>|<script>.*?</script>", "", admin.get("/")[2], flags=re.S)


def test_many_viewers_cost_one_page_a_second(registry):
    with live(registry) as (_, _, admin, _):
        time.sleep(1.2)
        pages = [admin.get("/")[2] for _ in range(50)]
        clocks = {re.search("as of [0-9:]+", page)[0] for page in pages}
        assert len(set(pages)) <= len(clocks) + 1
        assert max(len(page.encode()) for page in pages) < 64 << 10
