"""What is decided of a release before and after it is loaded: conflicts, rows of two."""

import pytest
from django.urls import reverse

from facilities.curation import FactCheck
from facilities.imports.row_decisions import ambiguous_rows, assign_row, outdated_rows
from facilities.imports.undo import undo_release
from facilities.models import (
    Conflict,
    Facility,
    Proposal,
    Release,
    RowDecision,
    SourceRow,
    Verification,
)
from facilities.places.tables import zip_code_table
from facilities.resolution.changes import ImportRefused
from facilities.resolution.recompute import recompute_facilities

from ..sources.test_findtreatment import make_listing
from ..support.accounts import staff_client
from ..support.factories import ON_PAPER, TODAY
from ..support.html import Page
from ..support.release_upload import asked, look, press, send
from ..support.releases import NOW, house, load_edition, load_locator
from ..support.two_people import record_seconded

pytestmark = pytest.mark.django_db
ALDER, BIRCH, CEDAR = (house(name) for name in ("Alder House", "Birch House", "Cedar House"))
# Two rows that may each be either of two facilities, and neither clearly.
ELM = {"street1": "5 Elm Street", "phone": "518-555-0155"}
NORTH, SOUTH = ELM | {"name1": "North House"}, ELM | {"name1": "South House"}
MOUTH = ELM | {"name1": "Mouth House"}


@pytest.fixture
def uploaded(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


@pytest.fixture
def administrator(uploaded):
    return staff_client("administrator")


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


def named(name: str) -> Facility:
    return Facility.objects.get(name=name)


class TestConflictsOfAPreview:
    @pytest.fixture
    def address(self, administrator, tmp_path, ana):
        """Two corrected facts, both contradicted by the next edition."""
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        for name in ("Alder House", "Birch House"):
            record_seconded(named(name), [FactCheck("city", "corrected", "Troy")], by=ana, now=NOW)
        lines = (each | {"city": "Cohoes"} for each in (ALDER, BIRCH))
        return send(administrator, tmp_path, 2023, *lines)

    def test_are_listed_with_both_values(self, administrator, address):
        shown = administrator.get(address).context["conflicts"]

        assert [(each["ours"], each["theirs"]) for each in shown] == [("Troy", "Cohoes")] * 2

    def test_stay_where_nobody_decides(self, administrator, address):
        asked(administrator, address)

        assert {*Facility.objects.values_list("city", flat=True)} == {"Troy"}
        assert Conflict.objects.count() == 2

    def test_are_decided_one_by_one(self, administrator, address):
        alder, birch = named("Alder House"), named("Birch House")
        decisions = {f"conflict-{alder.pk}-city": "keep", f"conflict-{birch.pk}-city": "take"}

        asked(administrator, address, method="website", **decisions)

        alder.refresh_from_db(), birch.refresh_from_db()
        assert (alder.city, birch.city) == ("Troy", "Troy")
        assert Conflict.objects.get().facility == birch  # until a second person takes theirs
        assert Proposal.objects.get(state="waiting").value == "Cohoes"
        newest = Verification.objects.latest("pk")
        assert (newest.outcome, newest.source_value) == ("confirmed", "Cohoes")

    def test_stay_open_where_others_changed_the_facility_since(self, administrator, address, ana):
        alder, birch = named("Alder House"), named("Birch House")
        seen = administrator.get(address).context["seen"]
        record_seconded(alder, [FactCheck("city", "corrected", "Utica")], by=ana, now=NOW)
        decisions = {f"conflict-{each.pk}-city": "keep" for each in (alder, birch)}

        press(administrator, address, do="load", seen=seen, method="website", **decisions)

        alder.refresh_from_db(), birch.refresh_from_db()
        assert (alder.city, birch.city) == ("Utica", "Troy")
        assert Conflict.objects.get().facility == alder

    def test_are_not_decided_without_saying_how(self, administrator, address):
        decisions = {f"conflict-{named('Alder House').pk}-city": "keep"}

        page = Page(asked(administrator, address, **decisions))

        assert "say how you know" in page.text
        (name,) = decisions
        assert page.attribute(f'[name="{name}"][checked]', "value") == "keep"
        assert Release.objects.count() == 1


class TestAmbiguousRows:
    @pytest.fixture
    def address(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, NORTH, SOUTH, ALDER)
        return send(administrator, tmp_path, 2023, MOUTH, ALDER)

    def test_wait_for_two_people(self, administrator, address):
        page = administrator.get(address)
        asked(administrator, address)

        (shown,) = page.context["ambiguous"]
        assert "South House, 5 Elm Street, Albany, NY 12207, 518-555-0155" in " ".join(
            words for words, _is_decided in shown["choices"]
        )
        assert ambiguous_rows().count() == 1
        assert {*Facility.objects.values_list("status", flat=True)} == {"listed"}

    def test_are_shown_with_the_distance_and_a_map_of_each_facility(self, administrator, address):
        north, south = named("North House"), named("South House")
        SourceRow.objects.filter(facility=north).update(position=[42.6500, -73.7500, "street"])
        SourceRow.objects.filter(facility=south).update(position=[42.7225, -73.7500, "street"])
        recompute_facilities(zip_code_table(), today=TODAY)
        asked(administrator, address)
        # A hundred meters, 330 feet, north of one and 4.9 miles south of the other.
        ambiguous_rows().update(position=[42.6509, -73.7500, "street"])

        page = Page(administrator.get(reverse("admin:facilities_release_rows")))

        assert "330 feet away" in page.text
        assert "4.9 miles N" in page.text
        assert page.texts(".locator text.n") == ["1", "2"]
        assert page.attribute(".locator svg", "aria-labelledby") == (
            f"row-{ambiguous_rows().get().pk}-title"
        )

    def test_are_shown_with_distances_before_loading(self, administrator, address):
        page = Page(administrator.get(address))

        assert "in the same place, as far as ZIP codes tell" in page.text
        assert "The cross is at the center of its ZIP code." in page.text

    def test_keep_what_was_decided_when_their_file_is_taken_back_and_loaded_again(
        self, administrator, address, ana, tmp_path
    ):
        asked(administrator, address)
        assign_row(ambiguous_rows().get(), named("North House"), by=ana, now=NOW)
        undo_release(today=TODAY)
        again = send(administrator, tmp_path, 2023)  # a file written anew tells another second

        (shown,) = look(administrator, again).context["ambiguous"]
        asked(administrator, again, withdrawals="on")

        assert [is_decided for _words, is_decided in shown["choices"]] == [True]
        assert not ambiguous_rows().exists()
        assert named("Mouth House").source_rows.count() == 2

    @pytest.mark.parametrize("name", ["South House", None])
    def test_go_where_somebody_says_after_loading(self, administrator, address, ana, name):
        asked(administrator, address)
        row = ambiguous_rows().get()

        placed = assign_row(row, named(name) if name else None, by=ana, now=NOW)

        assert (placed.name, placed.status) == ("Mouth House", "listed")
        left = Facility.objects.filter(name__in=["North House", "South House"])
        assert {each.status for each in left} == {"withdrawn"}
        assert RowDecision.objects.get().facility_id == (placed.pk if name else None)

    def test_are_placed_on_a_page_by_the_second_person(self, administrator, address):
        asked(administrator, address)
        row, north = ambiguous_rows().get(), named("North House")
        rows, place = reverse("admin:facilities_release_rows"), f"{row.pk}:{north.pk}"
        second = staff_client("editor")

        first = administrator.post(rows, {"place": place}, follow=True)
        again = administrator.post(rows, {"place": place, **ON_PAPER}, follow=True)
        empty = second.post(rows, {"place": place}, follow=True)
        north.refresh_from_db()
        assert "waits until a second person says the same" in first.text
        assert "you stand behind it already" in again.text
        assert "Say how you know" in empty.text
        assert north.name == "North House"

        page = second.post(rows, {"place": place, **ON_PAPER}, follow=True)

        north.refresh_from_db()
        assert (north.name, "No row waits." in page.text) == ("Mouth House", True)

    def test_take_what_one_person_said_back(self, administrator, address):
        asked(administrator, address)
        row, rows = ambiguous_rows().get(), reverse("admin:facilities_release_rows")
        administrator.post(rows, {"place": f"{row.pk}:new"})

        stranger = staff_client("editor").post(rows, {"withdraw": row.proposals.get().pk})
        assert (stranger.status_code, row.proposals.count()) == (302, 1)
        page = administrator.post(rows, {"withdraw": row.proposals.get().pk}, follow=True)

        assert "Withdrawn." in page.text
        assert not row.proposals.exists()

    def test_are_not_placed_without_a_choice_among_their_facilities(self, administrator, address):
        asked(administrator, address)
        row, rows = ambiguous_rows().get().pk, reverse("admin:facilities_release_rows")
        north, alder = named("North House").pk, named("Alder House").pk
        forms = {
            "Press the button of one facility.": ["", f"{row}", f"{row}:{north}:new", "x:new"],
            "This facility is not there any more.": [f"{row}:0", f"{row}:{'9' * 19}"],
            "This row is not there any more.": ["0:new", f"{'9' * 19}:new"],
            "This row does not look like that facility.": [f"{row}:{alder}"],
        }

        for sentence, choices in forms.items():
            for choice in choices:
                assert sentence in administrator.post(rows, {"place": choice}, follow=True).text

        assert ambiguous_rows().count() == 1
        assert not RowDecision.objects.exists()

    def test_are_placed_once_and_on_a_candidate(self, administrator, address, ana):
        asked(administrator, address)
        row = ambiguous_rows().get()
        with pytest.raises(ImportRefused, match="does not look like"):
            assign_row(row, named("Alder House"), by=ana, now=NOW)
        assign_row(row, None, by=ana, now=NOW)

        with pytest.raises(ImportRefused, match="already assigned"):
            assign_row(row, None, by=ana, now=NOW)

    def test_are_matched_in_the_next_edition_as_they_were_placed(
        self, administrator, address, ana, tmp_path
    ):
        asked(administrator, address)
        north = assign_row(ambiguous_rows().get(), named("North House"), by=ana, now=NOW)

        load_edition(tmp_path, 2024, MOUTH, ALDER)

        assert not ambiguous_rows().exists()
        assert SourceRow.objects.filter(facility=north).count() == 3


class TestRowsOfOlderFiles:
    @pytest.fixture
    def row(self, administrator, tmp_path):
        """A house that the locator of January 2023 has and the directory of 2023 has not."""
        load_edition(tmp_path, 2023, ALDER)
        load_locator(tmp_path, "2023-01-31", make_listing(name1="Elm House", street1="9 Elm St"))
        return outdated_rows().get()

    @pytest.fixture
    def older(self):
        return reverse("admin:facilities_release_older_rows")

    def test_wait_in_a_pile_of_their_own_with_the_reason(self, administrator, row, older):
        page = administrator.get(older)

        assert "Elm House" in page.text
        assert "the directory does not list these facilities any more" in page.text
        assert "Elm House" not in administrator.get(reverse("admin:facilities_release_rows")).text
        releases = administrator.get(reverse("admin:facilities_release_changelist"))
        assert "1 row that a newer directory leaves out" in releases.text
        assert not Facility.objects.filter(name="Elm House").exists()

    @pytest.mark.parametrize(("answer", "count"), [("new", 1), ("out", 0)])
    def test_are_settled_by_two(self, administrator, row, older, answer, count):
        place = f"{row.pk}:{answer}"
        administrator.post(older, {"place": place, **ON_PAPER})
        assert outdated_rows().exists()

        staff_client("editor").post(older, {"place": place, **ON_PAPER})

        assert not outdated_rows().exists()
        assert Facility.objects.listed().filter(name="Elm House").count() == count

    def test_are_shown_in_spanish(self, administrator, row, older):
        page = administrator.get(f"/es{older}")

        assert "Filas que un directorio más nuevo no incluye" in page.text
