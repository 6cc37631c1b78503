"""Every cell of the one table, written out a second time by hand: a change must be made twice, knowingly."""

import pytest

from foundation.accounts.constants import ADMINISTRATORS, Role
from foundation.accounts.permissions import ALLOWED, CLIENT_ROLE, SYSTEM_ROLE, Action, is_allowed

COLUMNS = [Role.VILLAGE_OFFICIAL, Role.TOWNSHIP_CLERK, Role.COUNTY_CLERK, Role.COUNTY_REVIEWER, Role.COUNTY_APPROVER,
           Role.FINANCE, Role.SUPERVISOR, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR, SYSTEM_ROLE, CLIENT_ROLE]  # fmt: skip

TABLE = """
                         vil twn clk rev app fin sup sys sec aud job api
view_today                x   x   x   x   x   x   x   x   x   x   .   .
view_board                x   x   x   x   x   x   x   .   .   .   .   .
view_case_data            x   x   x   x   x   .   x   .   .   .   .   .
view_deliveries           .   x   x   x   x   .   x   .   .   .   .   .
view_nights               .   x   x   x   x   .   x   x   .   .   .   .
receive_delivery          .   x   x   .   .   .   .   .   .   .   x   x
apply_delivery            .   .   x   x   .   .   .   .   .   .   x   .
run_night                 .   .   x   x   .   .   .   .   .   .   x   .
decide_pair               .   .   x   x   .   .   .   .   .   .   .   x
merge_persons             .   .   .   x   .   .   .   .   .   .   .   .
take_case                 .   x   x   x   .   .   .   .   .   .   .   .
file_report               x   x   x   x   .   .   .   .   .   .   .   .
answer_question           x   x   x   x   .   .   .   .   .   .   .   .
handle_report             .   x   x   x   .   .   .   .   .   .   .   .
prepare_application       x   x   x   .   .   .   .   .   .   .   .   x
accept_application        .   x   x   .   .   .   .   .   .   .   .   .
review_application        .   x   x   .   .   .   .   .   .   .   .   .
check_application         .   .   .   x   .   .   .   .   .   .   .   .
decide_application        .   .   .   .   x   .   .   .   .   .   .   .
confirm_entry             .   .   x   x   .   .   .   .   .   .   .   .
close_case_low_risk       .   .   x   x   .   .   .   .   .   .   .   .
close_case_restricted     .   .   .   x   .   .   .   .   .   .   .   .
view_batches              .   x   x   x   x   x   x   .   .   .   x   .
prepare_batch             .   .   x   .   .   .   .   .   .   .   .   .
check_batch               .   x   x   .   .   .   .   .   .   .   .   .
review_batch              .   .   .   x   .   .   .   .   .   .   .   .
approve_batch             .   .   .   .   x   .   .   .   .   .   .   .
fund_batch                .   .   .   .   .   x   .   .   .   .   .   .
credit_batch              .   .   x   .   .   .   .   .   .   .   x   .
show_number               .   x   x   x   x   .   .   .   .   .   .   .
export_lists              .   x   x   x   x   .   x   .   .   .   .   .
export_data               .   .   x   x   x   .   .   .   .   .   x   .
view_failures             .   .   .   .   .   .   .   x   .   .   .   .
view_users                .   .   .   .   .   .   .   x   x   .   .   .
manage_users              .   .   .   .   .   .   .   x   .   .   .   .
manage_roles              .   .   .   .   .   .   .   .   x   .   .   .
manage_clients            .   .   .   .   .   .   .   .   x   .   x   .
manage_policy             .   .   .   .   .   .   .   .   x   .   .   .
read_audit                .   .   .   .   .   .   .   .   .   x   .   .
"""
LINES = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()[1:]}


@pytest.mark.parametrize("action", list(Action))
def test_each_cell_is_as_written(action):
    written = dict(zip(COLUMNS, LINES[action], strict=True))
    assert {role: is_allowed(role, action) for role in COLUMNS} == {role: cell == "x" for role, cell in written.items()}


def test_every_role_has_a_line_and_administrators_see_no_cases():
    assert ALLOWED.keys() == set(Role)
    for role in ADMINISTRATORS:
        assert not ALLOWED[role] & {Action.VIEW_BOARD, Action.VIEW_CASE_DATA, Action.SHOW_NUMBER, Action.EXPORT_DATA}


def test_an_unknown_role_is_an_error_and_not_a_yes():
    with pytest.raises(ValueError, match="mayor"):
        is_allowed("mayor", Action.VIEW_BOARD)
