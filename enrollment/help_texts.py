"""Help texts of the pages of applications and enrolment, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "enrolment": PageHelp(
        purpose=_("This page is the queue of applications that wait for somebody of your unit, by step and due day."),
        work=_("Open an application to take its next step, or print the invitations to those who should apply."),
        after=_("After a step the application goes to the next role, and the same page shows you the next one."),
    ),
    "enrolment_invitations": PageHelp(
        purpose=_("This page lists the people who turn 60 soon, with the invitation each was last given."),
        work=_("Choose the people, or all of them, and print the invitations, a sheet each."),
        after=_("Have the village deliver them, and log who was told."),
    ),
    "certification_due": PageHelp(
        purpose=_(
            "This page lists who draws the benefit and has no evidence of life in the window that ends soon or ended."
        ),
        work=_(
            "Call or visit the person and log each attempt; print reminders for those selected; open a person to enter that they "
            "were seen."
        ),
        after=_(
            "Evidence removes the person with the next nightly run; without any, a pause is applied for and decided by others."
        ),
    ),
    "person_certification": PageHelp(
        purpose=_(
            "This page shows one person's window of certification and the evidence of life: the day and the kind of source."
        ),
        work=_("Enter the day you saw or heard the person, at home, at the counter or by telephone with picture."),
        after=_("The next nightly run counts it, and the person leaves the list of those to be certified."),
    ),
    "one_stop_batches": PageHelp(
        purpose=_(
            "This page lists the one-stop batches of your unit: many people enrolled by one act, without papers of their own."
        ),
        work=_("Open a batch to look at it, or begin one from the work list."),
        after=_("A batch is reviewed and approved by two others; the next nightly run puts it into effect."),
    ),
    "one_stop_batch": PageHelp(
        purpose=_("This page shows whom one batch enrols, whom it excludes and why, and who signed it."),
        work=_(
            "Look at the reasons and at some of the people, then review or approve it; cancel it where it is wrong: it cannot be changed."
        ),
        after=_(
            "Approved, it is put into effect by the next nightly run, which compares everybody once more; until then it can be cancelled."
        ),
    ),
    "application": PageHelp(
        purpose=_(
            "This page shows one application: what is asked for, its papers, what was checked, and every step taken."
        ),
        work=_(
            "Take the step that is yours, for example accept, review, check or decide; send it back with what is missing "
            "where something is."
        ),
        after=_("Each signature is another person's; once decided and entered in the pension system, the gap closes."),
    ),
    "application_correct": PageHelp(
        purpose=_("Here you correct an application that was sent back or is still a draft."),
        work=_("Change what was named as missing or wrong, and add the papers."),
        after=_("Submitted again, it continues at the step that sent it back."),
    ),
    "application_notices": PageHelp(
        purpose=_("This page holds the notices of an application, ready to print."),
        work=_("Read the notice, print it, and have it handed to the person."),
        after=_("Log that the person was told, so that the periods count from the right day."),
    ),
    "application_begin": PageHelp(
        purpose=_("Here you prepare an application for a person."),
        work=_("Choose what is asked for, fill in what the files do not say, and add photos of the papers."),
        after=_("Submitted, it goes to the township's queue; saved, it stays a draft."),
    ),
    "person_enrolment": PageHelp(
        purpose=_(
            "This page holds what concerns one person's enrolment: applications, entries, years paid and notices."
        ),
        work=_("Look at what was decided, record years paid elsewhere, or begin an application."),
        after=_("What is recorded here is shown on the person's page and counts in the next nightly run."),
    ),
}
"""Address name of a page -> its help."""
