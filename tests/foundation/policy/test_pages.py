"""The rules' pages: who reads them, what they show, proposing and approving through the browser's forms."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from foundation.accounts.constants import Role
from foundation.accounts.services import create_user, grant_role
from foundation.policy.models import ParameterProposal
from foundation.policy.selectors import get_parameter
from foundation.policy.services.reading import read_facts
from foundation.regions.selectors import get_unit

PASSWORD = "nine-lanterns-at-noon"
READERS = {Role.TOWNSHIP_CLERK, Role.COUNTY_CLERK, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER, Role.FINANCE, Role.SUPERVISOR,
           Role.VILLAGE_OFFICIAL, Role.SECADMIN, Role.AUDITOR}  # fmt: skip


@pytest.fixture
def sign_in(county):
    """Return a function that gives a signed-in English client for a role in Rugao."""

    def sign_in_as(role: Role, name: str = "", code: str = "320682") -> Client:
        user = create_user(
            actor=None, username=name or role.value, display_name=name, password=PASSWORD, must_change=False
        )
        grant_role(actor=None, user=user, role=role, unit=get_unit(code=code), valid_from=date(2018, 1, 1))
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return sign_in_as


def words(day: str = "2099-01-01", value: str = "160", **changes: str) -> dict[str, str]:
    return {"region": "江苏如皋", "effective_date": day, "value": value, "source": "order 7"} | changes


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_rules(sign_in, role):
    client = sign_in(role)
    expected = 200 if role in READERS else 403
    for route in ("administration_policy", "administration_policy_in_force", "administration_policy_proposals"):
        assert client.get(reverse(route)).status_code == expected, route
    may_draft = 200 if role == Role.SECADMIN else 403
    assert client.get(reverse("administration_policy_draft", args=["base_pension"])).status_code == may_draft


def test_the_list_says_what_holds_here_and_who_says_so(sign_in):
    page = sign_in(Role.COUNTY_CLERK).get(reverse("administration_policy")).content.decode()
    assert "148.00 yuan" in page
    assert "江苏省南通市如皋市" in page
    assert page.count('scope="row"') == len(read_facts())


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [("q=基础养老金", "base_pension/", "night_hour/"), ("topic=operation", "night_hour/", "base_pension/")],
)
def test_a_rule_is_found_by_name_and_topic(sign_in, query, shown, hidden):
    page = sign_in(Role.COUNTY_CLERK).get(f"{reverse('administration_policy')}?{query}").content.decode()
    assert shown in page
    assert hidden not in page


def test_the_list_takes_as_many_queries_as_one_rule(sign_in, django_assert_max_num_queries):
    client = sign_in(Role.COUNTY_CLERK)
    with django_assert_max_num_queries(12):
        client.get(reverse("administration_policy"))


@pytest.mark.parametrize(
    ("unit", "day", "said"),
    [
        ("如皋长江镇", "2018-12-31", "135.00 yuan"),
        ("320681", "2018-12-31", "88.00 yuan"),
        ("320682", "2019-01-01", "148.00 yuan"),
    ],
)
def test_what_holds_in_a_place_on_a_day(sign_in, unit, day, said):
    address = f"{reverse('administration_policy_in_force')}?unit={unit}&day={day}"
    assert said in sign_in(Role.SUPERVISOR).get(address).content.decode()


def test_an_unknown_place_is_reported(sign_in):
    answer = sign_in(Role.SUPERVISOR).get(f"{reverse('administration_policy_in_force')}?unit=美国&day=2019-01-01")
    assert answer.status_code == 422
    assert "No unit has this name" in answer.content.decode()


def test_every_rule_has_its_page_in_both_languages(sign_in):
    client = sign_in(Role.AUDITOR)
    for fact in read_facts():
        for language in ("en", "zh-hans"):
            client.cookies["django_language"] = language
            answer = client.get(reverse("administration_policy_rule", args=[fact.name]))
            assert answer.status_code == 200
            if language == "zh-hans":
                assert f"<h1>{fact.chinese}</h1>" in answer.content.decode()
    assert client.get(reverse("administration_policy_rule", args=["no_such_rule"])).status_code == 404


def test_a_value_is_proposed_approved_and_in_force(county, sign_in):
    chen, qian = sign_in(Role.SECADMIN, "chen"), sign_in(Role.SECADMIN, "qian")
    answer = chen.post(reverse("administration_policy_draft", args=["base_pension"]), words())
    proposal = ParameterProposal.objects.get()
    address = reverse("administration_policy_proposal", args=[proposal.pk])
    assert answer.headers["Location"] == address
    assert "Approve</button>" not in chen.get(address).content.decode()
    assert "Approve</button>" in qian.get(address).content.decode()
    own = chen.post(reverse("administration_policy_approve", args=[proposal.pk]))
    assert own.status_code == 409
    assert "a second person must approve it" in own.content.decode()
    assert qian.post(reverse("administration_policy_approve", args=[proposal.pk])).status_code == 302
    assert get_parameter("base_pension", unit=county, on=date(2099, 1, 1)).value == 16_000
    history = chen.get(reverse("administration_policy_rule", args=["base_pension"])).content.decode()
    assert "drafted by chen, approved by qian" in history
    again = qian.post(reverse("administration_policy_withdraw", args=[proposal.pk]))
    assert again.status_code == 409
    assert "qian" in again.content.decode()


def test_a_second_proposal_for_the_day_is_refused_with_the_first(sign_in):
    chen = sign_in(Role.SECADMIN, "chen")
    chen.post(reverse("administration_policy_draft", args=["base_pension"]), words())
    answer = chen.post(reverse("administration_policy_draft", args=["base_pension"]), words(value="170"))
    assert answer.status_code == 409
    assert (
        reverse("administration_policy_proposal", args=[ParameterProposal.objects.get().pk]) in answer.content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"value": "many"}, "In yuan"),
        ({"value": "1.005"}, "In yuan"),
        ({"value": ""}, "not both"),
        ({"no_rule": "on"}, "not both"),
        ({"source": ""}, "This field is required"),
        ({"effective_date": "2018-01-01"}, "is in the past"),
        ({"region": "朝阳"}, "No unit"),
        ({"value": '{"a": 1}'}, "same form as the current one"),
    ],
)
def test_a_wrong_form_is_shown_again_with_messages(sign_in, changes, complaint):
    answer = sign_in(Role.SECADMIN).post(
        reverse("administration_policy_draft", args=["base_pension"]), words(**changes)
    )
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert not ParameterProposal.objects.exists()


@pytest.mark.parametrize("name", ["base_pension", "delivery_loss_share", "gap_due_working_days", "night_hour"])
@pytest.mark.parametrize(
    "value", ["Infinity", "-Infinity", "NaN", "1e999", "1e-999", "9" * 1999, "[" * 1999, "[NaN]", "٣"]
)
def test_a_value_that_is_no_number_a_row_can_hold_is_refused_with_words(sign_in, name, value):
    answer = sign_in(Role.SECADMIN, "chen").post(
        reverse("administration_policy_draft", args=[name]), words(value=value)
    )
    assert answer.status_code in ((302, 422) if value == "٣" else (400, 422))
    assert ParameterProposal.objects.exists() == (answer.status_code == 302)


def test_another_county_s_rules_are_not_there_to_change(sign_in):
    chen, sun = sign_in(Role.SECADMIN, "chen"), sign_in(Role.SECADMIN, "sun", "320681")
    chen.post(reverse("administration_policy_draft", args=["base_pension"]), words())
    proposal = ParameterProposal.objects.get()
    assert sun.post(reverse("administration_policy_approve", args=[proposal.pk])).status_code == 404
    assert sun.post(reverse("administration_policy_draft", args=["base_pension"]), words()).status_code == 404
