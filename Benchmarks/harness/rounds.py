"""Measurements in rounds: what is compared is measured in turn, so that a slow moment of the machine is not one's alone."""

import statistics


def medians(measures, rounds):
    """Calls every measure of a dictionary once a round → the median of each."""
    found = {key: [] for key in measures}
    for _ in range(rounds):
        for key, measure in measures.items():
            found[key].append(measure())
    return {key: statistics.median(values) for key, values in found.items()}
