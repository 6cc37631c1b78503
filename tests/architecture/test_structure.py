"""What the import contract cannot see: string foreign keys, constraints, words that must agree over the layers."""

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from casework.constants import GAP_RANK, GapKind
from coverage.constants import LinkAction, LinkRule
from coverage.findings.findings import ROLL_FINDERS
from coverage.findings.statements import read_statement
from coverage.matching.pipeline import STEPS
from foundation.primitives.columns import NUMBER_STATES
from registry.constants import FactKind, Feed, NumberState
from registry.intake.layouts import all_layouts
from tests.architecture.order import LABELS

FREE_OF_CONSTRAINTS = {
    "accounts.User": "Django's own: the user name is unique, everything else is a membership's",
    "casework.WorkChange": "a row says only that, where and when; several may say the same",
}
"""Tables without any constraint of their own, each with the reason somebody gave."""


def ours() -> list[type[Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in LABELS]


def relations() -> list[tuple[str, str, str]]:
    return [
        (model._meta.label, field.name, field.related_model._meta.app_label)
        for model in ours()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and not isinstance(field.related_model, str)
    ]


@pytest.mark.parametrize(("label", "field", "target"), relations(), ids=lambda each: str(each))
def test_a_foreign_key_points_down_or_to_its_own_app(label, field, target):
    if target in LABELS:
        assert LABELS.index(target) >= LABELS.index(label.split(".")[0])


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_a_table_says_what_must_hold_in_it(model):
    if not model.__name__.endswith(("Event", "History")) and not model._meta.proxy:  # of another package
        unique = any(field.unique and not field.primary_key for field in model._meta.fields)
        assert model._meta.constraints or unique or model._meta.label in FREE_OF_CONSTRAINTS


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_constraints_are_named_for_their_table(model):
    """PostgreSQL says only the name: it must lead to the table and the rule."""
    for constraint in model._meta.constraints:
        assert constraint.name == constraint.name.lower()
        table, _, rule = constraint.name.partition("_")
        assert table in model._meta.model_name
        assert rule


def test_every_layout_is_of_a_feed_and_every_feed_has_one():
    assert sorted(layout.feed for layout in all_layouts()) == sorted(Feed)


def test_every_gap_is_ranked():
    assert set(GAP_RANK) == set(GapKind)


@pytest.mark.parametrize("name", ROLL_FINDERS)
def test_a_roll_finder_says_its_kinds_and_they_are_known(name):
    head = read_statement(name).splitlines()[0]
    assert head.startswith("-- Kinds:")
    kinds = {kind.strip() for kind in head.removeprefix("-- Kinds:").split(",")}
    assert kinds <= set(GapKind.values)
    assert all(f"'{kind}'" in read_statement(name) for kind in kinds)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_of_the_matching_says_inputs_output_and_rule(step):
    head = [line for line in step.statement.splitlines() if line.startswith("--")]
    for word in ("-- Inputs:", "-- Output:", "-- Rule:"):
        assert any(line.startswith(word) for line in head)


def test_rules_and_actions_in_the_steps_and_by_decision_are_known():
    text = "".join(step.statement for step in STEPS) + read_statement("respect_decisions")
    assert {rule for rule in LinkRule.values if f"'{rule}'" in text} == set(LinkRule.values)
    assert all(f"'{action}'" in text for action in LinkAction.values)


def test_states_of_a_number_agree_between_columns_and_register():
    assert [*NUMBER_STATES, NumberState.NUMERIC, NumberState.MASKED] == list(NumberState.values)


def test_every_kind_of_fact_a_layout_makes_is_known():
    for layout in all_layouts():
        kinds = set(layout.values.get(layout.fact.get("kind_column", ""), {}).values())
        assert kinds | ({layout.fact["kind"]} if "kind" in layout.fact else set()) <= set(FactKind.values)
