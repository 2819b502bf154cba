"""Users who ask replicas in turn and whose clicks are reported back: what experiments are judged by."""

import threading
import time
from contextlib import ExitStack, contextmanager

import grpc

from calls import rank_request, real_requests
from processes import serving
from stubs import feedback, feedback_grpc, ranking_grpc

REQUEST = real_requests("paper")[0]


@contextmanager
def replicas(registry, key, count, *flags):
    """Servers of one registry that take each other's feedback."""
    key.write_bytes(bytes(range(48)))
    key.chmod(0o600)
    with ExitStack() as stack:
        yield [stack.enter_context(serving(registry.path, "--feedback-key", key, *flags)) for _ in range(count)]


class Traffic:
    """Calls the servers in turn from a thread, each call another user's, until it is stopped; `click` decides by user and
    served version. Answers are kept as (when it came, arm assigned, version, epoch), failures as (when, text)."""

    def __init__(self, servers, click=lambda user, version: user % 3 == 0, impressions=4, pause=0.0, request=REQUEST):
        self.servers, self.click, self.impressions, self.pause, self.request = servers, click, impressions, pause, request
        self.answers, self.failures = [], []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join(timeout=30)

    def run(self):
        with ExitStack() as stack:
            channels = [stack.enter_context(server.channel()) for server in self.servers]
            callers = [(ranking_grpc.RankingStub(channel), feedback_grpc.FeedbackStub(channel)) for channel in channels]
            user = 0
            while not self.stopping.is_set():
                self.call(user, *callers[user % len(callers)])
                user += 1
                time.sleep(self.pause)

    def call(self, user, rank, report):
        try:
            reply = rank.Rank(rank_request(self.request, routing_key=f"user-{user}"), timeout=10)
            by = reply.served_by
            self.answers.append((time.monotonic(), by.assigned_arm, by.version, by.registry_epoch))
            if by.assigned_arm:
                report.Report(feedback.ReportRequest(outcomes=[self.outcome(user, reply)]), timeout=10)
        except grpc.RpcError as error:
            self.failures.append((time.monotonic(), f"user-{user}: {error.code()}: {error.details()}"))

    def outcome(self, user, reply):
        items = [
            feedback.ItemOutcome(
                position=place, score=reply.scores[place], impression=True,
                click=place == 0 and self.click(user, reply.served_by.version))
            for place in range(min(self.impressions, len(reply.scores)))]
        return feedback.RequestOutcomes(feedback_token=reply.feedback_token, request_id=reply.request_id, items=items)

    def wait_for(self, count, seconds=60):
        """Until so many calls were answered."""
        deadline = time.monotonic() + seconds
        while len(self.answers) < count:
            assert time.monotonic() < deadline, (len(self.answers), self.failures[:3])
            time.sleep(0.02)
