"""Help texts of the pages of signing in, Today, persons, the work list, reports, guides and administration, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "account_login": PageHelp(
        purpose=_("This is where you sign in."),
        work=_("Enter your user name and password; some roles enter a code from their phone next."),
        after=_("You come to the page of your day; if you are locked out, call your system administrator."),
    ),
    "account_inactive": PageHelp(
        purpose=_("This account has been closed."),
        work=_("Call your system administrator if you still need it."),
        after=_("You can sign in again once the account has been opened."),
    ),
    "account_logout": PageHelp(
        purpose=_("Here you sign out."),
        work=_("Confirm it, above all on a computer that others use."),
        after=_("To go on working, sign in again."),
    ),
    "account_change_password": PageHelp(
        purpose=_("Here you change your password."),
        work=_("Enter the old password once and the new one twice; the rules are beside the field."),
        after=_("The new password counts at once; other browsers where you are signed in are signed out."),
    ),
    "second_factor": PageHelp(
        purpose=_("This page is about the code from your phone that you enter after the password."),
        work=_("Set up an authenticator app with the picture shown, and keep the recovery codes in a safe place."),
        after=_(
            "From then on you are asked for a code when you sign in; if you lose the phone, call your security administrator."
        ),
    ),
    "mfa_authenticate": PageHelp(
        purpose=_("Your password was right; now a code from your phone is needed."),
        work=_("Enter the six digits of your authenticator app, or a recovery code."),
        after=_(
            "You come to the page of your day; without phone and recovery codes, call your security administrator."
        ),
    ),
    "today": PageHelp(
        purpose=_("This page shows what waits for you and your unit today."),
        work=_("Begin with what is red, which is overdue; each figure opens the list it counts."),
        after=_("When your tiles show nothing more, look at the gaps of your unit and at the rates below."),
    ),
    "find_person": PageHelp(
        purpose=_("Here you find a person of the registered poor or on a pension roll."),
        work=_("Enter an ID number, its last six digits, a name or pinyin, a household number, or village and name."),
        after=_("Open the person to see the conclusion, the open gaps and what to do now."),
    ),
    "work_list": PageHelp(
        purpose=_(
            "This list holds the open gaps of your unit, the gravest first: each is something that should be otherwise "
            "about a person."
        ),
        work=_("Filter it, then take, assign or open a case; all of it works by keyboard."),
        after=_(
            "Work the case on the person's page; its gap closes by itself once the data are right, or with a reason you give."
        ),
    ),
    "work_name": PageHelp(
        purpose=_("This list holds the open gaps of the people whose name you looked for."),
        work=_("Open a case, or remove the name to see the whole list again."),
        after=_("Work the case on the person's page."),
    ),
    "case_assign": PageHelp(
        purpose=_("Here you see who would get the selected cases before anything is assigned."),
        work=_("Choose the colleague or the office, and check the numbers."),
        after=_("After confirming, the cases are on that colleague's list; it can be undone."),
    ),
    "work_one_stop": PageHelp(
        purpose=_(
            "Here you see whom a one-stop batch of the selected people would enrol, whom not, and why, before it is proposed."
        ),
        work=_(
            "Open a reason to see its people by name, choose the day the conditions are tested on, and propose the batch."
        ),
        after=_("Somebody else reviews it and a third person approves it; who is excluded keeps the gap and the case."),
    ),
    "work_roll_line": PageHelp(
        purpose=_("This page shows a record of a pension roll whose person is not in the registered poor files."),
        work=_("Compare what the roll and the other files say, and follow “What to do now”."),
        after=_("The gap closes once the roll is corrected, or with a reason and evidence."),
    ),
    "person": PageHelp(
        purpose=_("This page holds all that is known about a person: conclusion, open gaps, evidence and history."),
        work=_(
            "Read “What to do now” and begin there: ask the village, log a contact, write a note, or close with a reason."
        ),
        after=_("The key j opens the next case of your list; the nightly run closes the gap once the data are right."),
    ),
    "reports": PageHelp(
        purpose=_(
            "This is the statutory monthly table: how many of the registered poor are insured and draw the benefit."
        ),
        work=_("Choose day, population and unit; a figure opens the people it counts."),
        after=_("Download or print the table, or open “Zeroing” to see what is still open."),
    ),
    "report_month": PageHelp(
        purpose=_("This is the month on one page: the rates, what changed since last month, and pictures."),
        work=_("Choose the unit and the day, and check the figures that moved most."),
        after=_("Print it for the meeting; each figure and each mark of a picture opens its people."),
    ),
    "report_people": PageHelp(
        purpose=_("This list names the people behind a figure of a report."),
        work=_("Filter it, open a person, or download the list if your role may do so."),
        after=_("Cases of these people are worked from the work list."),
    ),
    "report_zeroing": PageHelp(
        purpose=_("This page shows how far each unit is from zero: the open gaps without a confirmed reason."),
        work=_("Look at the units and kinds with the most and the oldest gaps."),
        after=_("A figure opens its people; print the page for the units concerned."),
    ),
    "report_counts": PageHelp(
        purpose=_("Here you make a table of your own from the results of the nightly run."),
        work=_("Choose what is counted by row and by column, and filter."),
        after=_("Each figure opens its people; the table can be downloaded."),
    ),
    "report_counted": PageHelp(
        purpose=_("This list names the people behind a figure of your own table."),
        work=_("Open a person, or go back and change the table."),
        after=_("Cases of these people are worked from the work list."),
    ),
    "guides": PageHelp(
        purpose=_("This page lists the guides: one page for each role."),
        work=_("Open the guide of your own role, or another to see what a colleague does."),
        after=_("Each guide prints on one sheet of paper."),
    ),
    "guide": PageHelp(
        purpose=_("This is the guide of one role, on one page."),
        work=_("Read what waits for the role, how it is done, and who does the rest."),
        after=_("Print it, and keep it beside the screen until you no longer need it."),
    ),
    "style": PageHelp(
        purpose=_("This page shows every part pages are made of."),
        work=_("Programmers compare new pages with it."),
        after=_("Nothing here is data."),
    ),
    "admin_users": PageHelp(
        purpose=_("This list holds the accounts of your unit and below."),
        work=_("Find an account by name, role or state, and open it."),
        after=_("System administrators create and close accounts; security administrators grant roles."),
    ),
    "admin_user_new": PageHelp(
        purpose=_("Here the system administrator creates an account."),
        work=_("Enter name, user name and employing unit as in the written request."),
        after=_("The first password is shown once; a security administrator then grants the role."),
    ),
    "admin_user": PageHelp(
        purpose=_("This page shows one account: its roles, its state and its history."),
        work=_(
            "System administrators close, open or unlock it; security administrators grant and end roles and reset the "
            "second factor."
        ),
        after=_("Each act is recorded and counts at once."),
    ),
    "admin_user_act": PageHelp(
        purpose=_("Here you confirm an act on an account."),
        work=_("Read what it does, and confirm."),
        after=_("It counts at once and is recorded with your name."),
    ),
    "admin_failures": PageHelp(
        purpose=_("This list holds files and nightly runs that ended with an unforeseen error."),
        work=_("Note the number, and look in the server's log for the error under it."),
        after=_("The county tries again or discards the file once the cause is gone."),
    ),
    "admin_system": PageHelp(
        purpose=_("This page shows whether database, worker, disk and backup are working."),
        work=_("Look at what needs attention, and do what is written beside it."),
        after=_("Come back until everything is working; Today shows the same in short."),
    ),
    "admin_deputies": PageHelp(
        purpose=_("This list holds who deputises for whom, and on which days."),
        work=_("Appoint a deputy before a colleague is away, or end a deputy early."),
        after=_("The deputy changes to the role in the menu under the name; the audit log records both."),
    ),
    "admin_deputy_new": PageHelp(
        purpose=_("Here the security administrator appoints a deputy."),
        work=_("Choose the absent colleague's role, the deputy, and the days."),
        after=_("It begins and ends by itself on those days."),
    ),
    "admin_clients": PageHelp(
        purpose=_("This list holds the departments whose systems may ask this one, and for what."),
        work=_(
            "Check the unit, the permitted operations and the end of each token; revoke one that is no longer needed."
        ),
        after=_("Every answer to a department is in the list of disclosures, which the auditor reads."),
    ),
    "admin_client_new": PageHelp(
        purpose=_("Here the security administrator issues a token for a department's system."),
        work=_("Enter department, unit, permitted operations and end date as in the signed agreement."),
        after=_("The token is shown once: hand it to the department by a safe way."),
    ),
    "admin_audit": PageHelp(
        purpose=_("This is the audit log: who did what, when and with what outcome."),
        work=_("Filter by person, object, activity or day; look at refusals and at who viewed persons."),
        after=_("Report what looks wrong to the head of the agency; nothing in the log can be changed."),
    ),
    "admin_audit_object": PageHelp(
        purpose=_("This page gathers what was viewed and changed of one object."),
        work=_("Enter its kind and number as they stand in the log."),
        after=_("Compare it with what the people named say."),
    ),
    "admin_disclosures": PageHelp(
        purpose=_("This list holds every answer to a department and every exported file."),
        work=_("Look at the largest ones and at their purposes."),
        after=_("Ask the person named where a purpose does not fit the work."),
    ),
    "admin_sign_ins": PageHelp(
        purpose=_("This list holds who signed in, from where, and who failed to."),
        work=_("Look for many failures, odd hours and unknown addresses."),
        after=_("Call the person; the system administrator can close the account."),
    ),
    "admin_seals": PageHelp(
        purpose=_("This page shows that the log is complete: new entries are sealed every hour."),
        work=_("Check that no seal is missing or broken."),
        after=_("If one does not fit, stop and report it to the head of the agency at once."),
    ),
    "administration_policy": PageHelp(
        purpose=_("This list holds the policy parameters: amounts, ages, days and their sources."),
        work=_("Find a parameter and open it to see its values by region and time."),
        after=_("A security administrator proposes a new value, and a second one approves it."),
    ),
    "administration_policy_in_force": PageHelp(
        purpose=_("This table shows which values count in each region on a day."),
        work=_("Choose the day, and compare the regions."),
        after=_("Open a parameter to see the document behind a value."),
    ),
    "administration_policy_proposals": PageHelp(
        purpose=_("This list holds values that were proposed and not yet approved."),
        work=_("Open a proposal to check it against the document."),
        after=_("After approval it counts from its first day on."),
    ),
    "administration_policy_proposal": PageHelp(
        purpose=_("This page shows a proposed value, its source and who proposed it."),
        work=_("Compare it with the document; approve it if somebody else proposed it, or withdraw your own."),
        after=_("An approved value counts from its first day on."),
    ),
    "administration_policy_rule": PageHelp(
        purpose=_("This page shows one parameter: its values by region and time, with the document behind each."),
        work=_("Check which value counts in your unit today."),
        after=_("Where the document has changed, a security administrator proposes a new value."),
    ),
    "administration_policy_draft": PageHelp(
        purpose=_("Here a security administrator proposes a new value of a parameter."),
        work=_("Enter region, first day, value and the document as published."),
        after=_("A second security administrator approves it; until then the old value counts."),
    ),
}
"""Address name of a page -> its help."""
