"""Races of files, what they name, and numbers shown."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pyarrow as pa

from foundation.accounts.constants import Role
from foundation.audit.services import Event, record_events
from foundation.policy.selectors import get_parameter
from foundation.primitives.clock import now
from registry.constants import DeliveryState
from registry.models import Delivery, Person, PersonName
from registry.services.approving import approve_delivery, discard_delivery
from registry.services.comparing_numbers import COMPARE_NUMBER, SAME, compare_number
from registry.services.completing import complete_list
from registry.services.failing import retry_delivery
from registry.services.learned_layouts import Answers, save_mapping
from registry.services.numbers import store_numbers
from registry.services.receiving import receive_file
from registry.services.searching import FIND_BY_NUMBER, Wanted, find_persons
from registry.services.showing import SHOW_NUMBER, show_numbers
from registry.services.undoing import undo_delivery
from registry.services.uploading import add_piece, start_upload
from tests.locks.making import Made
from tests.locks.meetings import Meeting, both_same, second_refused, shows, twice
from tests.named_world import AS_OF, NOW
from tests.oracles.numbers import make_number
from tests.registry.intake.test_mapping_guess import STRANGE
from tests.registry.intake.varieties import tekun_table
from tests.senders import write_csv


@shows("registry/services/showing.py::count_shown_number")
def two_last_numbers_of_the_hour(made: Made) -> Meeting:
    actor, person = made.actor(Role.COUNTY_CLERK), made.world.person("张三", made.number())
    limit = int(get_parameter("show_number_limit_per_hour", unit=made.world.county_a, on=NOW.date()).value)
    record_events(actor=actor, events=[Event(SHOW_NUMBER, "person", person.pk)] * (limit - 1))

    def show() -> list[str]:
        return show_numbers(actor=actor, person_id=person.pk, purpose="柜台核对", at=NOW)

    return twice(show, "show_limit")


@shows("registry/services/searching.py::find_persons")
def two_last_searches_of_the_hour(made: Made) -> Meeting:
    actor, person = made.actor(Role.COUNTY_CLERK), made.world.person("张三", made.number())
    limit = int(get_parameter("number_search_limit_per_hour", unit=made.world.county_a, on=NOW.date()).value)
    record_events(actor=actor, events=[Event(FIND_BY_NUMBER, "person", person.pk)] * (limit - 1))
    return twice(lambda: find_persons(actor=actor, wanted=Wanted("last4", "0012"), at=NOW), "search_limit")


@shows("registry/services/comparing_numbers.py::compare_number")
def two_clerks_miss_the_last_time(made: Made) -> Meeting:
    person = made.world.person("张三", made.number())
    most = int(get_parameter("number_misses_allowed", unit=made.world.county_a, on=NOW.date()).value)
    at = now()  # misses are counted by when the audit log has them
    missed = Event(COMPARE_NUMBER, "person", person.pk, detail={SAME: False})
    record_events(actor=made.clerk, events=[missed] * (most - 1))
    first, second = made.actor(Role.COUNTY_CLERK), made.actor(Role.COUNTY_CLERK)
    other = make_number("19400101", 77)
    return Meeting(
        lambda: compare_number(actor=first, person_id=person.pk, typed=other, at=at),
        lambda: compare_number(actor=second, person_id=person.pk, typed=other, at=at),
        second_refused("number_field_locked"),
    )


@shows("registry/services/numbers.py::store_numbers")
def two_store_the_same_number(made: Made) -> Meeting:
    text = made.number() + "x"
    store = lambda: store_numbers(pa.array([text]), recorded_at=NOW)  # noqa: E731
    return Meeting(store, store, lambda outcome: not outcome.refused and outcome.first == outcome.second)


@shows("registry/services/uploading.py::_locked")
def two_send_the_same_piece(made: Made) -> Meeting:
    upload, _wanted = made.upload()
    return twice(
        lambda: add_piece(actor=made.clerk, upload_id=upload.pk, offset=0, piece=BytesIO(b"12345"), at=NOW),
        "out_of_step",
    )


@shows("registry/services/uploading.py::start_upload")
def a_file_is_begun_again_while_a_piece_arrives(made: Made) -> Meeting:
    upload, wanted = made.upload()
    return Meeting(
        lambda: add_piece(actor=made.clerk, upload_id=upload.pk, offset=0, piece=BytesIO(b"12345"), at=NOW),
        lambda: start_upload(actor=made.clerk, wanted=wanted, at=NOW),
        lambda outcome: not outcome.refused and type(upload).objects.get(pk=upload.pk).received_bytes == 5,
    )


@shows("registry/services/receiving.py::_one_at_a_time")
def two_send_the_same_file(made: Made) -> Meeting:
    path = made.text()
    return Meeting(lambda: made.received(path), lambda: made.received(path), both_same)


@shows("registry/services/receiving.py::_same_file")
def a_failed_file_is_tried_again_while_somebody_sends_it(made: Made) -> Meeting:
    """Whoever tries it again has it: the second sending finds it received, and does not take it over."""
    path = made.text()
    delivery = made.received(path)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, attempts=3)
    send = lambda: receive_file(  # noqa: E731
        actor=made.colleague, county=made.world.county_a, path=path, name="again.csv", as_of=AS_OF, at=NOW
    )
    return Meeting(
        lambda: retry_delivery(actor=made.clerk, delivery_id=delivery.pk),
        send,
        lambda outcome: both_same(outcome) and Delivery.objects.get(pk=delivery.pk).file_name == path.name,
    )


@shows("registry/services/receiving.py::_check")
def a_file_is_discarded_while_it_is_checked(made: Made) -> Meeting:
    delivery = made.process_held(made.received(made.poverty(("张三", made.number())), hold=True))
    return Meeting(
        lambda: discard_delivery(actor=made.clerk, delivery_id=delivery.pk),
        lambda: made.process_held(delivery),
        lambda outcome: not outcome.refused and Delivery.objects.get(pk=delivery.pk).state == DeliveryState.REFUSED,
    )


@shows("registry/services/receiving.py::_apply", "delivery ")
def two_files_of_a_feed_and_day(made: Made) -> Meeting:
    """The second replaces the first; without the lock it does not see it, and fails."""
    day = next(made.days)
    files = [made.received(made.poverty((who, made.number())), name="名册.xlsx", days=day) for who in ("张三", "李四")]
    states = Delivery.objects.filter(pk__in=[each.pk for each in files]).order_by("pk").values_list("state", flat=True)
    return Meeting(
        lambda: made.process(files[0]),
        lambda: made.process(files[1]),
        lambda outcome: not outcome.refused and list(states) == [DeliveryState.SUPERSEDED, DeliveryState.APPLIED],
    )


@shows("registry/services/completing.py::_waiting")
def a_list_is_declared_complete_while_its_part_comes(made: Made) -> Meeting:
    """Without the lock it is declared complete without a part that is there."""
    days = [next(made.days), next(made.days)]
    people = {name: (f"孙{chr(0x4E00 + next(made.numbers))}", made.number()) for name in ("甲组.csv", "乙组.csv")}
    for name, person in people.items():
        made.process(made.received(made.poverty(person), name=name, days=days[0]))
    first, last = (made.received(made.poverty(each), name=name, days=days[1]) for name, each in people.items())
    half = made.process(first)
    assert half.missing_parts == ["乙组.csv"], half.missing_parts
    return Meeting(
        lambda: made.process(last),
        lambda: complete_list(actor=made.clerk, delivery_id=half.pk, reason="只有一组", at=NOW + timedelta(hours=1)),
        second_refused("not_waiting"),
    )


@shows("registry/services/applying.py::_lock_register")
def two_feeds_name_the_same_new_person(made: Made) -> Meeting:
    """The second finds the person whom the first has just brought; without the lock there are two."""
    name, number, day = f"赵{chr(0x4E00 + next(made.numbers))}", made.number(), next(made.days)
    poverty = made.received(made.poverty((name, number)), days=day)
    tekun = made.received(made.tekun((name, number)), days=day)
    return Meeting(
        lambda: made.process(poverty),
        lambda: made.process(tekun),
        lambda outcome: (
            {each.state for each in Delivery.objects.filter(pk__in=[poverty.pk, tekun.pk])} == {DeliveryState.APPLIED}
            and Person.objects.filter(name=name).count() == 1
        ),
    )


@shows("registry/services/undoing.py::undo_delivery", "delivery ")
def a_file_is_undone_while_the_next_is_applied(made: Made) -> Meeting:
    first = made.process(made.received(made.poverty(("张三", made.number())), days=next(made.days)))
    later = made.received(made.poverty(("李四", made.number())), days=next(made.days))
    return Meeting(
        lambda: made.process(later),
        lambda: undo_delivery(actor=made.clerk, delivery_id=first.pk, at=NOW + timedelta(hours=1)),
        second_refused("not_latest"),
    )


@shows("registry/services/undoing.py::undo_delivery", "registry_person")
def a_file_is_undone_while_another_feed_names_its_person(made: Made) -> Meeting:
    """The person keeps the name the other feed states; without the lock the undo does not see that it does."""
    name, number, day = f"钱{chr(0x4E00 + next(made.numbers))}", made.number(), next(made.days)
    poverty = made.process(made.received(made.poverty((name, number)), days=day))
    tekun = made.received(made.tekun((name, number)), days=day)
    return Meeting(
        lambda: made.process(tekun),
        lambda: undo_delivery(actor=made.clerk, delivery_id=poverty.pk, at=NOW + timedelta(hours=1)),
        lambda outcome: (
            not outcome.refused and PersonName.objects.filter(name=name, superseded_at__isnull=True).count() == 1
        ),
    )


@shows("registry/services/approving.py::_locked")
def two_approve_a_file(made: Made) -> Meeting:
    delivery = made.delivery(state=DeliveryState.CHECKED, hold=True)
    return twice(lambda: approve_delivery(actor=made.clerk, delivery_id=delivery.pk, at=NOW), "not_awaiting_approval")


@shows("registry/services/failing.py::retry_delivery")
def two_try_a_file_again(made: Made) -> Meeting:
    delivery = made.delivery(state=DeliveryState.FAILED)
    return twice(lambda: retry_delivery(actor=made.clerk, delivery_id=delivery.pk), "not_failed")


@shows("registry/services/learned_layouts.py::save_mapping")
def two_name_the_columns_of_a_file(made: Made) -> Meeting:
    table = tekun_table()
    number = next(made.numbers)
    header = [word + chr(0x4E00 + number) for word in STRANGE]  # no sender's we know by now
    path = write_csv(made.folder / f"名册{number}.csv", [header, *table.rows])
    delivery = made.process(made.received(path, days=next(made.days)))
    assert delivery.refusal["code"] == "columns_to_confirm", delivery.refusal
    answers = Answers("tekun", 0, {field: place for place, field in enumerate(table.fields) if field}, {})
    act = lambda: save_mapping(  # noqa: E731
        actor=made.clerk, delivery_id=delivery.pk, sender="民政局", answers=answers, at=NOW
    )
    return twice(act, "no_mapping_asked")
