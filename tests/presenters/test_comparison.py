"""Facilities side by side: what each cell says, which rows differ, and real ones by hand."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from facilities.geo import Point
from facilities.models import Facility, SourceRow, Verification
from facilities.models.page_records import find_by_codes
from facilities.presenters.comparison.cells import (
    Cell,
    CellStatus,
    ComparedFacility,
    ComparisonQuestion,
    criterion_cell,
    evidence_cell,
    medication_cell,
    service_cell,
)
from facilities.presenters.comparison.table import (
    ComparisonRow,
    DistanceOrigin,
    compare_facilities,
    load_compared_facilities,
)
from facilities.presenters.selection import read_shortlist
from facilities.rules.criteria import CRITERIA
from facilities.rules.medications import MEDICATIONS
from facilities.taxonomy import VOCABULARY, ServiceSet, services_denied_by

from ..support.factories import make_facility

TODAY = date(2026, 11, 21)


def offering(offered: str = "", denied: str = "", **checked) -> ComparedFacility:
    """A facility with services apart by spaces, with what those deny."""
    has = ServiceSet.of(*offered.split())
    return ComparedFacility(
        Facility(city="Troy", state="NY"),
        has,
        services_denied_by(has) | ServiceSet.of(*denied.split()),
        checked,
    )


def status_of(offered: str, slug: str, denied: str = "") -> CellStatus:
    return service_cell(
        offering(offered, denied), VOCABULARY[slug], ComparisonQuestion.OFFERS, "en"
    ).status


class TestCell:
    @pytest.mark.parametrize(
        ("offered", "denied", "slug", "expected"),
        [
            ("medicaid", "", "medicaid", CellStatus.YES),
            ("medicare", "", "medicaid", CellStatus.NOT_LISTED),
            ("", "", "medicaid", CellStatus.NOT_REPORTED),
            ("medicare", "medicaid", "medicaid", CellStatus.NO),
            ("women", "", "men", CellStatus.NOT_LISTED),
            ("", "", "men", CellStatus.NOT_REPORTED),
            ("opioid-only", "", "alcohol-detox", CellStatus.NO),
            ("detox", "", "opioid-detox", CellStatus.NOT_REPORTED),
            ("no-opioid-treatment opioid-detox", "", "opioid-detox", CellStatus.YES),
            ("", "spanish", "spanish", CellStatus.NO),
        ],
    )
    def test_answers_yes_no_not_listed_or_not_reported(self, offered, denied, slug, expected):
        assert status_of(offered, slug, denied) is expected

    def test_asks_only_where_nobody_has_said(self):
        asked = [
            service_cell(offering(has), VOCABULARY["aftercare"], ComparisonQuestion.OFFERS, "en")
            for has in ("", "aftercare")
        ]

        assert [cell.question for cell in asked] == ["Ask: do you offer this?", ""]

    @pytest.mark.parametrize(
        ("offered", "denied", "expected", "detail"),
        [
            ("carf coa", "", CellStatus.YES, "CARF; Council on Accreditation (COA)"),
            ("", "", CellStatus.NOT_REPORTED, ""),
            ("", "carf", CellStatus.NOT_REPORTED, ""),
            ("", "joint-commission carf coa ncqa hfap", CellStatus.NO, ""),
            ("joint-commission carf coa ncqa hfap", "", CellStatus.YES, "5 kinds"),
        ],
    )
    def test_of_evidence_says_what_shows_it(self, offered, denied, expected, detail):
        cell = evidence_cell(offering(offered, denied), CRITERIA[0].evidence[0], "en")

        assert (cell.status, cell.detail) == (expected, detail)

    @pytest.mark.parametrize(
        ("offered", "expected", "words"),
        [
            ("carf state-health", CellStatus.YES, "Shown"),
            ("carf", CellStatus.PARTLY, "Partly shown"),
            ("dea", CellStatus.NOT_REPORTED, "Not reported"),
        ],
    )
    def test_of_a_criterion_counts_no_hints(self, offered, expected, words):
        cell = criterion_cell(offering(offered), CRITERIA[0])

        assert (cell.status, cell.words) == (expected, words)

    @pytest.mark.parametrize(
        ("offered", "expected", "words", "detail"),
        [
            ("prescribes-buprenorphine", CellStatus.YES, "starts it", ""),
            ("buprenorphine-detox", CellStatus.PARTLY, "during detox only", ""),
            ("buprenorphine-continues", CellStatus.YES, "continues it if prescribed elsewhere", ""),
            ("buprenorphine-not-allowed", CellStatus.NO, "does not allow it", ""),
            (
                "buprenorphine",
                CellStatus.NOT_REPORTED,
                "Not reported",
                "used here, but how is not reported",
            ),
            (
                "no-opioid-medication",
                CellStatus.NOT_REPORTED,
                "Not reported",
                "says it does not use it",
            ),
            ("accepts-opioid-medication", CellStatus.NOT_REPORTED, "Not reported", ""),
        ],
    )
    def test_of_a_medication_tells_starting_from_keeping(self, offered, expected, words, detail):
        cell = medication_cell(offering(offered), MEDICATIONS[0])

        assert (cell.status, cell.words, cell.detail) == (expected, words, detail)
        assert bool(cell.question) == (expected is CellStatus.NOT_REPORTED)

    def test_is_dated_where_somebody_checked_it(self):
        checked = offering("medicaid medicare", medicaid=date(2026, 3, 5))

        dated = [
            service_cell(checked, VOCABULARY[slug], ComparisonQuestion.TAKES, "en").checked
            for slug in ("medicaid", "medicare")
        ]

        assert dated == ["Checked by us on March 5, 2026.", ""]


def rows(*compared: ComparedFacility) -> dict[str, ComparisonRow]:
    groups = compare_facilities(compared, language="en", today=TODAY)
    return {f"{group.slug}: {row.title}": row for group in groups for row in group.rows}


class TestRows:
    @pytest.mark.parametrize(
        ("one", "other", "title", "expected"),
        [
            ("medicaid", "medicare", "payment: Medicaid", "differs"),
            ("medicaid", "", "payment: Medicaid", "open"),
            ("", "", "payment: Medicaid", "silent"),
            ("", "medicare", "payment: Medicaid", "open"),
            ("sign-language medicaid", "sign-language", "languages: Languages", "alike"),
            ("carf", "coa", "accreditation: Accredited by a national body", "alike"),
            ("spanish", "spanish sign-language", "languages: Languages", "differs"),
            ("spanish", "", "languages: Languages", "open"),
            ("women", "women men", "people: Women and men", "differs"),
            ("women", "men", "contact: Address", "own"),
        ],
    )
    def test_tell_a_difference_from_a_silence(self, one, other, title, expected):
        assert rows(offering(one), offering(other))[title].difference.value == expected

    def test_of_languages_is_one(self):
        groups = compare_facilities(
            [offering("spanish hebrew"), offering()], language="en", today=TODAY
        )

        (row,) = groups[-1].rows
        assert set(row.cells[0].offered_labels) == {"Spanish", "Hebrew"}
        assert row.cells[1].question == "Ask: does somebody speak this?"

    def test_name_what_is_not_listed_as_accepted(self):
        cell = rows(offering("women"), offering())["people: Women and men"].cells[0]

        assert (cell.offered_labels, cell.not_listed_labels) == (("Women",), ("Men",))

    def test_that_lead_come_first_in_their_group_then_those_that_differ(self):
        order = ["differs", "open", "alike", "silent", "own"]
        facilities = [offering("medicaid aftercare"), offering("medicare women")]
        for group in compare_facilities(facilities, language="en", today=TODAY):
            places = [
                (not row.leads_group, order.index(row.difference.value)) for row in group.rows
            ]
            assert places == sorted(places)

    def test_are_grouped_in_the_order_of_choosing(self):
        groups = compare_facilities([offering(), offering()], language="en", today=TODAY)

        assert [group.slug for group in groups] == [
            "contact", "medications", "detox", "payment",
            "accreditation", "approach", "staff", "amenities", "aftercare", "people", "languages",
        ]  # fmt: skip

    def test_in_which_all_say_the_same_or_nobody_anything_are_left_out(self):
        facilities = [
            offering("medicaid buprenorphine-continues"),
            offering("medicaid buprenorphine-continues"),
        ]
        groups = compare_facilities(facilities, language="en", today=TODAY)

        shown = [row.title for group in groups for row in group.visible_rows(shows_all=False)]

        assert shown == ["Address", "Phone"]

    def test_say_how_far_each_is_from_the_place_of_the_search(self):
        origin = DistanceOrigin(Point(40.0, -75.0), "Philadelphia")
        facilities = [
            replace(offering(), facility=Facility(latitude=latitude, longitude=longitude))
            for latitude, longitude in ((41.0, -75.0), (None, None))
        ]
        groups = compare_facilities(facilities, language="en", today=TODAY, origin=origin)

        row = groups[0].rows[0]

        # One degree of latitude is 69 miles.
        assert row.title == "Distance"
        assert [cell.words for cell in row.cells] == [
            "69 miles N of Philadelphia", "Not reported",
        ]  # fmt: skip

    def test_name_a_number_once_that_two_lines_dial(self):
        facility = Facility(
            phone="212-555-0101",
            phone_extension="8096",
            intake_phones=[{"number": "212-555-0101"}, {"number": "212-555-0102"}],
        )
        row = rows(replace(offering(), facility=facility))["contact: Phone"]

        assert [(each.number, each.extension) for each in row.cells[0].phones] == [
            ("212-555-0101", "8096"), ("212-555-0102", ""),
        ]  # fmt: skip

    def test_of_a_criterion_does_not_ask_its_question_again(self):
        row = rows(offering())["staff: " + str(CRITERIA[2].question)]

        assert row.cells[0].question == "Ask."

    def test_are_the_same_rows_for_everybody_when_all_are_shown(self):
        both, one = (
            rows(offering("medicaid"), offering("spanish")),
            rows(offering(), offering()),
        )

        assert both.keys() == one.keys()


# Row of the 2023 workbook -> what its codes say, read by eye; Y yes, N no, L not listed as
# accepted, ? not reported, P during detox only.
BY_HAND = {
    "medications: Methadone": "Y???? ?????",
    "medications: Buprenorphine": "YYYYY YYY??",
    "medications: Naltrexone": "YY?YY YYY??",
    "medications: Accepts medication prescribed elsewhere": "???YY YY??Y",
    "medications: Lofexidine": "????? Y??N?",
    "medications: Acamprosate": "YYNYY YYYN?",
    "detox: Detox: Detox for alcohol": "Y?NY? YYNN?",
    "detox: Detox: Detox for opioids": "Y??Y? YY?N?",
    "detox: Detox: Detox for cocaine": "Y?NY? ?YN??",
    "detox: Where detox takes place: Detox in a hospital": "???Y? YY???",
    "detox: Where detox takes place: Outpatient detox": "Y???? ?????",
    "payment: Other ways to pay: Military insurance (TRICARE)": "YYLYL LYYLY",
    "payment: Other ways to pay: State insurance other than Medicaid": "LLYLL LYLYY",
    "people: Ages: Children and teens (17 or younger)": "YLLLL LLLYY",
    "people: Women and men: Men": "YLYYY YYYYY",
    "languages: Languages: Sign language": "YY?YY Y?Y??",
    "aftercare: Aftercare": "YY?Y? ?Y?YY",
    "aftercare: Discharge planning": "YYYYY YY?YY",
    "accreditation: Licensed by the state": "YYYYY YY?YY",
}


def said_of(label: str, cell: Cell) -> CellStatus:
    """What a cell of many services says of one of them."""
    statuses = {item.label: item.status for item in cell.items}
    return statuses.get(label, CellStatus.NOT_REPORTED)


COMPARED = ((9474, 9475, 9476, 9484, 9491), (9473, 9494, 9493, 9483, 9477))
LETTERS = {
    "Y": CellStatus.YES,
    "N": CellStatus.NO,
    "L": CellStatus.NOT_LISTED,
    "?": CellStatus.NOT_REPORTED,
}
NOBODY = "No limits reported"
NEITHER = "Does not treat opioid use disorder; Does not treat alcohol use disorder"
LIMITS = [
    [NOBODY, "Women only", "Opioid use only", NOBODY, NOBODY],
    [NOBODY, NOBODY, "Opioid use only", NEITHER, "Children and teens only"],
]


@pytest.mark.django_db
class TestRealFacilities:
    @pytest.fixture
    def fives(self, loaded_2023) -> list[dict[str, ComparisonRow]]:
        codes = dict(SourceRow.objects.values_list("row_number", "facility__code"))
        chosen = [read_shortlist([codes[row] for row in five]) for five in COMPARED]
        return [rows(*load_compared_facilities(each.facilities)) for each in chosen]

    @pytest.mark.parametrize("title", BY_HAND)
    def test_answer_as_their_rows_of_the_workbook(self, fives, title):
        group, row, *item = title.split(": ")

        found = [
            [
                said_of(*item, cell) if item else cell.status
                for cell in five[f"{group}: {row}"].cells
            ]
            for five in fives
        ]

        assert found == [[LETTERS[letter] for letter in five] for five in BY_HAND[title].split()]

    def test_name_whom_they_limit(self, fives):
        found = [
            [cell.words for cell in five["people: Turns away or limits"].cells] for five in fives
        ]

        assert found == LIMITS

    def test_name_who_accredited_them(self, fives):
        cells = fives[0]["accreditation: Accredited by a national body"].cells

        assert [cell.detail for cell in cells] == ["CARF"] * 3 + ["Joint Commission"] * 2

    def test_that_refuse_opioid_treatment_say_so_of_methadone(self, fives):
        refusing = fives[1]["medications: Methadone"].cells[3]

        assert refusing.detail == "says it does not use it"


@pytest.mark.django_db
class TestLoading:
    def test_take_the_newest_check_and_no_failed_one(self):
        facility = make_facility(services="medicaid medicare")
        for day, outcome, slug in [
            (1, "confirmed", "medicaid"), (3, "corrected", "medicaid"),
            (2, "confirmed", "medicaid"), (4, "not_confirmed", "medicare"),
        ]:  # fmt: skip
            Verification.objects.create(
                facility=facility,
                fact=f"service:{slug}",
                outcome=outcome,
                method="phone",
                checked_at=timezone.make_aware(timezone.datetime(2026, 3, day, 12)),
            )

        (one,) = load_compared_facilities(find_by_codes([facility.code]))

        assert one.checked == {"medicaid": date(2026, 3, 3)}

    def test_leave_out_a_check_that_was_reverted(self):
        facility = make_facility(services="medicaid")
        noon = timezone.make_aware(timezone.datetime(2026, 3, 1, 12))
        Verification.objects.create(
            facility=facility, fact="service:medicaid", outcome="confirmed", method="phone",
            checked_at=noon, reverted_at=noon,
        )  # fmt: skip

        (one,) = load_compared_facilities(find_by_codes([facility.code]))

        assert one.checked == {}
