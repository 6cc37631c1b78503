"""Help texts of the pages of files, feeds, persons' notes and possible duplicates, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "person_file": PageHelp(
        purpose=_("This page holds the notes and attachments of one person."),
        work=_("Add a note or a document, and pin the note that colleagues must read first."),
        after=_(
            "Notes and attachments stay with the person and are shown on the person's page to everyone who may open it."
        ),
    ),
    "person_number": PageHelp(
        purpose=_("This page shows a person's full ID number, or compares it with the number on an identity card."),
        work=_("State the purpose, then read the number or compare it."),
        after=_("The purpose is recorded with your name; close the page when you have finished."),
    ),
    "deliveries": PageHelp(
        purpose=_("This list holds the files that departments sent, the newest first."),
        work=_("Send a file, check what a waiting file would change, and apply or discard it if your role may do so."),
        after=_("Applied files are used by the next nightly run, which finds the gaps of the month."),
    ),
    "delivery": PageHelp(
        purpose=_(
            "This page shows one file: how it was read, what happened to each line, and what it changed or would change."
        ),
        work=_(
            "Check the problem lines and the changes; then apply or discard the file, or download the correction file for "
            "the sender."
        ),
        after=_("After applying, start a nightly run or wait for tonight's; the file can be undone within seven days."),
    ),
    "delivery_complete": PageHelp(
        purpose=_("Some parts of this list did not come; here you state whether it is complete without them."),
        work=_("Look at who would leave the list, ask the sender, and give the reason in words."),
        after=_("Once the list is declared complete the next nightly run uses it; until then the earlier parts count."),
    ),
    "delivery_undo": PageHelp(
        purpose=_("Here you undo the application of a file that should not have been applied."),
        work=_("Read what goes back to its earlier state, give the reason, and confirm."),
        after=_("The data are as before the file; the next nightly run finds the gaps again without it."),
    ),
    "delivery_line": PageHelp(
        purpose=_("This page shows one line of a file exactly as it was sent."),
        work=_("Compare it with the reason given, or with the person it was read as."),
        after=_("If the line is wrong, ask the sender to correct it; nothing is changed here."),
    ),
    "delivery_changes": PageHelp(
        purpose=_("This list names line by line what a file changes compared with the one before it."),
        work=_("Filter by the kind of change, and open a person whose change looks wrong."),
        after=_("When the changes are right, go back to the file and apply it."),
    ),
    "delivery_columns": PageHelp(
        purpose=_("The system does not know the columns of this file; here you state which is which."),
        work=_("Choose the kind of data, then the meaning of each column, and check it against the header."),
        after=_("The file is read again at once, and the next file with these headers is recognised by itself."),
    ),
    "feed_calendar": PageHelp(
        purpose=_("This page shows which data each department owes by which day, and what has arrived."),
        work=_(
            "Look for what is overdue or no longer valid, and call the contact named; a clerk of the county can add contacts."
        ),
        after=_(
            "When the file arrives, apply it under “Files received”; gaps resting on old data stay open until then."
        ),
    ),
    "feeds": PageHelp(
        purpose=_("This page lists the kinds of data the system reads, with the columns each one needs."),
        work=_("Download the blank form of a kind and send it to a department that asks for one."),
        after=_("Departments may also send their own tables; the system recognises most of them."),
    ),
    "possible_duplicates": PageHelp(
        purpose=_("This page shows pairs of records in the files that may be one person entered twice."),
        work=_(
            "A reviewer compares the two and decides: the same person, which merges them, or not the same; keys s and n do it."
        ),
        after=_("Until the decision they count as two persons; a merge can be undone."),
    ),
}
"""Address name of a page -> its help."""
