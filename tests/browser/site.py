"""The site of the browser tests: a small county with something of everything, committed, served, and emptied afterwards."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pgtrigger
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from casework.models import Gap
from coverage.constants import LinkAction, PairDecision
from coverage.models import CoverageVerdict, Link, PatternDecision
from demo.contributions import make_contributions
from demo.county import make_county
from demo.loading import VILLAGES, make_people, mark_database
from demo.people import PASSWORD
from demo.villages import make_village_reports
from enrollment.models import Application, OneStopBatch
from enrollment.services.one_stop import propose_batch
from enrollment.services.preparing import Content, begin_application
from enrollment.services.steps import take_step
from foundation.accounts.actors import system_actor, user_actor
from foundation.accounts.models import Membership, User
from foundation.jobs.long_work import RunState
from foundation.policy.models import ParameterProposal
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.proposing import Proposed, draft_value
from foundation.primitives.clock import now, today
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import DIVISIONS, import_villages, load_divisions
from nightly.models import NightRun
from nightly.services import request_night, run_night
from payments.models import Batch
from registry.constants import DeliveryState
from registry.models import Delivery, FieldReport
from registry.services.receiving import process_delivery, receive_file
from tests.plugins.append_only import _truncate_triggers

COUNTY, MONTH, AS_OF = "320682", date(2018, 12, 1), date(2018, 12, 31)
NEXT_MONTH, NEXT_AS_OF = date(2019, 1, 1), date(2019, 1, 31)
POOR, ROLL = 300, 3_000


@dataclass(frozen=True)
class Site:
    """Where the pages are, and what the addresses of single things need."""

    url: str
    county: Unit

    def cookie_of(self, username: str) -> str:
        """Sign somebody in without the form; return the session's key."""
        client = Client()
        client.force_login(User.objects.get(username=username))
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def one_person(self) -> int:
        gaps = Gap.objects.filter(closed_at__isnull=True, person__isnull=False).order_by("rank", "pk")
        return gaps.values_list("person_id", flat=True)[0] or 0

    def one_roll_line(self) -> tuple[int, str, str]:
        gap = Gap.objects.filter(closed_at__isnull=True, person__isnull=True).order_by("pk")[0]
        return gap.county_id, gap.scheme, gap.roll_no

    def one_delivery(self) -> int:
        return Delivery.objects.filter(feed="poverty").values_list("pk", flat=True)[0]

    def one_checked_delivery(self) -> int:
        return Delivery.objects.filter(state=DeliveryState.CHECKED).values_list("pk", flat=True)[0]

    def one_half_delivery(self) -> int:
        return Delivery.objects.exclude(missing_parts=[]).values_list("pk", flat=True)[0]

    def one_unknown_delivery(self) -> int:
        return Delivery.objects.filter(state=DeliveryState.REFUSED).values_list("pk", flat=True)[0]

    def one_pattern(self) -> int:
        return PatternDecision.objects.values_list("pk", flat=True)[0]

    def one_night(self) -> int:
        return NightRun.objects.filter(state=RunState.DONE).latest("pk").pk

    def one_waiting_night(self) -> int:
        return NightRun.objects.get(state=RunState.WAITING).pk

    def one_user(self) -> int:
        return User.objects.get(username="wang.jingban").pk

    def one_report(self, kind: str = "died") -> int:
        return FieldReport.objects.filter(kind=kind).values_list("pk", flat=True)[0]

    def one_reported_person(self) -> int:
        return FieldReport.objects.filter(kind="died").values_list("person_id", flat=True)[0] or 0

    def one_application(self, state: str) -> int:
        return Application.objects.filter(state=state).values_list("pk", flat=True)[0]

    def one_batch(self) -> int:
        return OneStopBatch.objects.values_list("pk", flat=True)[0]

    def one_batch_of_money(self, state: str = "frozen") -> int:
        return Batch.objects.filter(state=state).values_list("pk", flat=True)[0]

    def one_proposal(self) -> int:
        return ParameterProposal.objects.values_list("pk", flat=True)[0]


def serve(folder: Path, blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Fill the worker's test database, serve it, and empty it again."""
    cached = {"WHITENOISE_AUTOREFRESH": False, "WHITENOISE_MAX_AGE": 3600}  # a page asks for thirty of them
    with blocker.unblock(), override_settings(DATA_DIR=folder / "data", FILE_UPLOAD_TEMP_DIR=folder, **cached):
        _empty_database()
        county = _fill(folder)
        server = LiveServer("127.0.0.1")
        try:
            yield Site(server.url, county)
        finally:
            server.stop()
            _empty_database()


def _fill(folder: Path) -> Unit:
    mark_database()
    load_divisions(write_divisions(folder))
    county = get_unit(code=COUNTY)
    import_villages(VILLAGES, county=county)
    load_parameters()
    make_people(county)
    made = make_county(poor=POOR, roll=ROLL, seed=7, out=folder / "made", county=COUNTY, month=MONTH)
    actor = system_actor(county)
    for path in sorted(made.month_folder.iterdir()):
        received = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=AS_OF, at=now())
        process_delivery(actor=actor, delivery_id=received.pk, at=now())
    for _again in range(2):  # a second night over the same files, to be compared with the first
        run_night(request_night(actor=actor, county=county, as_of=AS_OF).pk)
    request_night(actor=actor, county=county, as_of=AS_OF)  # waits, as no worker runs for this site
    assert CoverageVerdict.objects.filter(superseded_at__isnull=True).count() > POOR / 2
    _propose(county)
    _propose_pattern(county)
    make_village_reports(county)
    _apply(county)
    make_contributions(county, AS_OF.year)
    Batch.objects.create(
        county=county,
        kind="contributions",
        period=str(AS_OF.year),
        made_by=User.objects.get(username=CLERK),
        made_at=now(),
    )
    _hold_next_month(county, folder)
    return county


def _apply(county: Unit) -> None:
    """Leave one application a draft, another submitted without its papers, and a batch of everybody to be reviewed."""
    membership = Membership.objects.select_related("user", "unit").get(user__username="sun.shiwusuo", unit__level=4)
    clerk = user_actor(membership)
    people = Gap.objects.filter(person__unit__path__startswith=clerk.unit_path, closed_at=None)
    for place, person in enumerate(people.order_by("pk").values_list("person_id", flat=True).distinct()[:2]):
        begun = begin_application(
            actor=clerk, person_id=person or 0, kind="register", channel="township", content=Content(), at=now()
        )
        if place:
            take_step(actor=clerk, application_id=begun.pk, verb="submit", version=begun.version, at=now())
    county_clerk = user_actor(Membership.objects.select_related("user", "unit").get(user__username=CLERK))
    propose_batch(actor=county_clerk, persons=None, day=AS_OF, note="", at=now())


def _hold_next_month(county: Unit, folder: Path) -> None:
    """Let one file of the next month wait with its preview, one whose columns nobody knows, and a list for its other parts."""
    made = make_county(poor=POOR, roll=ROLL, seed=8, out=folder / "next", county=COUNTY, month=NEXT_MONTH)
    path = next(path for path in sorted(made.month_folder.iterdir()) if path.name.startswith("城乡低保"))
    actor = system_actor(county)
    held = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=NEXT_AS_OF, at=now(), hold=True)
    process_delivery(actor=actor, delivery_id=held.pk, at=now())
    path = folder / "unknown.csv"
    path.write_text("甲,乙,丙\n张三,知青村,1\n李四,知青村,2\n", "utf-8")
    unknown = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=NEXT_AS_OF, at=now(), hold=True)
    process_delivery(actor=actor, delivery_id=unknown.pk, at=now())
    path = folder / "长江镇现役军人.csv"
    path.write_text("姓名,身份证号,入伍年月,服役状态\n张三,320697199001010011,201509,现役\n", "utf-8")
    part = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=NEXT_AS_OF, at=now())
    assert process_delivery(actor=actor, delivery_id=part.pk, at=now()).lacks_parts


def _propose(county: Unit) -> None:
    membership = Membership.objects.select_related("user", "unit").get(user__username="chen.anquan")
    proposed = Proposed("base_pension", county, today() + timedelta(days=30), 16_000, "如皋市 2020 年通知")
    draft_value(actor=user_actor(membership), proposed=proposed, today=today(), at=now())


def _propose_pattern(county: Unit) -> None:
    """Leave one decision on a whole pattern waiting for a second person."""
    links = list(Link.objects.filter(superseded_at=None, action=LinkAction.REVIEW).order_by("pk")[:20])
    PatternDecision.objects.create(
        county=county,
        scheme=links[0].scheme,
        rule=links[0].rule,
        comparison_vector=links[0].comparison_vector,
        decision=PairDecision.NOT_SAME,
        links=[link.pk for link in links],
        proposed_by="li.fuhe",
        people_behind=[],
        proposed_at=now(),
    )


def write_divisions(folder: Path) -> Path:
    """Cut the county and what lies above it from the shipped list."""
    lines = gzip.decompress(DIVISIONS.read_bytes()).decode().splitlines(keepends=True)
    file = folder / "divisions.csv"
    above = ("code", "320000000000", "320600000000", COUNTY)
    file.write_text("".join(line for line in lines if line.startswith(above)), "utf-8")
    return file


def _empty_database() -> None:
    assert connections["default"].settings_dict["NAME"].startswith("test_"), "only the tests' own database is emptied"
    with pgtrigger.ignore(*_truncate_triggers()):
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    for connection in connections.all():
        connection.close()


PageTable = dict[str, tuple[str, Callable[[Site], tuple[object, ...]]]]
CLERK, REVIEWER, SYSTEM, SECURITY, AUDIT = "wang.jingban", "li.fuhe", "feng.xitong", "chen.anquan", "chu.shenji"
VILLAGE, FINANCE = "zhou.xieban", "wu.caiwu"


def _nothing(site: Site) -> tuple[object, ...]:
    return ()


PAGES: PageTable = {
    "style": ("", _nothing),
    "account_login": ("", _nothing),
    "account_inactive": ("", _nothing),
    "account_logout": (CLERK, _nothing),
    "account_change_password": (CLERK, _nothing),
    "second_factor": (CLERK, _nothing),
    "today": (CLERK, _nothing),
    "today@system": (SYSTEM, _nothing),
    "today@audit": (AUDIT, _nothing),
    "today_figures": (CLERK, _nothing),
    "find_person": (CLERK, _nothing),
    "work_list": (CLERK, _nothing),
    "case_assignments": (CLERK, _nothing),
    "case_closings": (CLERK, _nothing),
    "work_reports": (CLERK, _nothing),
    "work_report": (CLERK, lambda site: (site.one_report(),)),
    "work_report@unlisted": (CLERK, lambda site: (site.one_report("not_listed"),)),
    "work_questions": (CLERK, _nothing),
    "person_village": (CLERK, lambda site: (site.one_reported_person(),)),
    "person_certification": (CLERK, lambda site: (site.one_reported_person(),)),
    "village": (VILLAGE, _nothing),
    "village_person": (VILLAGE, lambda site: (site.one_reported_person(),)),
    "village_unlisted": (VILLAGE, _nothing),
    "work_roll_line": (CLERK, lambda site: site.one_roll_line()),
    "work_roll_line_next": (CLERK, lambda site: site.one_roll_line()),
    "person_next": (CLERK, lambda site: (site.one_person(),)),
    "person_sides": (CLERK, lambda site: (site.one_person(),)),
    "person": (CLERK, lambda site: (site.one_person(),)),
    "person_file": (CLERK, lambda site: (site.one_person(),)),
    "person_enrolment": (CLERK, lambda site: (site.one_person(),)),
    "enrolment": (CLERK, _nothing),
    "enrolment_invitations": (CLERK, _nothing),
    "certification_due": (CLERK, _nothing),
    "one_stop_batches": (CLERK, _nothing),
    "one_stop_batch": (REVIEWER, lambda site: (site.one_batch(),)),
    "application": (CLERK, lambda site: (site.one_application("submitted"),)),
    "application_begin": (CLERK, lambda site: (site.one_person(),)),
    "application_correct": (CLERK, lambda site: (site.one_application("draft"),)),
    "application_notices": (CLERK, lambda site: (site.one_application("submitted"),)),
    "deliveries": (CLERK, _nothing),
    "delivery": (CLERK, lambda site: (site.one_delivery(),)),
    "delivery@checked": (CLERK, lambda site: (site.one_checked_delivery(),)),
    "delivery@half": (CLERK, lambda site: (site.one_half_delivery(),)),
    "delivery_complete": (CLERK, lambda site: (site.one_half_delivery(),)),
    "delivery_undo": (REVIEWER, lambda site: (site.one_delivery(),)),
    "delivery_line": (CLERK, lambda site: (site.one_delivery(), 5)),
    "delivery_changes": (CLERK, lambda site: (site.one_checked_delivery(),)),
    "feed_calendar": (CLERK, _nothing),
    "feeds": (CLERK, _nothing),
    "delivery_columns": (CLERK, lambda site: (site.one_unknown_delivery(),)),
    "possible_duplicates": (CLERK, _nothing),
    "possible_matches": (CLERK, _nothing),
    "possible_matches_decided": (CLERK, _nothing),
    "match_pattern": (CLERK, _nothing),
    "match_pattern_decision": (CLERK, lambda site: (site.one_pattern(),)),
    "nights": (CLERK, _nothing),
    "night": (CLERK, lambda site: (site.one_night(),)),
    "night_compare": (CLERK, lambda site: (site.one_night(),)),
    "night_moved": (CLERK, lambda site: (site.one_night(),)),
    "night_cancel": (CLERK, lambda site: (site.one_waiting_night(),)),
    "reports": (CLERK, _nothing),
    "report_month": (CLERK, _nothing),
    "picture": (CLERK, lambda site: ("units",)),
    "picture_flow": (CLERK, lambda site: (site.one_night(),)),
    "picture_feeds": (CLERK, _nothing),
    "report_people": (CLERK, _nothing),
    "report_zeroing": (CLERK, _nothing),
    "report_counts": (CLERK, _nothing),
    "report_counted": (CLERK, _nothing),
    "payments": (CLERK, _nothing),
    "contribution_plan": (CLERK, _nothing),
    "contribution_plan@finance": (FINANCE, _nothing),
    "contribution_people": (CLERK, _nothing),
    "contribution_batches": (REVIEWER, _nothing),
    "contribution_batch": (REVIEWER, lambda site: (site.one_batch_of_money(),)),
    "contribution_batch@finance": (FINANCE, lambda site: (site.one_batch_of_money(),)),
    "contribution_batch@draft": (CLERK, lambda site: (site.one_batch_of_money("draft"),)),
    "contribution_batch_people": (CLERK, lambda site: (site.one_batch_of_money(),)),
    "person_account": (CLERK, lambda site: (site.one_person(),)),
    "guides": (CLERK, _nothing),
    "guide": (CLERK, lambda site: ("county_clerk",)),
    "guide@village": (VILLAGE, lambda site: ("village_helper",)),
    "admin_users": (SYSTEM, _nothing),
    "admin_user_new": (SYSTEM, _nothing),
    "admin_user": (SECURITY, lambda site: (site.one_user(),)),
    "admin_failures": (SYSTEM, _nothing),
    "admin_system": (SYSTEM, _nothing),
    "admin_deputies": (SECURITY, _nothing),
    "admin_deputy_new": (SECURITY, _nothing),
    "admin_clients": (SECURITY, _nothing),
    "admin_client_new": (SECURITY, _nothing),
    "admin_audit": (AUDIT, _nothing),
    "admin_audit_object": (AUDIT, _nothing),
    "admin_disclosures": (AUDIT, _nothing),
    "admin_sign_ins": (AUDIT, _nothing),
    "admin_seals": (AUDIT, _nothing),
    "administration_policy": (REVIEWER, _nothing),
    "administration_policy_in_force": (REVIEWER, _nothing),
    "administration_policy_proposals": (REVIEWER, _nothing),
    "administration_policy_proposal": (SECURITY, lambda site: (site.one_proposal(),)),
    "administration_policy_rule": (SECURITY, lambda site: ("base_pension",)),
    "administration_policy_draft": (SECURITY, lambda site: ("base_pension",)),
}
"""Every page that opens by GET, by its route and, after an @, the state it is looked at in: who opens it, what its address
names."""

PARTS = {
    "today_figures", "person_next", "person_sides", "person_village", "work_roll_line_next", "picture", "picture_flow",
    "picture_feeds",
}  # fmt: skip
"""Parts of a page, which open as pages of their own without script; the help is that of the page they belong to."""

NO_PAGES = {
    "health_live", "health_ready", "api", "api_schema", "api_possible_matches", "api_match_decision", "api_gaps", "api_coverage",
    "api_e1", "api_applications", "api_application", "api_application_withdrawal", "api_application_changes", "api_eligibility",
    "api_deliveries", "api_delivery", "api_delivery_problems", "api_delivery_completion",  # answers for machines
    "administration", "mfa_authenticate",  # redirect
    "delivery_problems", "feed_template", "admin_audit_csv", "person_attachment", "case_closing_document", "work_report_photo",
    "report_table_xlsx", "report_counts_xlsx", "report_table_print", "report_zeroing_print", "night_print",
    "report_month_print", "guide_picture",  # files
    "person_timeline", "admin_users_search", "work_next", "night_offer",
    "application_next", "application_picture",  # parts of a page, and a step to the next one
}  # fmt: skip
POSTED = {
    "upload_start", "upload_piece", "upload_finish", "upload_cancel", "feed_contact",
    "person_note", "person_note_pin", "person_attach",
    "application_step", "application_notice_print", "enrolment_invitations_print", "person_years", "person_informed",
    "person_notice_print", "certification_reminders_print", "certification_due_xlsx",
    "person_number", "person_number_card", "deliveries_receive", "deliveries_approve",
    "deliveries_approve_selected", "deliveries_discard_selected", "delivery_approve", "delivery_discard",
    "delivery_retry", "delivery_again",
    "delivery_correction_file", "possible_duplicate_decide", "possible_duplicate_undo", "person_merge_undo", "work_name", "work_here",
    "work_filter_keep", "work_filter_drop",
    "work_list_xlsx", "work_list_print", "person_print", "case_assign", "work_one_stop", "one_stop_act", "one_stop_xlsx", "one_stop_print",
    "case_assignment_undo", "case_closing_undo", "case_take", "case_take_undo", "case_take_many", "case_release",
    "case_note", "case_close", "case_ask", "case_contact", "work_questions_seen", "work_question_withdraw",
    "work_report_handle", "work_report_ask", "work_report_numbers", "village_report", "village_answer",
    "night_run", "night_again", "admin_role_grant", "admin_user_act", "admin_role_end", "admin_deputy_end",
    "admin_client_revoke", "admin_audit_filter", "administration_policy_approve", "administration_policy_withdraw",
    "contribution_compute", "contribution_draft", "contribution_people_print", "contribution_people_xlsx", "contribution_act",
    "contribution_batch_print", "contribution_batch_xlsx",
    "set_language", "choose_role",
    "possible_match_decide", "possible_match_undo", "possible_match_numbers", "match_pattern_propose", "match_pattern_sign",
    "match_pattern_withdraw", "match_pattern_undo",
}  # fmt: skip
"""What is sent, never opened."""

__all__ = ["NO_PAGES", "PAGES", "PARTS", "PASSWORD", "POSTED", "Site", "serve"]
