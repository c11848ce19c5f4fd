"""What was found at Paystack and isn't as it should be: opened by a walk, closed by the next look that finds it mended,
or put away by a person with a reason."""

from __future__ import annotations

from datetime import datetime

from movy.lib.money import Money
from payments.models import Finding, FindingKind, Payment
from payments.services.moves import payment_event_add


def finding_open(
    kind: FindingKind, reference: str, *, payment: Payment | None, money: Money, note: str, now: datetime
) -> bool:
    """Note that something is so; return whether that is news. What a person has put away stays away."""
    row = {"kind": kind, "reference": reference[:100]}
    told = {"amount_minor": money.amount_minor, "currency": money.currency[:3], "note": note[:200]}
    mended = Finding.objects.filter(**row, resolved_at__isnull=False, why="")
    if mended.update(resolved_at=None, found_at=now, **told):
        return True
    if Finding.objects.filter(**row).exists():
        return False
    Finding.objects.bulk_create([Finding(**row, **told, payment=payment, found_at=now)], ignore_conflicts=True)
    return True


def finding_close(kind: FindingKind, reference: str, *, now: datetime) -> bool:
    """Note that something is not so any more; return whether it was."""
    still = Finding.objects.open().filter(kind=kind, reference=reference[:100])
    return bool(still.update(resolved_at=now))


def finding_put_away(
    kind: FindingKind, reference: str, *, payment: Payment | None, money: Money, why: str, actor_id: int, now: datetime
) -> bool:
    """Close a finding for good, for a person's reason; return False when somebody has done so before. What a queue
    derived from the books becomes a finding by this."""
    finding_open(kind, reference, payment=payment, money=money, note="", now=now)
    still = Finding.objects.filter(kind=kind, reference=reference[:100], why="")
    if not still.update(resolved_at=now, resolved_by=actor_id, why=why):
        return False
    if payment is not None:
        detail = {"what": str(kind), "why": why}
        payment_event_add(payment, "put_away", at=now, actor_id=actor_id, detail=detail)
    return True
