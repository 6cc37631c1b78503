"""Help texts of the pages of contributions and benefits, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "payments": PageHelp(
        purpose=_(
            "This page counts those the government pays the yearly contribution for after the last night, by township."
        ),
        work=_("Compare the persons and amounts with your budget."),
        after=_("Who is paid for in a year, with the reason for everybody who is not, is the plan of the year."),
    ),
    "contribution_plan": PageHelp(
        purpose=_(
            "This page shows the plan of a year: how many people the government pays the contribution for, how much, and how far the "
            "money is."
        ),
        work=_("Open a number to see its people; look at what changed, and at the lists and rules the plan rests on."),
        after=_("The county's clerk begins a batch for those who are in none; each night computes the plan anew."),
    ),
    "contribution_people": PageHelp(
        purpose=_("This page lists people of a plan: paid for with category and amount, or excluded with the reason."),
        work=_("Filter the list; print it by township and village, or export it, with a purpose."),
        after=_(
            "Who is wrongly excluded is put right where the reason lies: in the list, on the roll, or by a decision on a match."
        ),
    ),
    "contribution_batches": PageHelp(
        purpose=_("This page lists the batches of contributions: money for many people that moves as one."),
        work=_("Open a batch to see where it stands and what it waits for."),
        after=_("Each step is taken by another person; the column says which role is next."),
    ),
    "contribution_batch": PageHelp(
        purpose=_("This page shows one batch: what it comes to, where it stands, who signed, what is still missing."),
        work=_(
            "Take the step that is open to you: certify, check, freeze, review, approve, enter the money, credit, close."
        ),
        after=_(
            "Frozen, its people and amounts never change; a mistake is returned before the money comes, or taken back after."
        ),
    ),
    "contribution_batch_people": PageHelp(
        purpose=_("This page lists the people of a frozen batch, with category and amount."),
        work=_("Filter, print or export the list; of a credited batch, select the people whose money is taken back."),
        after=_("Taking back is a batch of its own, with the same signatures; the plan pays again only afterwards."),
    ),
    "person_account": PageHelp(
        purpose=_("This page shows a person's individual account, and what the plan of each year says of the person."),
        work=_("Open a batch to see its signatures, or the line of the list that names the person."),
        after=_("A mistake is put right by a counter-entry; no entry is ever changed."),
    ),
}
"""Address name of a page -> its help."""
