"""The records of a small site that has something to show in every state of every page."""

from datetime import UTC, date, datetime, timedelta

from facilities.curation import FactCheck, record_checks
from facilities.curation.self_service import availability, links
from facilities.models import Credential, Facility

from .accounts import staff_member
from .factories import key_lines, log_changes, make_listing, make_release, make_report, restate
from .two_people import record_by_two

NOW = datetime(2024, 3, 4, 16, tzinfo=UTC)  # Monday: 11 a.m. in New York
LONG = "Comprehensive Outpatient and Residential Recovery and Rehabilitation Center of Brooklyn"
NEAR = {"city": "Brooklyn", "state": "NY", "zip": "11206"}


def every_code() -> str:
    """All of SAMHSA's codes at once, but those that serve only some."""
    left_out = {"AUDO", "OUDO", "NOOP", "NMOA"}
    return " * ".join(line[2] for line in key_lines()[1:] if line[2] not in left_out)


def rich_facility(release, newer, by) -> Facility:
    """A listing with every service, a long name, hours, a document, corrections, a report."""
    cells = NEAR | {"name1": LONG, "name2": LONG, "www": f"https://example.org/{'long-' * 20}"}
    rich = make_listing(release=release, codes=every_code(), phone="718-555-0142 x123", **cells)
    restate(rich, newer, codes=every_code(), **cells | {"street1": "2 Side Street"})
    told = {
        "hours": {"always": True},
        "admission_exclusions": "Nobody younger than 18, and nobody without a referral.",
        "service:peer-support": "offered",
    }
    checks = [FactCheck(fact, "corrected", value, note="told") for fact, value in told.items()]
    record_checks(rich, checks, by=by, now=NOW - timedelta(days=3))
    fax = FactCheck("fax", "corrected", "718-555-0143", note="told")
    record_by_two(rich, fax, by=by, now=NOW - timedelta(days=3))
    Credential.objects.create(
        facility=rich, kind="license", issuer="State of New York", number="12345",
        issued_on=date(2023, 1, 2), expires_on=date(2025, 1, 1), checked_on=date(2024, 2, 1),
        proof_url="https://example.org/license",
    )  # fmt: skip
    link, _token = links.create_update_link(rich, sent_to="718-555-0142", by=by, now=NOW)
    availability.record_availability(link, can_admit=True, services=["women"], hours=8, now=NOW)
    return rich


def records() -> dict[str, str]:
    """What stands in the braces of the pages' addresses."""
    ana = staff_member("curator", name="ana")
    release, newer = make_release(edition="2022"), make_release(edition="2023")
    rich = rich_facility(release, newer, ana)
    others = [
        make_listing(release=newer, name1=f"House {number}", codes=codes, **NEAR)
        for number, codes in enumerate(("SA OP BU", "SA DT * HID * MU", "SA MD NOOP ODTX", "SA"))
    ]
    bare = make_listing(release=newer, name1="Bare", codes="SA", phone="", city="Albany")
    shown = {"rich": rich, "bare": bare}
    for state in ("withdrawn", "hidden", "confidential"):
        shown[state] = make_listing(release=newer, name1=f"The {state} one", **NEAR)
    Facility.objects.filter(pk=shown["withdrawn"].pk).update(status="withdrawn")
    Facility.objects.filter(pk=shown["hidden"].pk).update(status="hidden")
    Facility.objects.filter(pk=shown["confidential"].pk).update(is_address_confidential=True)
    report = make_report(facility=rich, message="A bakery is there now.", reported_on=NOW.date())
    proposal = rich.proposals.create(
        fact="admission_hours", value="At ten", value_before="", origin="curator",
        method="phone", made_by=ana, made_at=NOW,
    )  # fmt: skip
    dispute = rich.disputes.create(
        fact="street", words="We moved.", made_at=NOW, outcome="kept", answer="You did not.",
        answered_by=ana, answered_at=NOW,
    )  # fmt: skip
    link, token = links.create_update_link(rich, sent_to="718-555-0142", by=ana, now=NOW)
    log_changes()
    five = [rich.code, *(each.code for each in others)]
    return {name: each.slug for name, each in shown.items()} | {
        "proposal_id": proposal.pk, "dispute_id": dispute.pk, "link_id": link.pk,
        "rich_id": rich.pk, "bare_code": bare.code, "rich_code": rich.code,
        "report_id": report.pk, "link": token,
        "receipt": report.receipt, "two": ",".join(five[:2]), "five": ",".join(five),
    }  # fmt: skip
