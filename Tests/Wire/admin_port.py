"""The admin port as a scraper and a probe see it; metrics are read by Prometheus's own parser."""

import http.client
import json
import re
import time

from prometheus_client.parser import text_string_to_metric_families


class AdminPort:
    """The admin port of a running server, found by its log."""

    def __init__(self, server):
        assert server.wait_for_log("admin port listens"), server.log()
        self.host, _, port = re.search(r"address=(\S+) .*admin port listens", server.log())[1].rpartition(":")
        self.port = int(port)

    def get(self, path, method="GET", body=None):
        """(status, content type, text)"""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            connection.request(method, path, body=body)
            reply = connection.getresponse()
            return reply.status, reply.getheader("content-type"), reply.read().decode()
        finally:
            connection.close()

    def metrics(self):
        """(sample name, labels) → value, of the whole page."""
        status, kind, text = self.get("/metrics")
        assert status == 200 and kind == "text/plain; version=0.0.4; charset=utf-8"
        samples = {}
        for family in text_string_to_metric_families(text):
            assert family.type != "unknown" and family.documentation, family.name
            for sample in family.samples:
                key = sample.name, frozenset(sample.labels.items())
                assert key not in samples, f"{key} twice"
                samples[key] = sample.value
        return samples

    def value(self, name, **labels):
        return self.metrics().get((name, frozenset(labels.items())))

    def state(self, model, version):
        states = [dict(labels)["state"] for (name, labels), value in self.metrics().items()
                  if name == "dien_version_state" and value == 1
                  and {("model", model), ("version", str(version))} <= labels]
        assert len(states) <= 1, states
        return states[0] if states else None

    def events(self):
        status, kind, text = self.get("/events")
        assert status == 200 and kind == "application/x-ndjson"
        return [json.loads(line) for line in text.splitlines()]

    def wait_for(self, condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.events()
            time.sleep(0.02)
