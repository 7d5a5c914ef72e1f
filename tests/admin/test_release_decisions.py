"""What is decided of a release before and after it is loaded: conflicts, rows of two."""

import pytest
from django.urls import reverse

from facilities.curation import FactCheck
from facilities.imports.row_decisions import assign_row, waiting_rows
from facilities.models import (
    Conflict,
    Facility,
    Proposal,
    Release,
    RowDecision,
    SourceRow,
    Verification,
)
from facilities.places.tables import zip_places
from facilities.resolution.changes import ImportRefused
from facilities.resolution.recompute import recompute_facilities

from ..support.accounts import staff_client
from ..support.factories import TODAY
from ..support.html import Page
from ..support.release_upload import asked, look, press, send
from ..support.releases import NOW, house, load_edition
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

    def test_wait_unless_somebody_decides(self, administrator, address):
        (shown,) = administrator.get(address).context["ambiguous"]
        asked(administrator, address)

        assert [words for _, words, is_chosen in shown["choices"] if is_chosen] == ["Decide later"]
        assert "South House, 5 Elm Street, Albany, NY 12207, 518-555-0155" in " ".join(
            words for _, words, _ in shown["choices"]
        )
        assert waiting_rows().count() == 1
        assert {*Facility.objects.values_list("status", flat=True)} == {"listed"}

    def test_are_shown_with_the_distance_and_a_map_of_each_facility(self, administrator, address):
        north, south = named("North House"), named("South House")
        SourceRow.objects.filter(facility=north).update(position=[42.6500, -73.7500, "street"])
        SourceRow.objects.filter(facility=south).update(position=[42.7225, -73.7500, "street"])
        recompute_facilities(zip_places(), today=TODAY)
        asked(administrator, address)
        # A hundred meters, 330 feet, north of one and 4.9 miles south of the other.
        waiting_rows().update(position=[42.6509, -73.7500, "street"])

        page = Page(administrator.get(reverse("admin:facilities_release_rows")))

        assert "330 feet away" in page.text
        assert "4.9 miles N" in page.text
        assert page.texts(".locator text.n") == ["1", "2"]
        assert page.attribute(".locator svg", "aria-labelledby") == (
            f"row-{waiting_rows().get().pk}-title"
        )

    def test_are_shown_with_distances_before_loading(self, administrator, address):
        page = Page(administrator.get(address))

        assert "in the same place, as far as ZIP codes tell" in page.text
        assert "The cross is at the center of its ZIP code." in page.text

    @pytest.mark.parametrize(("choice", "name"), [("north", "North House"), ("new", None)])
    def test_go_where_somebody_says_before_loading(self, administrator, address, choice, name):
        value = named(name).pk if name else "new"
        administrator.post(address, {"do": "rows", "row-2": value})
        (shown,) = look(administrator, address).context["ambiguous"]

        asked(administrator, address, withdrawals="on")

        assert [each for each, _, is_chosen in shown["choices"] if is_chosen] == [str(value)]
        assert not waiting_rows().exists()
        mouth = named("Mouth House")
        assert mouth.source_rows.count() == (2 if name else 1)
        assert Facility.objects.filter(status="withdrawn").count() == (1 if name else 2)

    def test_can_be_left_for_later_again(self, administrator, address):
        administrator.post(address, {"do": "rows", "row-2": "new"})
        administrator.post(address, {"do": "rows", "row-2": "later"})

        assert not RowDecision.objects.exists()

    @pytest.mark.parametrize("name", ["South House", None])
    def test_go_where_somebody_says_after_loading(self, administrator, address, ana, name):
        asked(administrator, address)
        row = waiting_rows().get()

        placed = assign_row(row, named(name) if name else None, by=ana, now=NOW)

        assert (placed.name, placed.status) == ("Mouth House", "listed")
        left = Facility.objects.filter(name__in=["North House", "South House"])
        assert {each.status for each in left} == {"withdrawn"}
        assert RowDecision.objects.get().facility_id == (placed.pk if name else None)

    def test_are_placed_on_a_page(self, administrator, address):
        asked(administrator, address)
        row, north = waiting_rows().get(), named("North House")
        rows = reverse("admin:facilities_release_rows")
        assert "Mouth House" in administrator.get(rows).text

        page = administrator.post(rows, {"row": row.pk, "facility": north.pk}, follow=True)

        north.refresh_from_db()
        assert (north.name, "No row waits." in page.text) == ("Mouth House", True)

    def test_are_not_placed_without_a_choice_among_their_facilities(self, administrator, address):
        asked(administrator, address)
        row, rows = waiting_rows().get().pk, reverse("admin:facilities_release_rows")
        north, alder = named("North House").pk, named("Alder House").pk
        forms = {
            "Press the button of one facility.": [
                {"row": row},
                {"row": row, "facility": north, "is_new": "on"},
            ],
            "This facility is not there any more.": [
                {"row": row, "facility": key} for key in ("0", "9" * 30, "new")
            ],
            "This row does not look like that facility.": [{"row": row, "facility": alder}],
        }

        for sentence, choices in forms.items():
            for choice in choices:
                assert sentence in administrator.post(rows, choice, follow=True).text

        assert waiting_rows().count() == 1
        assert not RowDecision.objects.exists()

    def test_are_placed_once_and_on_a_candidate(self, administrator, address, ana):
        asked(administrator, address)
        row = waiting_rows().get()
        with pytest.raises(ImportRefused, match="does not look like"):
            assign_row(row, named("Alder House"), by=ana, now=NOW)
        assign_row(row, None, by=ana, now=NOW)

        with pytest.raises(ImportRefused, match="already assigned"):
            assign_row(row, None, by=ana, now=NOW)

    def test_are_matched_in_the_next_edition_as_they_were_placed(
        self, administrator, address, ana, tmp_path
    ):
        asked(administrator, address)
        north = assign_row(waiting_rows().get(), named("North House"), by=ana, now=NOW)

        load_edition(tmp_path, 2024, MOUTH, ALDER)

        assert not waiting_rows().exists()
        assert SourceRow.objects.filter(facility=north).count() == 3
