"""The mark that a database was made for a demonstration (its sign-ins are printed, so production refuses it), and its business time."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DemoMark(models.Model):
    """At most one row, set while the database was empty; it can never be removed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    marked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("demo mark")
        triggers = [pgtrigger.Protect(name="for_ever", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.CheckConstraint(name="demomark_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return "demo"


class DemoTime(models.Model):
    """Grain: one setting of the demonstration's clock: from the real moment `set_at` on, business time runs on from `business_at`.

    The newest counts. Business time never goes back: rows are dated by it.
    """

    set_at = models.DateTimeField()
    business_at = models.DateTimeField()

    class Meta:
        verbose_name = _("demo time")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [models.UniqueConstraint(fields=["set_at"], name="demotime_one_at_a_moment")]

    def __str__(self) -> str:
        return f"demo time {self.pk}"
