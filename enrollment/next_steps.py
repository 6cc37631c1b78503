"""What to do now where an application answers a gap, and about certification of life. Registered with casework by apps.py."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.constants import Desk, GapKind
from casework.models import Gap
from casework.next_steps import Begin, NextStep, Steps, of_person
from coverage.constants import DeskReason
from enrollment.constants import ApplicationKind
from foundation.accounts.permissions import Action

K, G = ApplicationKind, GapKind


def apply_for(kind: ApplicationKind, text: Promise) -> NextStep:
    """Return the step that begins an application of a kind."""

    def address(gap: Gap) -> str:
        return f"{reverse('application_begin', args=[gap.person_id])}?kind={kind.value}" if gap.person_id else ""

    return NextStep(
        text,
        _("the papers of this kind; what is missing is named once, all together"),
        Action.PREPARE_APPLICATION,
        begin=Begin(_("Begin the application"), address),
    )


REGISTER = apply_for(K.REGISTER, _("Apply for enrolment"))
DIRECT_INCLUSION = apply_for(K.DIRECT_INCLUSION, _("Apply for direct inclusion"))
DECLINE = apply_for(K.DECLINE, _("If the person declines, in person and advised, record it"))
CLAIM = apply_for(K.CLAIM, _("Apply for the benefit"))
IDENTITY = apply_for(K.TEMPORARY_IDENTITY, _("Apply for a temporary identity, so that the person can be enrolled"))
NUMBER = apply_for(K.REPLACE_IDENTITY, _("Enter the real number once the police have issued it"))

STEPS: Steps = {
    (G.UNINSURED, ""): (REGISTER, DECLINE),
    (G.UNINSURED, DeskReason.DIRECT_INCLUSION): (DIRECT_INCLUSION,),
    (G.UNINSURED, DeskReason.ENROLMENT_DECLINED): (DECLINE, REGISTER),
    (G.UNINSURED, DeskReason.NO_NUMBER): (IDENTITY, NUMBER),
    (G.UNINSURED, DeskReason.ROLL_ENDED): (REGISTER,),
    (G.UNINSURED, DeskReason.ROLL_NOT_INSURED): (REGISTER,),
    (G.NEW_POOR, ""): (REGISTER,),
    (G.TURNING_16, ""): (REGISTER,),
    (G.ROLL_ENDED, ""): (REGISTER,),
    (G.NO_IDENTITY, ""): (IDENTITY, NUMBER),
    (G.DUE_NOT_DRAWING, ""): (CLAIM,),
    (G.TURNING_60, ""): (CLAIM,),
    (G.PAUSED, ""): (
        apply_for(K.RESUME, _("If the reason of the pause has ended, apply for the benefit to be resumed")),
    ),
    (G.DRAWING_IN_PRISON, ""): (apply_for(K.PAUSE, _("Have the pause of the benefit decided")),),
    (G.DRAWING_AFTER_DEATH, ""): (apply_for(K.TERMINATE, _("Have the end of the benefit decided")),),
    (G.STOP_DUE, ""): (apply_for(K.TERMINATE, _("Have the end of the benefit decided")),),
    (G.CERTIFICATION_DUE, ""): (
        NextStep(
            _("Reach the person: how to certify by telephone, at a terminal or at the office; log each attempt"),
            _("day, means and outcome of each attempt"),
            begin=of_person("person_village", _("Log contact")),
        ),
        NextStep(
            _("Who cannot come is visited at home; enter the day the person was seen"),
            _("ID card; the person seen, or heard on the telephone with picture"),
            Action.FILE_REPORT,
            Desk.TOWNSHIP,
            of_person("person_certification", _("Enter evidence of life")),
        ),
        apply_for(K.PAUSE, _("After the window has ended without a sign of life, apply for the pause")),
    ),
}
