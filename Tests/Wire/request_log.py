"""docs/REQUEST_LOG.md in Python: reads what dien-server --request-log wrote, sharing no code with it."""

import hashlib
import struct
import zlib
from pathlib import Path

from stubs import ranking


class Record:
    """Kind 1: a request with its answer."""

    def __init__(self, payload):
        self.at = 0
        self.payload = payload
        self.time, self.epoch, self.version, self.total, self.scoring = self.take("<QQQII")
        (self.model, self.digest, self.arm, self.assigned_arm, self.experiment, self.request_id) = (
            self.text() for _ in range(6))
        self.request = ranking.RankRequest.FromString(self.raw(self.take("<I")[0]))
        count, = self.take("<I")
        self.scores = self.take(f"<{count}f")

    def take(self, form):
        size = struct.calcsize(form)
        return struct.unpack(form, self.raw(size))

    def raw(self, size):
        assert self.at + size <= len(self.payload)
        self.at += size
        return self.payload[self.at - size:self.at]

    def text(self):
        return self.raw(self.take("<H")[0]).decode("utf-8")


def records(path):
    """The records of one file; it has to be whole."""
    data = Path(path).read_bytes()
    magic, version, length, share, time, writer = struct.unpack("<8sHHIQQ", data[:32])
    assert magic == b"DIENLOG\n" and version == 1 and length == 40 and share <= 1_000_000
    assert f"{time:016d}-" == Path(path).name[:17]
    assert struct.unpack("<I", data[36:40])[0] == zlib.crc32(data[:36])
    at = length
    while at < len(data):
        size, total, head = struct.unpack("<III", data[at:at + 12])
        assert head == zlib.crc32(data[at:at + 8])
        content = data[at + 12:at + 12 + size]
        assert len(content) == size and total == zlib.crc32(content)
        kind, reserved = struct.unpack("<HH", content[:4])
        assert reserved == 0
        if kind == 1:
            yield Record(content[4:])
        at += 12 + size


def files(folder):
    return sorted(Path(folder).glob("*.dienlog"))


def read(folder):
    return [record for path in files(folder) for record in records(path)]


def is_sampled(request_id, share):
    """Whether a log of this share keeps the request."""
    return int.from_bytes(hashlib.sha256(request_id.encode()).digest()[:8], "big") < int(share * 2 ** 64)
