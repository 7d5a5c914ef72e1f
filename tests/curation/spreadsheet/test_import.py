"""A changed spreadsheet comes back: changes become checks, newer ones stand, the rest is told."""

from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation import FactCheck, record_checks
from facilities.curation.spreadsheet import uploads
from facilities.models import Facility, Proposal, Verification

from ...support.accounts import client_of, staff_client, staff_member
from ...support.factories import make_listing, make_release
from ...support.spreadsheet_client import changes_in, export, rows_of, send, take, written

NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def curator():
    return staff_client("curator")


@pytest.fixture
def listing(db) -> Facility:
    return make_listing(name1="Example House", zip="02130", state="MA", city="Boston")


@pytest.mark.django_db
class TestARoundTrip:
    @pytest.mark.parametrize("file", ["csv", "xlsx"])
    def test_of_an_unchanged_sheet_changes_nothing(self, curator, file):
        release = make_release()
        for number in range(30):
            make_listing(release=release, name1=f"=House {number}", phone="518-555-0101 x0012")

        columns = "street", "zip", "phone", "phone_extension", "hours", "service:opioid-detox"
        preview = send(curator, export(curator, *columns, file=file), f"all.{file}").context[
            "preview"
        ]

        assert (preview.unchanged, preview.rows, preview.result.invalid_rows) == (30, [], [])

    def test_records_changes_as_checks_and_no_more(self, curator, listing):
        (row,) = rows_of(export(curator, "admission_hours", "fax", "service:methadone"))
        row |= {"admission_hours": "At ten", "service:methadone": "No"}

        preview = send(curator, written([row]))
        shown = changes_in(preview)
        take(curator, preview)

        assert [line[1:] for line in shown] == [
            ("not reported", "At ten"), ("not reported", "no"),
        ]  # fmt: skip
        checks = Verification.objects.order_by("fact").values_list(
            "fact", "value_after", "method", "note", "checked_by__username"
        )
        assert list(checks) == [
            ("admission_hours", "At ten", "document", "partners.csv", "curator"),
            ("service:methadone", "denied", "document", "partners.csv", "curator"),
        ]
        listing.refresh_from_db()
        assert listing.admission_hours == "At ten"
        assert "methadone" in listing.denied

    def test_shows_first_and_writes_only_when_told(self, curator, listing):
        (row,) = rows_of(export(curator, "fax"))
        send(curator, written([row | {"fax": "518-555-0102"}]))

        assert not Verification.objects.exists()

    def test_lets_a_phone_wait_for_a_second_check(self, curator, listing):
        (row,) = rows_of(export(curator, "phone"))
        sheet = written([row | {"phone": "518-555-0109"}])

        take(curator, send(curator, sheet))
        again = send(curator, sheet)

        listing.refresh_from_db()
        assert listing.phone == "518-555-0101"
        assert Proposal.objects.get().origin == "spreadsheet"
        assert again.context["preview"].rows == []  # the same sheet is no second check

    def test_says_that_words_with_a_number_in_them_wait(self, curator, listing):
        (row,) = rows_of(export(curator, "admission_hours"))
        preview = send(curator, written([row | {"admission_hours": "Call 518-555-0177 first"}]))

        (line,) = next(preview.context["preview"].changes())["lines"]
        take(curator, preview)

        assert line["waits"]
        listing.refresh_from_db()
        assert listing.admission_hours == ""
        assert Proposal.objects.get().fact == "admission_hours"

    def test_counts_the_same_number_from_another_person_as_second_check(self, curator, listing):
        (row,) = rows_of(export(curator, "phone"))
        sheet = written([row | {"phone": "518-555-0109"}])
        take(curator, send(curator, sheet))
        other = client_of(staff_member("editor"))

        preview = send(other, sheet)
        (line,) = next(preview.context["preview"].changes())["lines"]
        take(other, preview)

        listing.refresh_from_db()
        assert not line["waits"]
        assert listing.phone == "518-555-0109"

    def test_forgives_lost_zeros_and_semicolons(self, curator, listing):
        (row,) = rows_of(export(curator, "zip", "fax"))
        row |= {"zip": "2130", "fax": "(518) 555-0102"}
        sheet = ";".join(row) + "\r\n" + ";".join(row.values())

        preview = send(curator, sheet.encode())

        assert [line[2] for line in changes_in(preview)] == ["518-555-0102"]

    def test_takes_long_sheets_in_parts(self, curator, monkeypatch):
        monkeypatch.setattr("facilities.admin.spreadsheet.transfer.LISTINGS_PER_REQUEST", 2)
        release = make_release()
        for number in range(5):
            make_listing(release=release, name1=f"House {number}")
        rows = [
            row | {"admission_hours": "At ten"}
            for row in rows_of(export(curator, "admission_hours"))
        ]

        answer = send(curator, written(rows))
        for left in (3, 1):
            answer = take(curator, answer)
            assert len(answer.context["preview"].rows) == left
        take(curator, answer)

        assert Facility.objects.filter(admission_hours="At ten").count() == 5


@pytest.mark.django_db
class TestConcurrentChanges:
    def test_are_told_and_not_undone(self, curator, listing):
        (row,) = rows_of(export(curator, "admission_hours", "referral_requirements"))
        record_checks(
            listing, [FactCheck("admission_hours", "corrected", "At nine")], by=None, now=NOW
        )
        row |= {"admission_hours": "At ten", "referral_requirements": "A letter"}

        preview = send(curator, written([row]))
        take(curator, preview)

        (told,) = preview.context["preview"].stale()
        assert told["lines"][0]["now"] == "At nine"
        listing.refresh_from_db()
        assert (listing.admission_hours, listing.referral_requirements) == ("At nine", "A letter")

    def test_stay_where_the_sheet_says_nothing_new(self, curator, listing):
        sheet = export(curator, "admission_hours", "website")
        record_checks(
            listing, [FactCheck("admission_hours", "corrected", "At nine")], by=None, now=NOW
        )

        preview = send(curator, sheet).context["preview"]

        assert (preview.rows, preview.collisions) == ([], [])

    def test_between_preview_and_word_are_shown_first(self, curator, listing):
        rows = [{"code": listing.code, "admission_hours": "At ten"}]  # made by hand: no last column
        preview = send(curator, written(rows))
        record_checks(
            listing, [FactCheck("admission_hours", "corrected", "At nine")], by=None, now=NOW
        )

        answer = take(curator, preview)

        assert [line[1:] for line in changes_in(answer)] == [("At nine", "At ten")]
        assert Verification.objects.count() == 1


@pytest.mark.django_db
class TestUnusableRows:
    def told(self, client, rows) -> list[tuple[int, str]]:
        preview = send(client, written(rows)).context["preview"]
        return [(number, " ".join(reasons)) for number, reasons in preview.unusable()]

    @pytest.mark.parametrize(
        ("fact", "value", "word"),
        [
            ("phone", "call us", "518-555-0101"),
            ("website", "javascript:alert(1)", "https://"),
            ("zip", "1", "five digits"),
            ("name", "", "empty"),
            ("name", "x" * 201, "201"),
            ("service:methadone", "", "yes, no or not reported"),
            ("service:methadone", "=1+1", "yes or no"),
            ("hours", "whenever", "08:00"),
        ],
    )
    def test_are_told_with_number_and_reason(self, curator, listing, fact, value, word):
        (row,) = rows_of(export(curator, "phone", "website", "zip", "hours", "service:methadone"))

        ((number, reason),) = self.told(curator, [row | {fact: value}])

        assert number == 2
        assert word in reason

    def test_are_those_without_a_listing_twice_or_sorted_apart(self, curator, listing):
        other = make_listing(name1="Other House")
        row, apart = rows_of(export(curator, "fax"))
        row |= {"fax": "518-555-0102"}
        apart |= {"as_exported": row["as_exported"]}
        nobody = dict.fromkeys(row, "") | {"code": "zzzzzzzz"}

        told = self.told(curator, [row, apart, row, nobody])

        assert [number for number, _reason in told] == [3, 4, 5]
        assert [
            next(word for word in ("apart", "more than once", "No listing") if word in reason)
            for _number, reason in told
        ] == ["apart", "more than once", "No listing"]
        assert other.fax == ""

    def test_do_not_hold_up_the_others(self, curator, listing):
        (row,) = rows_of(export(curator, "admission_hours"))
        bad = row | {"uuid": "", "code": "zzzzzzzz"}
        take(curator, send(curator, written([bad, row | {"admission_hours": "At ten"}])))

        listing.refresh_from_db()
        assert listing.admission_hours == "At ten"


@pytest.mark.django_db
class TestUnusableFiles:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.csv", b"name,fax\nx,y"),
            ("a.csv", b"code,fax,fax\nx,y,z"),
            ("a.csv", b"code\n\xff\xfe"),
            ("a.csv", b"code\n\0"),
            ("a.xlsx", b"PK\x03\x04 not a workbook"),
            ("a.xls", b"\xd0\xcf\x11\xe0"),
            ("a.csv", b"code,fax\n" + b"," * 600_000),
        ],
    )
    def test_are_refused_in_a_sentence(self, curator, name, content):
        answer = send(curator, content, name)

        assert answer.context["form"].errors["sheet"]
        assert "sheet-" not in answer.content.decode()

    def test_that_are_gone_are_asked_for_again(self, curator, listing, settings):
        preview = send(curator, written([{"code": listing.code, "fax": "518-555-0102"}]))
        uploads.delete_sheet(preview.context["preview"].kept, settings.UPLOAD_ROOT)

        assert "Send it again" in take(curator, preview).content.decode()

    def test_of_somebody_else_are_not_taken(self, curator, listing):
        preview = send(curator, written([{"code": listing.code, "fax": "518-555-0102"}]))

        take(client_of(staff_member("editor")), preview)

        assert not Verification.objects.exists()

    @pytest.mark.parametrize("name", ["../passwd", "sheet-../x", "passwd"])
    def test_have_no_other_names(self, name, tmp_path):
        with pytest.raises(ValueError, match="passwd|x"):
            uploads.sheet_path(name, tmp_path)

    def test_go_after_a_day(self, tmp_path):
        name = uploads.save_sheet([b"code"], tmp_path)
        written_at = datetime.fromtimestamp((tmp_path / name).stat().st_mtime, UTC)

        uploads.delete_old_sheets(tmp_path, written_at + timedelta(hours=23))
        assert uploads.sheet_path(name, tmp_path).exists()
        uploads.delete_old_sheets(tmp_path, written_at + timedelta(hours=25))
        assert not uploads.sheet_path(name, tmp_path).exists()


@pytest.mark.django_db
class TestHostileCells:
    def test_are_inert_in_the_preview(self, curator, listing):
        (row,) = rows_of(export(curator, "admission_hours"))
        script = "<script>alert(1)</script>"
        sheet = written([row | {"admission_hours": script, f"{script}": ""}])

        page = send(curator, sheet, f"{script}.csv").content.decode()

        assert script not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page

    def test_keep_a_formula_as_text(self, curator, listing):
        (row,) = rows_of(export(curator, "admission_hours"))
        take(curator, send(curator, written([row | {"admission_hours": "=1+1"}])))

        listing.refresh_from_db()
        assert listing.admission_hours == "=1+1"
        assert rows_of(export(curator, "admission_hours"))[0]["admission_hours"] == "'=1+1"
