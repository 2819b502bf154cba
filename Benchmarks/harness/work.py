"""What a request costs at least: the operations of the user-once form, and the time of a processor's peak for them."""

from dataclasses import dataclass

FIRST, SECOND = 80, 40  # the attention network
HEAD = (200, 80)


@dataclass(frozen=True)
class Shape:
    """A model by its size (D = H) and preset, and a request of T behaviours and N candidates."""
    size: int
    preset: str
    steps: int
    candidates: int

    @property
    def embedding(self):
        return self.size // 2

    def operations(self):
        """(floating-point operations, transcendentals), the user's part once: performance.md section 1 states the form."""
        h, d, t, n = self.size, self.size, self.steps, self.candidates
        width = self.embedding + 3 * d + h
        extractor, evolution_inputs = t * 6 * (d * h + h * h), t * 6 * h * h
        head = 2 * (width * HEAD[0] + HEAD[0] * HEAD[1] + HEAD[1] * 2)
        user, candidate, pair = extractor + evolution_inputs, 2 * h * d + head, 6 * h * h
        exponentials = 1 + 3 * h
        if self.preset == "reference":
            user += t * 2 * FIRST * h
            candidate += 2 * FIRST * h
            pair += 2 * (FIRST * h + FIRST * SECOND + SECOND)
            exponentials += FIRST + SECOND
        else:
            pair += 2 * h
        flop = user + n * candidate + t * n * pair
        return flop, t * n * exponentials + t * 3 * h + n * (sum(HEAD) + 1)

    def bound_ms(self, peaks, precision="fp32"):
        """All operations at the measured peak and all transcendentals at the measured rate, one after the other. Where the
        machine has no products of bf16, those of fp32 are what bf16 is computed by."""
        flop, transcendentals = self.operations()
        gflops = peaks.get("bf16_gflops", fp32_peak(peaks)) if precision == "bf16" else fp32_peak(peaks)
        return flop / gflops / 1e6 + transcendentals / peaks["sigmoid_giga"] / 1e6


def fp32_peak(peaks):
    """The fastest fp32 multiply-adds of the machine, GFLOP/s."""
    return max(peaks.get(f"{name}_gflops", 0) for name in ("scalar", "avx2", "avx512", "neon"))
