"""Stock grpcio clients in processes of their own, each calling without pause; they stay for many runs."""

import multiprocessing
import time
from array import array

RANK = "/dien.v1.Ranking/Rank"
WARM = 0.3  # seconds before a run counts


def client(pipe, payloads, offset):
    """Runs what it is told, (address, seconds); sends (begin, end) of each counted call in ns and the replies."""
    import grpc
    pipe.send("ready")
    while (command := pipe.recv()) is not None:
        address, start, seconds = command
        times, replies, n = array("q"), [], offset
        with grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            call = channel.unary_unary(RANK, request_serializer=None, response_deserializer=None)
            while (begin := time.monotonic_ns()) < start + seconds * 1e9:
                reply = call(payloads[n % len(payloads)], timeout=20)
                if begin >= start:
                    times.extend((begin, time.monotonic_ns()))
                    replies.append((n % len(payloads), reply))
                n += 1
        pipe.send((times, replies))


class Clients:
    """Up to `count` clients of the same payloads."""

    def __init__(self, count, payloads):
        context = multiprocessing.get_context("spawn")
        self.pipes, self.processes = [], []
        for n in range(count):
            here, there = context.Pipe()
            self.pipes.append(here)
            self.processes.append(context.Process(target=client, args=(there, payloads, n * 3), daemon=True))
            self.processes[-1].start()
        for pipe in self.pipes:
            pipe.recv()

    def run(self, count, address, seconds):
        """`count` clients at once: (latencies in ms, ascending; calls a second; replies by payload)."""
        start = time.monotonic_ns() + int(WARM * 1e9)
        for pipe in self.pipes[:count]:
            pipe.send((address, start, seconds))
        results = [pipe.recv() for pipe in self.pipes[:count]]
        latencies = sorted((end - begin) / 1e6 for times, _ in results
                           for begin, end in zip(times[::2], times[1::2]))
        # A client's last call may end after the window: its rate is its calls over its own time.
        rate = sum(len(times) / 2 / ((times[-1] - times[0]) / 1e9) for times, _ in results if times)
        return latencies, rate, [reply for _, replies in results for reply in replies]

    def close(self):
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(timeout=10)
