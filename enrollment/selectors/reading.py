"""What the page of an application reads of it: the row with the person's number, the version with its papers."""

from __future__ import annotations

from django.contrib.postgres.aggregates import JSONBAgg
from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from enrollment.models import Application, ApplicationPaper, ApplicationVersion
from enrollment.selectors.applications import applications_in_scope
from foundation.accounts.actors import Actor
from foundation.primitives.errors import NotFound
from registry.selectors.numbers import first_number_of

_KEPT = (
    "(SELECT canonical_id FROM person_alias_at(now()) alias WHERE alias.person_id = enrollment_application.person_id)"
)


def get_application_shown(actor: Actor, application_id: int) -> Application:
    """Get one application in reach with `stored_number` and `kept_id`, whom its person was merged into. One query.

    Errors: NotAllowed; NotFound.
    """
    rows = applications_in_scope(actor).filter(pk=application_id)
    found = rows.annotate(stored_number=first_number_of("person_id"), kept_id=RawSQL(_KEPT, [])).first()
    if found is None:
        raise NotFound(_("There is no such application in your unit."), ids=[application_id])
    return found


def get_version_with_papers(application: Application) -> ApplicationVersion:
    """Get the current version with `listed_papers`: id, kind, attachment, name and type of each, by kind. One query."""
    papers = ApplicationPaper.objects.filter(version=OuterRef("pk")).order_by().values("version")
    listed = papers.annotate(
        listed=JSONBAgg(
            JSONObject(
                id="pk",
                kind="kind",
                attachment="attachment",
                name="attachment__file_name",
                type="attachment__content_type",
            ),
            order_by=("kind", "id"),
        )
    )
    rows = ApplicationVersion.objects.select_related("made_by", "made_by_system").annotate(
        listed_papers=Subquery(listed.values("listed"))
    )
    return rows.get(application=application, number=application.version)
