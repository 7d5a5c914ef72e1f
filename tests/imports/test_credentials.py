"""A state's list of licenses comes to the facilities that it names, and to no other."""

import csv
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from facilities.models import Credential, DataVersion

from ..support.factories import log_changes, make_listing

pytestmark = pytest.mark.django_db
MAP = """
kind = "license"
issuer = "New York OASAS"
date_format = "%m/%d/%Y"
proof_url = "https://example.org/licenses"

[columns]
name = "Provider"
street = "Address"
city = "City"
state = "State"
zip = "Zip"
phone = "Phone"
number = "License"
expires_on = "Expires"
"""
LINE = {
    "Provider": "Alder House", "Address": "1 Main Street", "City": "Albany", "State": "NY",
    "Zip": "12207", "Phone": "5185550101", "License": "A-17", "Expires": "06/30/2027",
}  # fmt: skip


@pytest.fixture
def alder():
    alder = make_listing(name1="Alder House")
    make_listing(name1="Birch House", street1="99 Oak Street", phone="518-555-0102")
    log_changes()
    return alder


@pytest.fixture
def load(tmp_path, capsys):
    def run(*lines, written_map=MAP, **options) -> str:
        path, map_path = tmp_path / "licenses.csv", tmp_path / "map.toml"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, LINE)
            writer.writeheader()
            writer.writerows(lines)
        map_path.write_text(written_map)
        options = {"seen": date(2026, 11, 1)} | options
        call_command("load_credentials", str(path), f"--map={map_path}", **options)
        return capsys.readouterr().out

    return run


class TestCredentials:
    def test_come_with_body_number_expiry_and_proof(self, alder, load):
        load(LINE)

        license = Credential.objects.get()
        assert license.facility == alder
        assert (license.kind, license.issuer, license.number) == (
            "license", "New York OASAS", "A-17",
        )  # fmt: skip
        assert (license.expires_on, license.checked_on) == (date(2027, 6, 30), date(2026, 11, 1))
        assert license.proof_url == "https://example.org/licenses"

    def test_confirm_what_one_person_entered(self, alder, load):
        waiting = Credential.objects.create(
            facility=alder, kind="license", issuer="New York OASAS", number="A-17",
            checked_on=date(2026, 10, 1), is_confirmed=False,
        )  # fmt: skip

        load(LINE)

        waiting.refresh_from_db()
        assert waiting.is_confirmed
        assert waiting.expires_on == date(2027, 6, 30)

    def test_of_one_house_are_all_its_own(self, alder, load):
        load(LINE, LINE | {"License": "A-18"})

        assert Credential.objects.filter(facility=alder).count() == 2

    def test_are_renewed_and_not_repeated(self, alder, load):
        load(LINE)
        version = DataVersion.current()

        assert "unchanged        1" in load(LINE)
        assert DataVersion.current() == version
        load(LINE | {"Expires": "06/30/2029"}, seen=date(2027, 7, 1))

        assert Credential.objects.get().expires_on == date(2029, 6, 30)
        assert DataVersion.current() != version

    def test_of_nobody_we_list_are_named(self, alder, load):
        stranger = {"Provider": "Willow Farm", "Address": "7 Lake Road", "Phone": "5185550177"}

        said = load(LINE | stranger | {"City": "Buffalo", "Zip": "14201"})

        assert not Credential.objects.exists()
        assert "row 2: Willow Farm, Buffalo" in said

    def test_that_cannot_be_read_are_named(self, alder, load):
        said = load(LINE | {"Expires": "soon"}, LINE | {"License": ""})

        assert not Credential.objects.exists()
        assert "row 2: date not understood: 'soon'" in said
        assert "row 3: no number" in said

    def test_are_not_written_by_a_dry_run(self, alder, load):
        assert "added            1" in load(LINE, dry_run=True)
        assert not Credential.objects.exists()

    @pytest.mark.parametrize(
        ("former", "wrong", "sentence"),
        [
            ('"license"', '"badge"', "kind is one of"),
            ('issuer = "New York OASAS"', "", "does not say the issuer"),
            ('number = "License"', "", "lacks number"),
            ('"Zip"', '"Postal"', "The heading Postal is missing"),
        ],
    )
    def test_with_a_wrong_map_are_refused(self, alder, load, former, wrong, sentence):
        with pytest.raises(CommandError, match=sentence):
            load(LINE, written_map=MAP.replace(former, wrong, 1))
