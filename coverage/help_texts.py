"""Help texts of the pages of possible matches, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "possible_matches": PageHelp(
        purpose=_("This page shows one person beside a roll record that may be that person's."),
        work=_(
            "Compare number, name, birth date and place, then decide with one key: s same person, n not the same, u "
            "cannot tell, v ask the village."
        ),
        after=_(
            "The next person follows at once; conclusions and gaps change with the next nightly run, and a decision can "
            "be undone within seven days."
        ),
    ),
    "possible_matches_decided": PageHelp(
        purpose=_("This list holds the decisions made on possible matches, the newest first."),
        work=_("Check what was decided, by whom and why; undo a wrong decision within seven days."),
        after=_("A match whose decision is undone goes back to the list of possible matches."),
    ),
    "possible_match_numbers": PageHelp(
        purpose=_("This page shows the two full numbers of a possible match."),
        work=_("State the purpose, then compare the numbers digit by digit."),
        after=_("The purpose is recorded with your name; go back to decide the match."),
    ),
    "match_pattern": PageHelp(
        purpose=_(
            "This page gathers possible matches that agree and differ in the same points, to be decided as a batch."
        ),
        work=_(
            "Look through the sample, leave out any pair that is different, and propose one decision with its reason."
        ),
        after=_("A second person must confirm the batch before it counts."),
    ),
    "match_pattern_decision": PageHelp(
        purpose=_("This page shows a batch decision and who proposed it."),
        work=_("Check its pairs; confirm it if somebody else proposed it, or withdraw your own."),
        after=_("A confirmed batch counts from the next nightly run and can be undone within seven days."),
    ),
}
"""Address name of a page -> its help."""
