"""The figures that are wanted of the engine, each judged where a run has measured it."""

# Of the bound, and times the best peer that is given the same user-once form, by (size, cores).
OF_BOUND = {(36, 1): 0.80, (108, 1): 0.82, (36, 2): 0.70, (108, 2): 0.70}
PEER_RATIO = {(36, 1): 1.7, (108, 1): 1.25, (36, 2): 2.2, (108, 2): 1.6}
TILED_RATIO = 4.0
FEW_RATIO = 1 / 0.6  # N 1 and N 10, T 100: at most 0.6 of oneDNN's time
BF16_OF_FP32, BF16_PEER_RATIO = 1.5, 1.7
LARGE = {(100, 100), (100, 500), (300, 100), (300, 500)}


def judge(report, shape, cores, precision, form, mine, bound, peer, beside):
    """Adds what was wanted of this shape; preset paper is not compared with peers.

    `beside` is ours in fp32 where `mine` is bf16, and ours with the user's state kept where it is fp32.
    """
    if shape.preset != "reference":
        return
    where = f"size {shape.size}, T {shape.steps} N {shape.candidates}, {cores} core{'s' * (cores > 1)}, {precision}"
    large, few = (shape.steps, shape.candidates) in LARGE, shape.steps == 100 and shape.candidates in (1, 10)
    if precision == "bf16":
        if large and shape.size == 108:
            report.judge(beside / mine >= BF16_OF_FP32, f"{where}: {beside / mine:.2f} x our fp32, {BF16_OF_FP32} wanted")
        if large:
            report.judge(peer / mine >= BF16_PEER_RATIO, f"{where}: {peer / mine:.2f} x OpenVINO's bf16, {BF16_PEER_RATIO} wanted")
        return
    if form == "tiled":
        if large:
            report.judge(peer / mine >= TILED_RATIO, f"{where}: {peer / mine:.2f} x the best peer tiled, {TILED_RATIO} wanted")
        return
    if large:
        wanted = OF_BOUND[shape.size, cores]
        report.judge(bound / mine >= wanted, f"{where}: {bound / mine:.0%} of the bound, {wanted:.0%} wanted")
        wanted = PEER_RATIO[shape.size, cores]
        report.judge(peer / mine >= wanted, f"{where}: {peer / mine:.2f} x the best peer, {wanted} wanted")
    elif few and cores == 1:
        report.judge(peer / beside >= 2 * FEW_RATIO, f"{where}, state kept: {beside / peer:.2f} of the best peer's time, 0.3 wanted")
        report.judge(peer / mine >= FEW_RATIO, f"{where}: {mine / peer:.2f} of the best peer's time, 0.6 wanted")
