"""Foreign keys point down the layers, as imports do; no model without a word about its rules."""

import pytest
from django.apps import apps
from django.db.models import Model

LAYERS = (
    "audit", "regions", "accounts", "policy", "registry", "enrollment", "payments", "nightly", "portal", "demo",
)  # fmt: skip
OUTSIDE = {"contenttypes", "auth", "sessions", "pghistory", "axes", "account", "mfa"}
NO_RULES_NEEDED = {
    "accounts.User": "Django's own: the user name is unique, everything else is a membership's",
    "demo.DemoMark": "one row or none; its key says so",
}
OURS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in LAYERS and not model._meta.label.endswith(("Event", "History")) and model._meta.managed
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type[Model]):
    own = LAYERS.index(model._meta.app_label)
    for field in model._meta.get_fields():
        if not (field.many_to_one or field.one_to_one) or field.auto_created:
            continue
        target = field.related_model._meta.app_label  # type: ignore[union-attr]
        assert target in OUTSIDE or LAYERS.index(target) <= own, f"{field.name} points up to {target}"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_has_rules_the_database_keeps(model: type[Model]):
    meta = model._meta
    unique = [field for field in meta.local_fields if field.unique and not field.primary_key]
    rules = [*meta.constraints, *getattr(meta, "triggers", ()), *unique]
    assert rules or meta.label in NO_RULES_NEEDED


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_rules_are_named_after_their_subject(model: type[Model]):
    for rule in model._meta.constraints:
        assert rule.name == rule.name.lower()
        assert len(rule.name) > 5
        assert not rule.name.startswith(("fk_", "chk_", "ix_")), rule.name


def test_the_list_of_exceptions_is_no_longer_than_needed():
    labels = {model._meta.label for model in OURS}
    assert set(NO_RULES_NEEDED) <= labels
