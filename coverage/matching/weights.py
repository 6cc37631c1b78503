"""Match weights by field and agreement level: Fellegi-Sunter weights in bits, as data by model version.

A weight is log2(m / u): how often the agreement level occurs between two records of one person that no rule confirms, against
how often between two records taken at random. The sum orders possible matches and is shown with them; it never confirms a link.
An explanation keeps the version it was made under: once installed, weights_1.yaml is never edited; a better estimate is
weights_2.yaml and MODEL_VERSION 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from coverage.constants import MODEL_VERSION

BANDS = (("strong", 22.0), ("likely", 16.5), ("weak", float("-inf")))
"""Names of the score bands and their lower limits; the page of each night shows the precision of each."""
LEAST_SCORE = 13.5
"""Possible matches found by step 70 alone are not proposed below it: of 300 in two months two were right."""
MOST_PROPOSED = 5


@dataclass(frozen=True)
class WeightedField:
    """One field of a comparison vector: its agreement level and the weight of that in bits."""

    field: str
    agreement: str
    weight: float


def explain(comparison_vector: str, model_version: int = MODEL_VERSION) -> list[WeightedField]:
    """Return the fields of "number=same;name=homophone" with their weights; an agreement level the model lacks weighs 0."""
    weights = _weights(model_version)
    pairs = (part.partition("=") for part in comparison_vector.split(";") if part)
    return [WeightedField(field, level, weights.get((field, level), 0.0)) for field, _, level in pairs]


def score(comparison_vector: str, model_version: int = MODEL_VERSION) -> float:
    """Return the sum of the weights."""
    return round(sum(each.weight for each in explain(comparison_vector, model_version)), 1)


def band(of_score: float) -> str:
    """Return the name of the band a score lies in."""
    return next(name for name, least in BANDS if of_score >= least)


@cache
def _weights(model_version: int) -> dict[tuple[str, str], float]:
    path = Path(__file__).with_name(f"weights_{model_version}.yaml")
    fields = yaml.safe_load(path.read_text("utf-8"))
    return {(field, level): float(bits) for field, levels in fields.items() for level, bits in levels.items()}
