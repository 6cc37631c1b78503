"""Help texts of the pages of nightly runs, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "nights": PageHelp(
        purpose=_("This list holds the nightly runs, which compare all files and find the gaps."),
        work=_("See whether the last run is done; start one yourself after applying files, if your role may do so."),
        after=_("Open a run to see what it found, and compare it with the one before."),
    ),
    "night": PageHelp(
        purpose=_("This page shows one nightly run: its steps, the lists it used, and the gaps it found and closed."),
        work=_("Check that each list is the one you expect, and look into what changed most."),
        after=_("Its gaps are on the work list; “Compare” names the persons whose conclusion changed."),
    ),
    "night_compare": PageHelp(
        purpose=_("This page compares two nightly runs: who moved from which conclusion to which."),
        work=_("Choose the other run, and follow a figure to its persons."),
        after=_("A large change usually comes from one file: open the list of persons to see which."),
    ),
    "night_moved": PageHelp(
        purpose=_("This list names the persons whose conclusion changed between two nightly runs."),
        work=_("Open a person to see why, or filter by the conclusions."),
        after=_("What is wrong is corrected in the file it comes from, or decided as a possible match."),
    ),
    "night_cancel": PageHelp(
        purpose=_("Here you cancel a nightly run that is waiting or running."),
        work=_("Confirm only if the wrong date or the wrong files were used."),
        after=_("Nothing of a cancelled run is published; start another when the files are right."),
    ),
}
"""Address name of a page -> its help."""
