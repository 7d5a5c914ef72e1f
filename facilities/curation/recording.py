"""The one way by which a person's finding becomes what the site shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..facts.findings import (
    NOT_SHOWN,
    CheckNotAllowed,
    FactCheck,
    InvalidValue,
    OutdatedValue,
    RecordedChecks,
    validate_check,
)
from ..facts.registry import clean_value, fact_label
from ..facts.stored_values import DRAFT, HIDDEN, LISTED, WITHDRAWN
from ..models import Call, Facility, Proposal, Verification
from ..places.tables import zip_code_table
from ..resolution.change_log import ChangeLog, recording_changes
from ..resolution.recompute import recompute_snapshot
from ..resolution.snapshot import reread_checks
from .dossier import Dossier, read_dossier
from .two_person_rule import (
    STATUS,
    Testimony,
    is_guarded,
    utc_day,
)
from .witnesses import (
    is_only_checker,
    is_same_value,
    needs_another_person,
    proposal_testimony,
    second_check_refusal,
    single_person_facts,
)

Outcome, State, Origin = Verification.Outcome, Proposal.State, Proposal.Origin
cached_zip_places = cache(zip_code_table)


@dataclass(frozen=True)
class _Session:
    """One recording under lock: what is known now, who speaks, and since when."""

    log: ChangeLog
    listing: Dossier
    by: Any
    now: datetime
    origin: str
    link: Any = None
    call: Call | None = None

    @property
    def facility(self) -> Facility:
        return self.listing.facility

    @property
    def by_id(self) -> int | None:
        return self.by.pk if self.by else None


def record_checks(
    facility: Facility, checks: Iterable[FactCheck], *, by, now: datetime, origin: str = "curator",
    update_link=None, call: Call | None = None,
) -> RecordedChecks:  # fmt: skip
    """Write what somebody found, in a ``call`` or not, all or nothing; recompute what is shown.

    A guarded change waits for its second check; all that a facility itself says, by
    ``update_link``, waits for a curator. Raises InvalidValue or OutdatedValue before anything
    is written.
    """
    with recording_changes() as log:
        session = _open(log, facility, by, now, origin, update_link, call)
        verifications, proposals = [], []
        validated = [_validated(session, check) for check in checks]
        # The status last: whoever publishes a draft may confirm its facts in the same form.
        for check in sorted(validated, key=lambda check: check.fact == STATUS):
            outcome = _apply_check(session, check)
            (proposals if isinstance(outcome, Proposal) else verifications).append(outcome)
        _recompute(session)
    facility.refresh_from_db()
    return RecordedChecks(tuple(verifications), tuple(proposals))


def accept_proposal(
    proposal: Proposal,
    *,
    by,
    now: datetime,
    seen: Any = NOT_SHOWN,
    method: str = "",
    evidence_url: str = "",
    note: str = "",
) -> Verification:
    """Show what was proposed. For a guarded fact this is the second check: see two_person_rule.py.

    Such a check needs a method and evidence of its own; nothing is taken over from the proposal.

    ``seen`` is the value shown to whoever accepts; without it, that which the proposal changes.
    Raises CheckNotAllowed, InvalidValue or OutdatedValue.
    """
    with recording_changes() as log:
        session = _open(log, proposal.facility, by, now, proposal.origin)
        waiting = _waiting(proposal)
        seen = waiting.value_before if seen is NOT_SHOWN else seen
        guarded = _is_guarded(session, waiting.fact, waiting.value)
        if guarded:
            own = FactCheck(
                waiting.fact, Outcome.CORRECTED, method=method, evidence_url=evidence_url, note=note
            )
            if reason := _refusal(session, waiting, own):
                raise CheckNotAllowed(reason)
            _refuse_single_person_facts(session, waiting.fact, waiting.value)
        check = FactCheck(
            waiting.fact, Outcome.CORRECTED, waiting.value, method=method or waiting.method,
            evidence_url=evidence_url if guarded else evidence_url or waiting.evidence_url,
            note=note if guarded else note or waiting.note, seen=seen,
        )  # fmt: skip
        verification = _verify(session, _validated(session, check))
        _close(waiting, State.ACCEPTED, session, verification)
        _recompute(session)
    proposal.refresh_from_db()
    return verification


def waits_for_somebody_else(proposal: Proposal, *, by, now: datetime) -> bool:
    """Whether this person stands behind the proposal and cannot be its second check now."""
    if not is_guarded(proposal.fact, proposal.value, status=proposal.facility.status):
        return False
    second = Testimony(frozenset({by.pk}), now)
    return needs_another_person(proposal_testimony(proposal), second)


def reject_proposal(proposal: Proposal, *, by, now: datetime, note: str = "") -> Proposal:
    """Turn a proposal down, with a note that says why. Raises CheckNotAllowed if it is settled."""
    with recording_changes() as log:
        session = _open(log, proposal.facility, by, now, proposal.origin)
        waiting = _waiting(proposal)
        waiting.answer = note
        _close(waiting, State.REFUSED, session, None)
    proposal.refresh_from_db()
    return proposal


def revert_verification(
    verification: Verification, *, by, now: datetime, why: str = ""
) -> RecordedChecks:
    """Take back the newest check of a fact, so that what stood before it stands again.

    If that would change a guarded fact, the value before is proposed instead and waits for its
    second check. Raises CheckNotAllowed if a newer check stands or this one was taken back.
    """
    with recording_changes() as log:
        session = _open(log, verification.facility, by, now, Origin.CURATOR)
        standing = session.listing.current_checks.get(verification.fact)
        if standing is None or standing.pk != verification.pk:
            raise CheckNotAllowed(_("Only the newest check of a fact can be taken back."))
        before = _before(session, standing)
        if _is_guarded(session, standing.fact, before) and not is_same_value(
            before, session.listing.shown_value(standing.fact)
        ):
            return _restore_guarded(session, standing, before, why)
        standing.reverted_by, standing.reverted_at, standing.revert_reason = by, now, why
        standing.save(update_fields=["reverted_by", "reverted_at", "revert_reason"])
        log.note_fields(session.facility, [standing.fact])
        _recompute(session)
    verification.refresh_from_db()
    return RecordedChecks(verifications=(verification,))


def revert_call(call: Call, *, by, now: datetime) -> None:
    """Take back every check of a call; a proposal that one of them refused waits again.

    Raises CheckNotAllowed where somebody built on it, so that a newer check of one of its facts
    stands.
    """
    with recording_changes() as log:
        session = _open(log, call.facility, by, now, Origin.CURATOR)
        checks = call.verifications.standing()
        for check in checks:
            if session.listing.current_checks[check.fact].pk != check.pk:
                raise CheckNotAllowed(
                    _("%(fact)s was checked again since: take back the facts one by one.")
                    % {"fact": fact_label(check.fact, get_language())}
                )
            _refuse_bypass(session, check)
            log.note_fields(session.facility, [check.fact])
        Proposal.objects.filter(verification__in=checks).update(
            state=State.WAITING, settled_by=None, settled_at=None, verification=None
        )
        Proposal.objects.filter(
            facility=session.facility, state=State.WAITING, made_by=call.made_by,
            made_at=call.made_at,
        ).update(
            state=State.REFUSED, settled_by=by, settled_at=now, answer=_("The call was undone."),
        )  # fmt: skip
        checks.update(reverted_by=by, reverted_at=now, revert_reason=_("The call was undone."))
        _recompute(session)
    call.facility.refresh_from_db()


def _refuse_bypass(session: _Session, check: Verification) -> None:
    """Raise CheckNotAllowed where undoing would show what nobody showed and no file states."""
    before = _before(session, check)
    known = check.value_before, session.listing.source_value(check.fact)
    if _is_guarded(session, check.fact, before) and not any(
        is_same_value(before, each) for each in known
    ):
        raise CheckNotAllowed(
            _("This call cannot be undone any more: take back its facts one by one.")
        )


def _restore_guarded(
    session: _Session, standing: Verification, before: Any, why: str
) -> RecordedChecks:
    """Propose the value before. Taking back is no evidence, so it is never the second check."""
    for waiting in _waiting_for(session, standing.fact):
        if is_same_value(waiting.value, before):
            return RecordedChecks(proposals=(waiting,))
    day = _("Takes back the check of %(day)s.") % {"day": utc_day(standing.checked_at)}
    note = f"{day} {why}".strip()
    check = FactCheck(standing.fact, Outcome.CORRECTED, before, standing.method, note=note)
    return RecordedChecks(proposals=(_propose(session, check),))


def _open(
    log: ChangeLog, facility: Facility, by, now: datetime, origin: str, link=None, call=None
) -> _Session:
    held = Facility.objects.get(pk=facility.pk)
    if held.merged_into_id:
        raise CheckNotAllowed(_("This listing was joined to another one: change that one."))
    return _Session(log, read_dossier(held, today=utc_day(now)), by, now, origin, link, call)


def _validated(session: _Session, check: FactCheck) -> FactCheck:
    """Return the check with its value cleaned. Raises InvalidValue or OutdatedValue."""
    if not session.listing.is_traceable:
        raise InvalidValue(check.fact, _("No file and no check stands behind this listing."))
    now_shown = _shown(session, validate_check(check).fact)
    is_new = check.outcome == Outcome.CORRECTED
    value = clean_value(check.fact, check.value) if is_new else now_shown
    if check.seen is not NOT_SHOWN and not is_same_value(check.seen, now_shown):
        raise _outdated(session, check.fact, now_shown)
    outcome = check.outcome
    if outcome == Outcome.CORRECTED and is_same_value(value, now_shown):
        outcome = Outcome.CONFIRMED
    return FactCheck(
        check.fact, outcome, value, check.method, check.evidence_url, check.note, check.seen
    )


def _shown(session: _Session, fact: str) -> Any:
    try:
        return session.listing.shown_value(fact)
    except KeyError:
        raise InvalidValue(fact, _("There is no such fact.")) from None


def _outdated(session: _Session, fact: str, theirs: Any) -> OutdatedValue:
    check = session.listing.current_checks.get(fact)
    if check is not None:
        return OutdatedValue(fact, theirs, check.checked_at, check.checked_by)
    release = session.listing.release
    return OutdatedValue(fact, theirs, release.loaded_at if release else None, None)


def _apply_check(session: _Session, check: FactCheck) -> Verification | Proposal:
    if session.origin == Origin.FACILITY:
        return _propose(session, check)
    is_guarded_change = _is_guarded(session, check.fact, check.value)
    if not is_guarded_change or check.outcome == Outcome.NOT_CONFIRMED:
        return _verify(session, check)
    waiting = _waiting_for(session, check.fact)
    if check.outcome == Outcome.CONFIRMED:
        verification = _verify(session, check)
        for other in waiting:
            _close(other, State.REFUSED, session, verification)
        return verification
    same = [each for each in waiting if is_same_value(each.value, check.value)]
    if any(not _refusal(session, each, check) for each in same):
        _refuse_single_person_facts(session, check.fact, check.value)
        verification = _verify(session, check)
        for each in waiting:
            state = State.ACCEPTED if each in same else State.REFUSED
            _close(each, state, session, verification)
        return verification
    own = [each for each in same if each.made_by_id == session.by_id]
    return own[0] if own else _propose(session, check)


def _refusal(session: _Session, proposal: Proposal, check: FactCheck) -> str:
    """Return why the check does not confirm what somebody proposed; "" if it does."""
    second = Testimony(
        frozenset({session.by_id} - {None}), session.now, check.method, check.evidence_url,
        check.note,
    )  # fmt: skip
    first = proposal_testimony(proposal)
    return second_check_refusal(proposal.fact, proposal.value, first, second)


def _is_guarded(session: _Session, fact: str, value: Any) -> bool:
    return is_guarded(fact, value, status=session.facility.status)


def _refuse_single_person_facts(session: _Session, fact: str, value: Any) -> None:
    """Raise CheckNotAllowed where a listing is published with facts that one person alone found.

    A draft's facts are recorded at once, and nobody sees them before this.
    """
    is_publishing = fact == STATUS and value in (LISTED, WITHDRAWN)
    if not is_publishing or session.facility.status not in (DRAFT, HIDDEN):
        return
    facts = single_person_facts(
        session.facility, session.listing.source_value, is_alone=is_only_checker(session.by_id),
    )  # fmt: skip
    if facts:
        labels = ", ".join(fact_label(each, get_language()) for each in facts)
        raise CheckNotAllowed(
            _("First a second person must tick these as right, with evidence: %(facts)s.")
            % {"facts": labels}
        )


def _waiting(proposal: Proposal) -> Proposal:
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if held.state != State.WAITING:
        raise CheckNotAllowed(_("Somebody has already settled this."))
    return held


def _waiting_for(session: _Session, fact: str) -> list[Proposal]:
    waiting = session.facility.proposals.filter(fact=fact, state=State.WAITING)
    return list(waiting.select_for_update().order_by("pk"))


def _propose(session: _Session, check: FactCheck) -> Proposal:
    return Proposal.objects.create(
        facility=session.facility, fact=check.fact, value=check.value,
        value_before=session.listing.shown_value(check.fact), origin=session.origin,
        method=check.method,
        evidence_url=check.evidence_url, note=check.note, link=session.link, made_by=session.by,
        made_at=session.now,
    )  # fmt: skip


def _verify(session: _Session, check: FactCheck) -> Verification:
    session.log.note_fields(session.facility, [check.fact])
    return Verification.objects.create(
        facility=session.facility, fact=check.fact, outcome=check.outcome,
        value_before=session.listing.shown_value(check.fact), value_after=check.value,
        source_value=session.listing.source_value(check.fact), method=check.method,
        evidence_url=check.evidence_url, note=check.note, checked_by=session.by,
        checked_at=session.now, call=session.call,
    )  # fmt: skip


def _close(proposal: Proposal, state: str, session: _Session, verification) -> None:
    proposal.state, proposal.settled_by, proposal.settled_at = state, session.by, session.now
    proposal.verification = verification
    proposal.save()


def _before(session: _Session, verification: Verification) -> Any:
    others = session.facility.verifications.standing().exclude(pk=verification.pk)
    earlier = others.filter(fact=verification.fact).exclude(outcome=Outcome.NOT_CONFIRMED)
    newest = earlier.order_by("checked_at", "pk").last()
    return newest.value_after if newest else session.listing.source_value(verification.fact)


def _recompute(session: _Session) -> None:
    """Recompute the facility. Only its checks have changed since the session read everything."""
    snapshot = reread_checks(session.listing.snapshot)
    recompute_snapshot(session.log, snapshot, cached_zip_places(), today=utc_day(session.now))
