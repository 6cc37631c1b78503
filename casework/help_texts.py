"""Help texts of the pages of the work on gaps and of the village, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "work_reports": PageHelp(
        purpose=_("This list holds what villages have reported about their people."),
        work=_("Open a report to act on it: write what you did, ask the village once more, or look at the person."),
        after=_("A report dealt with leaves the list; what it changes about a gap is decided by the next nightly run."),
    ),
    "work_report": PageHelp(
        purpose=_("This page shows one village report: who reported what, on which day, and what it is based on."),
        work=_(
            "Verify it with the evidence named, then mark it as dealt with and write down what you did; ask the village "
            "if something is unclear."
        ),
        after=_(
            "Your note stays with the report, the village sees that it was dealt with, and the person's page shows both."
        ),
    ),
    "work_questions": PageHelp(
        purpose=_("This list holds the questions you have put to villages, and their answers."),
        work=_(
            "Read new answers, open the case or the possible match they belong to, and mark them as read; withdraw a "
            "question that is no longer needed."
        ),
        after=_("An answer is evidence only: you still decide the match, or close the case, on its own page."),
    ),
    "case_assignments": PageHelp(
        purpose=_("This page records every assignment made by hand: who gave which cases to whom."),
        work=_("Open an assignment to see its cases, or undo it while that is still possible."),
        after=_("The colleague named finds the cases on Today under “My open cases”."),
    ),
    "case_closings": PageHelp(
        purpose=_("This page records the cases closed with a reason, and the evidence each rests on."),
        work=_("Check a reason or its document, or undo a closing while that is still possible."),
        after=_("A case whose gap appears again for another cause is opened again by the nightly run."),
    ),
    "case_close": PageHelp(
        purpose=_("Here you close the selected cases with a reason."),
        work=_(
            "Choose the reason, give the supporting evidence and its date, and write a note where the form asks for one."
        ),
        after=_(
            "The cases leave the work list; the closing can be undone under “Closed with reason” for a limited time."
        ),
    ),
    "village": PageHelp(
        purpose=_("This page shows the people of your village and the questions put to you."),
        work=_(
            "Answer the questions first; then open a person to report what you know, with two taps and a few words."
        ),
        after=_("Your township deals with each report; below your list you see which ones have been dealt with."),
    ),
    "village_person": PageHelp(
        purpose=_("This page is for reporting about one person of your village."),
        work=_(
            "Choose what you have found out, write a short note, and add a telephone number, a photo or another day if "
            "you have one."
        ),
        after=_("The report goes to your township with your name and the day; earlier reports stay as they are."),
    ),
    "village_unlisted": PageHelp(
        purpose=_("Here you report a poor person of your village who is not on the list."),
        work=_("Write the name and where the person lives; the ID number is not needed."),
        after=_("Your township finds out who the person is and which papers are needed."),
    ),
    "work_report_numbers": PageHelp(
        purpose=_("This page shows the full numbers of the people a report may be about."),
        work=_("State the purpose, then compare the numbers."),
        after=_("The purpose is recorded with your name; go back to deal with the report."),
    ),
}
"""Address name of a page -> its help."""
