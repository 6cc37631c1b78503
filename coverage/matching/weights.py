"""How much each field's verdict says for or against one person: Fellegi-Sunter weights in bits, as data by model version.

A weight is log2(m / u): how often the verdict stands between two records of one person that no rule confirms, against two
records taken at random. The sum orders leads and is shown with them; it never confirms. An explanation keeps the version it
was made under: weights_1.yaml is never edited, a better estimate is weights_2.yaml and MODEL_VERSION 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from coverage.constants import MODEL_VERSION

BANDS = (("strong", 22.0), ("likely", 16.5), ("weak", float("-inf")))
"""Names of the score's bands and where each begins; every night prints how often clerks said yes in each."""
LEAST_SCORE = 13.5
"""Below it a lead that rests on the last step alone is not offered: of 300 in two months two were right."""
MOST_PROPOSED = 5


@dataclass(frozen=True)
class Weighed:
    """One field of an explanation: how it compares, and what that is worth in bits."""

    field: str
    verdict: str
    weight: float


def explain(comparison_vector: str, model_version: int = MODEL_VERSION) -> list[Weighed]:
    """Return the fields of "number=same;name=homophone" with their weights; a verdict the model does not know weighs 0."""
    weights = _weights(model_version)
    pairs = (part.partition("=") for part in comparison_vector.split(";") if part)
    return [Weighed(field, verdict, weights.get((field, verdict), 0.0)) for field, _, verdict in pairs]


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
    return {(field, verdict): float(bits) for field, verdicts in fields.items() for verdict, bits in verdicts.items()}
