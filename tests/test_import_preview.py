"""A release before it is loaded: what it would change, what to decide, and its loading."""

import os
import stat
from datetime import timedelta

import pytest
from django.urls import reverse

from facilities.admin import uploads
from facilities.curating import Check, record
from facilities.loading.load import load
from facilities.loading.placing import place, waiting_rows
from facilities.loading.plan import Options, Refused
from facilities.models import Conflict, Facility, Release, RowDecision, SourceRow, Verification

from .factories import TODAY
from .releases import NOW, house, load_edition, read_edition, state
from .staff import staff_client

pytestmark = pytest.mark.django_db
ALDER, BIRCH, CEDAR = (house(name) for name in ("Alder House", "Birch House", "Cedar House"))
UPLOAD = "admin:facilities_release_upload"
# Two rows that may each be either of two facilities, and neither clearly.
ELM = {"street1": "5 Elm Street", "phone": "518-555-0155"}
NORTH, SOUTH = ELM | {"name1": "North House"}, ELM | {"name1": "South House"}
MOUTH = ELM | {"name1": "Mouth House"}


@pytest.fixture
def uploaded(settings, tmp_path):
    settings.UPLOADS = tmp_path / "uploads"
    return settings.UPLOADS


@pytest.fixture
def administrator(uploaded):
    return staff_client("administrator")


@pytest.fixture
def ana(django_user_model):
    return django_user_model.objects.create_user("ana")


def send(client, folder, year: int, *lines, **fields) -> str:
    """Upload an edition; the address of the page that shows it."""
    read_edition(folder, year, *lines)
    with (folder / f"directory-{year}.xlsx").open("rb") as workbook:
        answer = client.post(reverse(UPLOAD), {"workbook": workbook, **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def asked(client, address: str, **decisions):
    """Press "Load it" on the page, having seen what it shows."""
    version = client.get(address).context["version"]
    return client.post(address, {"do": "load", "version": version, **decisions}, follow=True)


def named(name: str) -> Facility:
    return Facility.objects.get(name=name)


class TestDryRun:
    def test_counts_the_facilities_of_which_each_fact_changes(self, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH, CEDAR)
        changed = ALDER | {"street2": "Suite 2"}, BIRCH | {"street2": "Suite 3", "city": "Troy"}
        reading = read_edition(tmp_path, 2023, *changed)

        report = load(reading, Options(allows_withdrawals=True), today=TODAY, is_dry_run=True)

        assert report.facts == {"street2": 2, "city": 1, "status": 1}
        assert report.withdrawn_codes == [named("Cedar House").code]
        assert "street2: 2" in report.as_text()

    def test_tells_what_is_stated_again_from_what_changes(self, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        reading = read_edition(tmp_path, 2023, ALDER, BIRCH | {"street2": "Suite 2"})

        report = load(reading, Options(), today=TODAY, is_dry_run=True)

        assert (report.restated, report.changed, report.added) == (1, 1, 0)


class TestPreview:
    def test_shows_each_kind_of_difference_and_changes_nothing(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        before = state()

        address = send(administrator, tmp_path, 2023, ALDER | {"street2": "Suite 2"}, CEDAR)
        page = administrator.get(address)

        kinds = {str(kind["words"]).split(":")[0]: kind["number"] for kind in page.context["kinds"]}
        assert [*kinds.values()] == [1, 1, 1, 0]
        assert all(name in page.text for name in ("Cedar House", "Suite 2", "Birch House"))
        assert state() == before

    def test_keeps_the_file_where_the_site_alone_can_read_it(
        self, administrator, tmp_path, uploaded
    ):
        send(administrator, tmp_path, 2023, ALDER)

        files = [path for path in uploaded.rglob("*") if path.is_file()]
        assert {path.name for path in files} == {"directory-2023.xlsx", "about.json"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
        assert {stat.S_IMODE(path.stat().st_mode) for path in uploaded.iterdir()} == {0o700}

    def test_deletes_the_file_once_it_is_loaded_or_thrown_away(
        self, administrator, tmp_path, uploaded
    ):
        asked(administrator, send(administrator, tmp_path, 2022, ALDER))
        thrown = send(administrator, tmp_path, 2023, BIRCH)
        administrator.post(thrown, {"do": "drop"})

        assert [*uploaded.iterdir()] == []
        assert Release.objects.count() == 1

    def test_deletes_files_of_yesterday(self, administrator, tmp_path, uploaded):
        send(administrator, tmp_path, 2022, ALDER)
        (folder,) = uploaded.iterdir()
        yesterday = (NOW - timedelta(hours=25)).timestamp()
        os.utime(folder, (yesterday, yesterday))

        assert uploads.sweep(NOW) == 1
        assert not folder.exists()

    @pytest.mark.parametrize("token", ["x" * 22, "..", "nothing", "-" * 300])
    def test_of_a_file_that_is_not_there_leads_to_the_upload(self, administrator, token):
        answer = administrator.get(reverse(UPLOAD) + f"{token}/")

        assert answer.status_code in (302, 404)
        assert answer.headers.get("Location", "").endswith(("/load/", ""))

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("../../etc/passwd", "passwd"),
            ("<b>2023</b>.XLSX", "b_.xlsx"),
            (".hidden.csv", "hidden.csv"),
            ("_coordinates.csv", "coordinates.csv"),
            ("x" * 300 + ".xlsx", "x" * 100 + ".xlsx"),
        ],
    )
    def test_names_files_so_that_they_lead_nowhere(self, name, safe):
        assert uploads.safe_name(name) == safe

    def test_refuses_what_is_no_workbook(self, administrator, tmp_path, uploaded):
        path = tmp_path / "list.xlsx"
        path.write_text("not a workbook")
        with path.open("rb") as file:
            answer = administrator.post(reverse(UPLOAD), {"workbook": file}, follow=True)

        (told,) = map(str, answer.context["messages"])
        assert told == "list.xlsx is damaged or not an Excel workbook."
        assert [*uploaded.iterdir()] == []

    def test_shows_hostile_words_as_words(self, administrator, tmp_path):
        address = send(
            administrator, tmp_path, 2023, ALDER | {"name1": "<script>alert(1)</script>"}
        )

        page = administrator.get(address).text

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


class TestLoading:
    def test_loads_what_was_shown(self, administrator, tmp_path):
        address = send(administrator, tmp_path, 2023, ALDER, BIRCH)

        page = asked(administrator, address)

        assert "Loaded: 2 added, 0 changed, 0 withdrawn." in page.text
        assert Release.objects.get().loaded_by.username == "administrator"

    def test_is_shown_again_where_others_changed_the_data_since(self, administrator, tmp_path, ana):
        load_edition(tmp_path, 2022, ALDER)
        address = send(administrator, tmp_path, 2023, ALDER, BIRCH)
        seen = administrator.get(address).context["version"]
        record(named("Alder House"), [Check("city", "corrected", "Troy")], by=ana, now=NOW)

        page = administrator.post(address, {"do": "load", "version": seen})

        assert "changed by others meanwhile" in page.text
        assert Release.objects.count() == 1

    def test_withdraws_many_only_if_somebody_says_so(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        address = send(administrator, tmp_path, 2023, ALDER)

        assert "leaves out 1 of 2" in asked(administrator, address).text
        assert "1 withdrawn" in asked(administrator, address, withdrawals="on").text

    def test_withdraws_nothing_for_a_part_of_the_country(self, administrator, tmp_path):
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        address = send(administrator, tmp_path, 2023, ALDER | {"city": "Troy"}, is_partial="on")

        asked(administrator, address)

        assert {*Facility.objects.values_list("status", flat=True)} == {"listed"}


class TestConflictsOfAPreview:
    @pytest.fixture
    def address(self, administrator, tmp_path, ana):
        """Two corrected facts, both contradicted by the next edition."""
        load_edition(tmp_path, 2022, ALDER, BIRCH)
        for name in ("Alder House", "Birch House"):
            record(named(name), [Check("city", "corrected", "Troy")], by=ana, now=NOW)
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

        asked(administrator, address, how="website", **decisions)

        alder.refresh_from_db(), birch.refresh_from_db()
        assert (alder.city, birch.city) == ("Troy", "Cohoes")
        assert not Conflict.objects.exists()
        newest = Verification.objects.order_by("-pk")[:2]
        assert {check.outcome for check in newest} == {"confirmed", "corrected"}
        assert {check.file_value for check in newest} == {"Cohoes"}

    def test_are_not_decided_without_saying_how(self, administrator, address):
        decisions = {f"conflict-{named('Alder House').pk}-city": "keep"}

        assert "say how you know" in asked(administrator, address, **decisions).text
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
        assert waiting_rows().count() == 1
        assert {*Facility.objects.values_list("status", flat=True)} == {"listed"}

    @pytest.mark.parametrize(("choice", "name"), [("north", "North House"), ("new", None)])
    def test_go_where_somebody_says_before_loading(self, administrator, address, choice, name):
        value = named(name).pk if name else "new"
        administrator.post(address, {"do": "rows", "row-2": value})
        (shown,) = administrator.get(address).context["ambiguous"]

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

        placed = place(row, named(name) if name else None, by=ana, now=NOW)

        assert (placed.name, placed.status) == ("Mouth House", "listed")
        left = Facility.objects.filter(name__in=["North House", "South House"])
        assert {each.status for each in left} == {"withdrawn"}
        assert RowDecision.objects.get().facility_id == (placed.pk if name else None)

    def test_are_placed_on_a_page(self, administrator, address):
        asked(administrator, address)
        row, north = waiting_rows().get(), named("North House")
        rows = reverse("admin:facilities_release_rows")
        assert "Mouth House" in administrator.get(rows).text

        page = administrator.post(rows, {"place": f"{row.pk}:{north.pk}"}, follow=True)

        north.refresh_from_db()
        assert (north.name, "No row waits." in page.text) == ("Mouth House", True)

    def test_are_placed_once_and_on_a_candidate(self, administrator, address, ana):
        asked(administrator, address)
        row = waiting_rows().get()
        with pytest.raises(Refused, match="does not look like"):
            place(row, named("Alder House"), by=ana, now=NOW)
        place(row, None, by=ana, now=NOW)

        with pytest.raises(Refused, match="already placed"):
            place(row, None, by=ana, now=NOW)

    def test_are_matched_in_the_next_edition_as_they_were_placed(
        self, administrator, address, ana, tmp_path
    ):
        asked(administrator, address)
        north = place(waiting_rows().get(), named("North House"), by=ana, now=NOW)

        load_edition(tmp_path, 2024, MOUTH, ALDER)

        assert not waiting_rows().exists()
        assert SourceRow.objects.filter(facility=north).count() == 3
