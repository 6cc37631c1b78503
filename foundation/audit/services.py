"""Writing the audit log. Called inside the transaction of the act itself, so that neither exists without the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foundation.audit.actors import WhoActs
from foundation.audit.models import AuditEvent, Disclosure
from foundation.audit.models.event import ActorKind, Outcome
from foundation.primitives.personal_texts import hide_numbers
from foundation.primitives.request_number import current_request_number

ROWS_PER_INSERT = 2000


@dataclass(frozen=True)
class Event:
    """One act, ready to be written by `record_events`."""

    verb: str
    object_type: str = ""
    object_id: object = ""
    outcome: str = Outcome.DONE
    purpose: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)


def record_event(
    *,
    actor: WhoActs | None,
    verb: str,
    object_type: str = "",
    object_id: object = "",
    outcome: str = Outcome.DONE,
    purpose: str = "",
    detail: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Write one act; `actor` None means a user not signed in.

    Effects: one row of AuditEvent. `detail` contains ids, codes and counts, never names or numbers of persons.
    """
    event = Event(verb, object_type, object_id, outcome, purpose, detail or {})
    return record_events(actor=actor, events=[event])[0]


def record_events(*, actor: WhoActs | None, events: Iterable[Event]) -> list[AuditEvent]:
    """Write many acts of one actor in one statement per 2,000 rows.

    Whatever a caller or an address contains that reads as a personal number is replaced: the log is never purged.
    """
    who = _who(actor)
    rows = [
        AuditEvent(
            verb=event.verb,
            object_type=event.object_type,
            object_id=hide_numbers(str(event.object_id)),
            outcome=event.outcome,
            purpose=hide_numbers(event.purpose),
            detail=_without_numbers(dict(event.detail)),
            **who,
        )
        for event in events
    ]
    return AuditEvent.objects.bulk_create(rows, batch_size=ROWS_PER_INSERT)


def record_list(
    *, actor: WhoActs, name: str, count: int, shown: int, filters: Mapping[str, object] | None = None
) -> AuditEvent:
    """Write that somebody was shown a page of a list of people: which list, how it was filtered, how many it has and were shown.

    Effects: one row of AuditEvent, verb read_list. A name or number filtered by is recorded as given or not, never itself.
    """
    detail = {"filter": {key: value for key, value in (filters or {}).items() if value}, "count": count, "shown": shown}
    return record_event(
        actor=actor, verb="read_list", object_type="list", object_id=name, outcome=Outcome.READ, detail=detail
    )


def record_disclosure(
    *,
    actor: WhoActs | None,
    recipient: str,
    purpose: str,
    legal_basis: str,
    fields: Sequence[str],
    row_count: int,
) -> Disclosure:
    """Enter one answer or export into the register of disclosures."""
    return Disclosure.objects.create(
        recipient=hide_numbers(recipient),
        purpose=hide_numbers(purpose),
        legal_basis=legal_basis,
        fields=list(fields),
        row_count=row_count,
        **_who(actor),
    )


def _without_numbers(value: object) -> Any:
    """Replace personal numbers in the texts of a detail, at any depth."""
    if isinstance(value, str):
        return hide_numbers(value)
    if isinstance(value, Mapping):
        return {_without_numbers(key): _without_numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_numbers(each) for each in value]
    return value


def _who(actor: WhoActs | None) -> dict[str, object]:
    """Spell an actor out as plain values."""
    if actor is None:
        who: dict[str, object] = {"actor_kind": ActorKind.ANONYMOUS, "actor_name": ""}
    else:
        who = {
            "actor_kind": _kind(actor),
            "actor_id": actor.user_id if actor.client_id is None else actor.client_id,
            "actor_name": actor.username,
            "role": actor.role,
            "unit_code": actor.unit_code,
            "deputy_for_id": actor.deputy_for_id,
            "deputy_for_name": actor.deputy_for_name,
        }
    return who | {"request_id": current_request_number()}


def _kind(actor: WhoActs) -> str:
    if actor.client_id is not None:
        return ActorKind.CLIENT
    return ActorKind.SYSTEM if actor.user_id is None else ActorKind.USER
