"""An application in words: its content, its steps as a timeline, the steps open to the reader, and who takes the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from enrollment.constants import (
    WITH_BENEFITS,
    ApplicationKind,
    ApplicationState,
    Condition,
    Outcome,
    Paper,
    Verb,
)
from enrollment.details import FIELDS, FieldType
from enrollment.eligibility.testing import Tested
from enrollment.models import Application, ApplicationStep, ApplicationVersion
from enrollment.presenters.conditions import condition_labels
from enrollment.presenters.words import listed
from enrollment.process import Step, steps_from
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Role
from foundation.accounts.permissions import ALLOWED, CLIENT_ROLE, Action
from foundation.primitives.masks import mask_id
from foundation.signatures.models import Signature
from foundation.signatures.selectors import may_still_sign
from registry.selectors.bank_accounts import mask_of_account
from registry.selectors.numbers import decrypt_number

S = ApplicationState
STATE_TONES = {
    S.DRAFT: "",
    S.SUBMITTED: "info",
    S.TOWNSHIP_REVIEW: "info",
    S.COUNTY_CHECK: "info",
    S.APPROVAL: "info",
    S.RETURNED: "warn",
    S.WITHDRAWN: "",
    S.GRANTED: "ok",
    S.REFUSED: "bad",
    S.RECORDED: "ok",
    S.EFFECTIVE: "ok",
}
KEYS = {
    Verb.SUBMIT: "c",
    Verb.ACCEPT: "c",
    Verb.REVIEW: "c",
    Verb.CHECK: "c",
    Verb.CONFIRM: "c",
    Verb.GRANT: "g",
    Verb.RECORD: "g",
    Verb.REFUSE: "r",
    Verb.RETURN: "b",
    Verb.NAME_MISSING: "m",
}
"""The key of each step on the page of an application: confirm, grant, refuse, send back, name what is missing."""
ONWARD = (Verb.SUBMIT, Verb.ACCEPT, Verb.REVIEW, Verb.CHECK, Verb.GRANT, Verb.RECORD, Verb.CONFIRM)


@dataclass(frozen=True)
class Typed:
    """What was typed into the form of a step that was refused, and why."""

    verb: str = ""
    note: str = ""
    accepted_on: str = ""
    entry_number: str = ""
    missing: Sequence[str] = ()
    reasons: Sequence[str] = ()
    message: str = ""
    what_to_do: str = ""


@dataclass(frozen=True)
class Choice:
    """One box of a step's form."""

    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class ShownStep:
    """One step open to the reader, with the fields its form has; `typed` is what they wrote before it was refused."""

    verb: str
    label: str
    key: str
    is_onward: bool
    is_harm: bool
    is_open: bool
    needs_note: bool
    note_hint: str
    days: tuple[date, date] | None
    asks_entry: bool
    missing: list[Choice]
    reasons: list[Choice]
    typed: Typed | None


def content_lines(application: Application, version: ApplicationVersion) -> list[tuple[str, str]]:
    """List what an application states beyond its kind: terms and values. One query for a number or an account."""
    details = version.details
    lines = [
        (str(each.label), _value(each.type, each.choices, details[each.name]))
        for each in FIELDS[ApplicationKind(application.kind)]
        if each.name in details
    ]
    if version.agent_name:
        lines.append((_("Agent"), f"{version.agent_name} ({version.agent_relation})"))
    lines.append((_("Where the person applied"), str(application.get_channel_display())))
    return [*lines, (_("Note"), version.note)] if version.note else lines


def _value(kind: FieldType, choices: Mapping[str, object], value: object) -> str:
    if kind == FieldType.CHOICE:
        return str(choices.get(str(value), value))
    if kind == FieldType.MONTH:
        return str(value)[:7]
    if kind == FieldType.CONFIRMATION:
        return _("yes")
    if kind == FieldType.NUMBER:
        return mask_id(decrypt_number(int(str(value))))
    if kind == FieldType.ACCOUNT:
        return mask_of_account(int(str(value)))
    return str(value)


@dataclass(frozen=True)
class StoryLine:
    """One step taken, for the timeline."""

    at: datetime
    title: str
    who: str
    text: str


def story_lines(steps: Sequence[ApplicationStep]) -> list[StoryLine]:
    """List the steps taken, the newest first."""
    return [
        StoryLine(
            at=each.taken_at,
            title=str(each.get_verb_display()),
            who=" · ".join([each.taker, _role(each.taken_role), each.taken_unit.name]),
            text=" · ".join(text for text in (_detail(each), each.note) if text),
        )
        for each in reversed(steps)
    ]


def _role(role: str) -> str:
    if role == CLIENT_ROLE:
        return _("department's system")
    return str(Role(role).label) if role in Role.values else role


def _detail(step: ApplicationStep) -> str:
    detail = step.detail
    words = []
    if missing := detail.get("missing"):
        words.append(_("missing: %(papers)s") % {"papers": listed(Paper(each).label for each in missing)})
    if reasons := detail.get("reasons"):
        words.append("; ".join(condition_labels(reasons)))
    if unknown := detail.get("unknown"):
        words.append(_("could not be told: %(conditions)s") % {"conditions": "; ".join(condition_labels(unknown))})
    words += [str(detail[name]) for name in ("receipt", "entry") if detail.get(name)]
    return " · ".join(words)


def steps_possible(application: Application) -> list[Step]:
    """List the steps the state allows; a benefit's pause, resumption and termination are confirmed by no entry."""
    steps = steps_from(ApplicationState(application.state), ApplicationKind(application.kind), application.channel)
    return [each for each in steps if not (each.verb == Verb.CONFIRM and application.kind in WITH_BENEFITS)]


def open_steps(actor: Actor, application: Application, signatures: Sequence[Signature]) -> list[Step]:
    """List the steps the actor may take now, signatures considered. No query."""
    return [
        each
        for each in steps_possible(application)
        if actor.may(each.action)
        and (each.act is None or may_still_sign(actor, signatures, application.content_hash, each.act))
    ]


def shown_steps(
    steps: Sequence[Step],
    application: Application,
    *,
    tested: Tested | None,
    missing: Sequence[Paper],
    came_in: date,
    today: date,
    typed: Typed,
) -> list[ShownStep]:
    """Return the forms of the steps open to the reader: onward first. While papers are missing they are named, not accepted."""
    lacking = bool(missing) and application.missing_named_at is None
    return [
        _shown_step(each, application, tested, missing, (came_in, today), typed)
        for each in sorted(steps, key=lambda step: step.verb not in ONWARD)
        if not (each.verb == Verb.NAME_MISSING and application.missing_named_at is not None)
        and not (each.verb == Verb.ACCEPT and lacking)
    ]


def _shown_step(
    step: Step,
    application: Application,
    tested: Tested | None,
    missing: Sequence[Paper],
    days: tuple[date, date],
    typed: Typed,
) -> ShownStep:
    verb = step.verb
    is_unsure = verb in (Verb.GRANT, Verb.RECORD) and tested is not None and tested.outcome == Outcome.UNKNOWN
    given = typed if typed.verb == verb else None
    reasons: list[Choice] = []
    if verb == Verb.REFUSE and tested is not None:
        ticked = given.reasons if given else [each.value for each in tested.not_met]
        reasons = _choices([*tested.not_met, *tested.unknown], ticked)
    named: list[Choice] = []
    if verb == Verb.NAME_MISSING:
        named = _choices(list(Paper), given.missing if given else [each.value for each in missing])
    return ShownStep(
        verb=verb.value,
        label=str(verb.label),
        key=KEYS.get(verb, ""),
        is_onward=verb in ONWARD,
        is_harm=verb in (Verb.REFUSE, Verb.WITHDRAW),
        is_open=given is not None or (verb == Verb.NAME_MISSING and bool(missing)),
        needs_note=step.needs_note or is_unsure,
        note_hint=_note_hint(verb, tested if is_unsure else None),
        days=days if verb == Verb.ACCEPT and application.accepted_on is None else None,
        asks_entry=verb == Verb.CONFIRM,
        missing=named,
        reasons=reasons,
        typed=given,
    )


def _choices(options: Sequence[Paper | Condition], ticked: Sequence[str]) -> list[Choice]:
    return [Choice(each.value, str(each.label), each.value in ticked) for each in options]


def _note_hint(verb: Verb, unsure: Tested | None) -> str:
    if unsure is not None:
        conditions = "; ".join(condition_labels(unsure.unknown))
        return _("Cannot be told from the data: %(conditions)s. State what the decision rests on.") % {
            "conditions": conditions
        }
    if verb == Verb.REFUSE:
        return _("The applicant reads this on the decision.")
    if verb == Verb.RETURN:
        return _("Say what is to be corrected; whoever prepared it reads this.")
    return ""


def waiting_words(actor: Actor, application: Application, opened: Sequence[Step], today: date) -> list[str]:
    """Say what comes next, who takes it, and why the reader does not."""
    steps = [each for each in steps_possible(application) if each.verb in ONWARD]
    words = []
    if application.state == S.GRANTED and application.kind in WITH_BENEFITS:
        return [_("Granted; it becomes effective with the benefit it concerns.")]
    for step in steps:
        roles = listed(role.label for role in roles_of(step.action))
        words.append(_("Next: %(step)s. Taken by: %(roles)s.") % {"step": step.verb.label, "roles": roles})
        if actor.may(step.action) and step not in opened:
            words.append(_("You prepared or signed this application; a colleague who did not takes this step."))
    first = application.earliest_decision_on
    if application.state == S.APPROVAL and first is not None and first > today:
        words.append(
            _("The public notice, or the time to reconsider, ends before %(day)s; until then nothing is decided.")
            % {"day": f"{first:%Y-%m-%d}"}
        )
    return words


def roles_of(action: Action) -> list[Role]:
    """List the roles that may do something."""
    return [role for role in Role if action in ALLOWED[role]]
