"""HTTP/2 by frames, through the h2 package, for what no gRPC client would send or show."""

import socket
import struct
from dataclasses import dataclass, field as default

import h2.config
import h2.connection
import h2.events
import h2.exceptions
from h2.settings import SettingCodes

from calls import RANK


def framed(message, flag=0):
    """gRPC's prefix: a flag and the length."""
    return struct.pack(">BI", flag, len(message)) + message


@dataclass
class Response:
    """What came on one stream. `blocks` are the HEADERS frames, in order; `shape` is what came in which order."""

    blocks: list = default(default_factory=list)
    data: bytes = b""
    shape: list = default(default_factory=list)
    ended: bool = False
    reset: int | None = None

    @property
    def done(self):
        return self.ended or self.reset is not None

    def header(self, name, block=0):
        return dict(self.blocks[block]).get(name)

    @property
    def status(self):
        """The HTTP status."""
        return int(self.header(":status"))

    @property
    def grpc_status(self):
        """From the last block, where trailers and trailers-only replies have it."""
        value = self.header("grpc-status", -1)
        return None if value is None else int(value)

    @property
    def grpc_message(self):
        return self.header("grpc-message", -1)


class Connection:
    """One connection with prior knowledge; windows stay as they are unless `give_back` is set."""

    def __init__(self, server, settings=None, give_back=True):
        host, _, port = server.address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # h2 must not correct what the tests get wrong on purpose
        config = h2.config.H2Configuration(client_side=True, header_encoding="utf-8", validate_outbound_headers=False,
                                           normalize_outbound_headers=False)
        self.h2 = h2.connection.H2Connection(config)
        if settings:
            self.h2.update_settings(settings)
        self.give_back = give_back
        self.responses, self.goaways, self.pongs = {}, [], []
        self.acknowledged = self.closed = False
        self.remote_settings = {}
        self.authority = server.address
        self.h2.initiate_connection()
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def flush(self):
        self.socket.sendall(self.h2.data_to_send())

    def headers(self, path=RANK, method="POST", content_type="application/grpc", **others):
        pairs = [(":method", method), (":scheme", "http"), (":path", path), (":authority", self.authority),
                 ("te", "trailers")]
        if content_type is not None:
            pairs.append(("content-type", content_type))
        return pairs + [(name.replace("_", "-"), value) for name, value in others.items()]

    def open(self, headers=None, end=False):
        stream = self.h2.get_next_available_stream_id()
        self.responses[stream] = Response()
        self.h2.send_headers(stream, headers or self.headers(), end_stream=end)
        self.flush()
        return stream

    def send(self, stream, data, end=False, frame=16384):
        """In DATA frames of at most `frame` bytes, waiting for window where there is none."""
        while data:
            size = min(len(data), frame, self.h2.local_flow_control_window(stream))
            if size == 0:
                self.pump()
                continue
            chunk, data = data[:size], data[size:]
            self.h2.send_data(stream, chunk, end_stream=end and not data)
            self.flush()
        return stream

    def end(self, stream):
        self.h2.end_stream(stream)
        self.flush()

    def call(self, body, headers=None, frame=16384):
        """One whole call with the bytes `body` after the headers."""
        stream = self.open(headers, end=not body)
        if body:
            self.send(stream, body, end=True, frame=frame)
        return self.wait(stream)

    def wait(self, stream):
        self.pump_until(lambda: self.responses[stream].done)
        return self.responses[stream]

    def pump_until(self, condition):
        while not condition():
            assert not self.closed, f"the server closed the connection; GOAWAYs: {self.goaways}"
            self.pump()

    def pump(self):
        """Handles one read; TimeoutError when nothing comes."""
        try:
            received = self.socket.recv(65536)
        except ConnectionResetError:
            received = b""
        if not received:
            self.closed = True
            return
        for event in self.h2.receive_data(received):
            self.handle(event)
        try:
            self.flush()
        except OSError:
            self.closed = True

    def handle(self, event):
        match event:
            case h2.events.ResponseReceived() | h2.events.TrailersReceived():
                self.responses[event.stream_id].blocks.append(event.headers)
                self.responses[event.stream_id].shape.append("HEADERS")
            case h2.events.DataReceived():
                response = self.responses[event.stream_id]
                response.data += event.data
                response.shape.append("DATA")
                if self.give_back:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                self.responses[event.stream_id].ended = True
            case h2.events.StreamReset():
                self.responses[event.stream_id].reset = event.error_code
            case h2.events.ConnectionTerminated():
                self.goaways.append((event.last_stream_id, int(event.error_code)))
            case h2.events.PingAckReceived():
                self.pongs.append(event.ping_data)
            case h2.events.RemoteSettingsChanged():
                self.remote_settings |= {code: change.new_value for code, change in event.changed_settings.items()}
            case h2.events.SettingsAcknowledged():
                self.acknowledged = True


INITIAL_WINDOW_SIZE = SettingCodes.INITIAL_WINDOW_SIZE
MAX_CONCURRENT_STREAMS = SettingCodes.MAX_CONCURRENT_STREAMS
