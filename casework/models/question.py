"""Questions to a village: who asks whom about whom, with a copy of what the question rests on, and the answers to it."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.constants import AnswerValue, QuestionAbout, QuestionState
from casework.models.gap import one_subject
from foundation.primitives.personal_texts import shown_roll_no
from registry.constants import Scheme


class Question(models.Model):
    """One question about a person, a roll line or a report. `evidence` is what the village is shown: [{"term": .., "text": ..}].

    Two answers that differ both stay; the state says only that there is one.
    """

    county = models.ForeignKey("regions.Unit", models.PROTECT, related_name="+")
    unit = models.ForeignKey("regions.Unit", models.PROTECT, null=True, related_name="+", help_text=_("Who is asked."))
    about = models.CharField(max_length=8, choices=QuestionAbout.choices)
    person = models.ForeignKey("registry.Person", models.PROTECT, null=True, related_name="questions")
    scheme = models.CharField(max_length=16, blank=True, choices=Scheme.choices)
    roll_no = models.CharField(max_length=40, blank=True)
    gap = models.ForeignKey("casework.Gap", models.PROTECT, null=True, related_name="questions")
    report = models.ForeignKey("registry.FieldReport", models.PROTECT, null=True, related_name="questions")
    subject_name = models.CharField(max_length=100)
    roll_name = models.CharField(max_length=100, blank=True, help_text=_("Name on the roll, of a possible match."))
    text = models.CharField(max_length=1000, blank=True)
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=QuestionState.choices, default=QuestionState.OPEN)
    due_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(max_length=150)
    asked_role = models.CharField(max_length=32)
    asked_unit_code = models.CharField(max_length=12)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, help_text=_("When it was first answered."))
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text=_("When whoever asked had seen the answers."))

    class Meta:
        verbose_name = _("question")
        triggers = [
            pgtrigger.ReadOnly(
                name="state_only", exclude=["state", "answered_at", "withdrawn_by", "withdrawn_at", "seen_at"]
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.CheckConstraint(name="question_about", condition=Q(about__in=QuestionAbout.values)),
            models.CheckConstraint(
                name="question_subject",
                condition=Q(one_subject()) & ~Q(about=QuestionAbout.REPORT)
                | Q(about=QuestionAbout.REPORT, report__isnull=False, scheme="", roll_no=""),
            ),
            models.CheckConstraint(name="question_has_text", condition=~Q(text="") | Q(about=QuestionAbout.MATCH)),
            models.CheckConstraint(
                name="question_state",
                condition=Q(state=QuestionState.OPEN, answered_at__isnull=True, withdrawn_at__isnull=True)
                | Q(state=QuestionState.ANSWERED, answered_at__isnull=False, withdrawn_at__isnull=True)
                | Q(state=QuestionState.WITHDRAWN, withdrawn_at__isnull=False, withdrawn_by__gt=""),
            ),
        ]
        indexes = [
            # what a village is asked, the most urgent first
            models.Index(
                name="question_open", fields=["county", "due_on", "id"], condition=Q(state=QuestionState.OPEN)
            ),
            models.Index(name="question_of_asker", fields=["asked_by", "-asked_at"]),
            models.Index(name="question_of_person", fields=["person"], condition=Q(person__isnull=False)),
        ]

    @property
    def shown_roll_no(self) -> str:
        """The roll number, masked where it reads as an identity number."""
        return shown_roll_no(self.roll_no)

    def __str__(self) -> str:
        return f"question {self.pk} {self.state}"


class Answer(models.Model):
    """One answer to a question; another, also of the same person, is another row. `uuid` is made by whoever sends it."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    uuid = models.UUIDField()
    value = models.CharField(max_length=8, choices=AnswerValue.choices)
    note = models.CharField(max_length=1000, blank=True)
    answerer_id = models.BigIntegerField()
    answered_by = models.CharField(max_length=150)
    answered_role = models.CharField(max_length=32)
    answered_unit_code = models.CharField(max_length=12)
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        constraints = [
            models.UniqueConstraint(name="answer_once", fields=["uuid"]),
            models.CheckConstraint(name="answer_value", condition=Q(value__in=AnswerValue.values)),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} {self.value}"
