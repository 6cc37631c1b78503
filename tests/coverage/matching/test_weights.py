"""Weights explain and order possible matches; an old model still explains what was made under it."""

from pathlib import Path

import pytest
import yaml

from coverage.constants import MODEL_VERSION
from coverage.matching import weights
from coverage.matching.weights import BANDS, band, explain, score
from coverage.presenters.comparison import AGREEMENT_LABELS, FIELD_LABELS

SAME = "number=same;name=same;birth=same;village=same"
NAMESAKE = "number=differs;name=same;rarity=common;birth=differs;village=same"


def test_the_score_is_the_sum_of_what_is_explained():
    explained = explain(SAME)
    assert [(each.field, each.agreement) for each in explained] == [
        (f, "same") for f in ("number", "name", "birth", "village")
    ]
    assert score(SAME) == pytest.approx(sum(each.weight for each in explained))
    assert score("number=unknown;birth=unknown;village=unknown") == 0


def test_what_agrees_weighs_more_than_what_differs():
    assert (
        score(SAME)
        > score(SAME.replace("name=same", "name=homophone"))
        > score(SAME.replace("name=same", "name=differs"))
    )
    assert score(NAMESAKE) < score(NAMESAKE.replace("common", "usual")) < score(NAMESAKE.replace("common", "rare"))


@pytest.mark.parametrize(
    ("points", "name"), [(99, "strong"), (22, "strong"), (21.9, "likely"), (16.5, "likely"), (-5, "weak")]
)
def test_bands(points, name):
    assert band(points) == name
    assert [name for name, _ in BANDS] == ["strong", "likely", "weak"]


def test_every_version_stays_readable_and_every_agreement_level_has_a_label():
    for version in range(1, MODEL_VERSION + 1):
        assert explain(SAME, version)
    path = Path(weights.__file__).with_name(f"weights_{MODEL_VERSION}.yaml")
    fields = yaml.safe_load(path.read_text("utf-8"))
    assert set(fields) == set(FIELD_LABELS)
    assert {level for levels in fields.values() for level in levels} == set(AGREEMENT_LABELS)
