"""Every registered fact appears wherever facts appear, and every field of the model is one.

A fact that is added to the registry is tested here without another edit, as long as its type has
a sample below.
"""

from html import escape

import polib
import pytest
from django.urls import reverse
from django.utils import translation

from facilities.admin.duplicates.compare import duplicate_comparison
from facilities.curation.dossier import read_dossier as dossier
from facilities.curation.history import read_events
from facilities.curation.self_service.form import SelfServiceForm
from facilities.curation.spreadsheet.columns import SheetLayout, is_changeable_column
from facilities.curation.spreadsheet.rows import sheet_row_cells
from facilities.curation.work_queue.call_script import build_call_script
from facilities.facts import value_types as types
from facilities.facts.registry import (
    FACTS,
    STATED_FACTS,
    UNSTATED_FACTS,
    FactSection,
    clean_value,
    fact_age_kind,
    fact_label,
    get_fact,
)
from facilities.models import Facility, UpdateLink
from facilities.models.fields import BitsField
from facilities.models.page_records import find_by_codes
from facilities.presenters.comparison.table import compare_facilities, load_compared_facilities
from facilities.resolution.columns import facility_columns
from facilities.resolution.resolve import resolve_facts
from facilities.resolution.snapshot import FACILITY_COLUMNS
from facilities.rules.freshness import DEFAULT_MAX_AGE

from ..support.accounts import staff_client
from ..support.factories import TODAY, make_facility, make_verification
from ..support.real_data import ROOT

CATALOG = ROOT / "facilities" / "locale" / "es" / "LC_MESSAGES" / "django.po"
# Fields of the model that hold no fact: identity, what is computed from facts, and services.
OTHER_FIELDS = {
    "id", "uuid", "code", "merged_into", "fact_sources", "name_key", "county_fips", "latitude",
    "longitude", "x", "y", "z", "position_origin", "denied_services", "last_verified_on",
    "source_release", "phone_suspended_on",
}  # fmt: skip
# A value of each type, in the form in which it is stored.
SAMPLES = {
    types.PHONE: "518-555-0143",
    types.EXTENSION: "98765",
    types.PHONES: [{"number": "518-555-0147", "extension": ""}],
    types.WEBSITE: "https://sample.example",
    types.ZIP: "12207",
    types.STATE: "NY",
    types.HOURS: {"mon": [["07:15", "16:45"]]},
    types.FLAG: True,
    types.POSITION: [42.5, -73.5],
    types.STATUS: "hidden",
}
# What a public page says of these is not their value in words.
NOT_IN_WORDS = {
    "status": "a notice, where it is not listed",
    "is_address_confidential": "the address is left out",
    "position": "a map and directions",
}


def sample(fact) -> object:
    """A value of the fact that no other fact has, as far as its type has many."""
    return SAMPLES.get(fact.type, f"A sample {fact.name}")


@pytest.fixture
def facility() -> Facility:
    """A listed facility with a value of every fact, each of them checked."""
    values = {fact.name: sample(fact) for fact in FACTS.values() if fact.name not in NOT_IN_WORDS}
    facility = make_facility(latitude=42.5, longitude=-73.5, **values)
    for name, fact in FACTS.items():
        make_verification(
            facility=facility, fact=name, value_before=fact.default, value_after=sample(fact)
        )
    return facility


class TestRegistry:
    def test_holds_every_field_of_the_model(self):
        fields = {
            field.name for field in Facility._meta.concrete_fields
            if not isinstance(field, BitsField)
        }  # fmt: skip

        assert fields - FACTS.keys() == OTHER_FIELDS
        assert FACTS.keys() - fields == {"position"}  # kept as latitude and longitude

    def test_gives_each_default_as_the_model_does(self):
        new = Facility()

        different = {
            name for name in (*STATED_FACTS, *UNSTATED_FACTS)
            if getattr(new, name) != FACTS[name].default
        }  # fmt: skip

        assert different == set()

    @pytest.mark.parametrize("name", FACTS)
    def test_reads_back_what_it_writes(self, name):
        fact = FACTS[name]

        assert fact.clean(fact.parse(fact.format(sample(fact)))) == sample(fact)

    @pytest.mark.parametrize("name", [*FACTS, "service:detox", "service:medicaid"])
    def test_gives_each_fact_a_maximum_age(self, name):
        assert fact_age_kind(name) in DEFAULT_MAX_AGE
        assert get_fact(name).max_age == DEFAULT_MAX_AGE[fact_age_kind(name)]

    @pytest.mark.parametrize("name", FACTS)
    def test_labels_each_fact_in_both_languages(self, name):
        catalog = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOG))}
        fact = FACTS[name]

        for text in filter(None, (fact.label, fact.help, fact.short_label, fact.self_service_help)):
            assert catalog[str(text)]
        with translation.override("es"):
            assert fact_label(name, "es") == catalog[fact_label_in_english(name)]

    def test_names_facts_that_it_does_not_know_by_themselves(self):
        assert fact_label("service:gone", "en") == "service:gone"
        assert get_fact("service:gone").display(None) == "not reported"


def fact_label_in_english(name: str) -> str:
    with translation.override("en"):
        return fact_label(name, "en")


class TestResolution:
    def test_carries_each_fact(self):
        checks = [make_check(name, sample(fact)) for name, fact in FACTS.items()]

        resolved = resolve_facts((), checks, TODAY)

        values = {name: resolved.shown_value(name) for name in FACTS}
        assert values == {name: sample(fact) for name, fact in FACTS.items()}

    def test_has_a_file_value_of_each_fact(self):
        resolved = resolve_facts((), (), TODAY)

        different = {
            name for name, fact in FACTS.items()
            if name != "status" and resolved.source_value(name) != fact.default
        }  # fmt: skip
        assert different == set()
        assert resolved.source_value("status") == "listed"

    def test_row_of_a_private_address_holds_no_private_fact(self):
        checks = [make_check(name, sample(fact)) for name, fact in FACTS.items()]
        resolved = resolve_facts((), checks, TODAY)  # the sample of a flag is yes

        row = facility_columns(resolved, {})

        private = {name for name, fact in FACTS.items() if fact.is_private_with_address}
        held = {name for name in private & row.keys() if row[name] != FACTS[name].default}
        assert held == {"zip"}  # pages leave it out
        assert row["latitude"] is None  # the position of the check is not used

    def test_snapshot_reads_each_column(self):
        assert {*STATED_FACTS, *UNSTATED_FACTS, "status"} <= set(FACILITY_COLUMNS)


def make_check(name: str, value):
    return make_verification(fact=name, value_after=value, source_value=None)


@pytest.mark.django_db
class TestForms:
    def test_of_staff_has_each_fact(self, facility):
        page = reverse("admin:facilities_facility_change", args=[facility.pk])

        html = staff_client("editor").get(page).content.decode()

        missing = {name for name in FACTS if f'name="to-{name}"' not in html}
        assert missing == set()
        assert all(str(section.label) in html for section in FactSection if section != "services")

    def test_of_the_facility_has_each_fact_that_it_may_edit(self, facility):
        form = SelfServiceForm(None, link=UpdateLink(facility=facility), language="en")

        shown = {name.removeprefix("to-") for name in form.fields if name.startswith("to-")}

        assert shown == {name for name, fact in FACTS.items() if fact.is_editable_by_facility}

    def test_of_a_new_facility_asks_for_what_is_required(self):
        asked = {name for name, fact in FACTS.items() if fact.is_asked_at_creation}

        assert {name for name, fact in FACTS.items() if fact.is_required} <= asked

    @pytest.mark.parametrize("name", FACTS)
    def test_accept_each_value(self, name):
        assert clean_value(name, sample(FACTS[name])) == sample(FACTS[name])


@pytest.mark.django_db
class TestPages:
    def test_of_the_facility_shows_each_fact(self, client, facility):
        html = client.get(facility.get_absolute_url()).content.decode()

        missing = {
            name for name, fact in FACTS.items()
            if name not in NOT_IN_WORDS and escape(fact.display(sample(fact))) not in html
        }  # fmt: skip
        assert missing == set()

    def test_of_a_private_address_shows_none_of_it(self, client, facility):
        facility.is_address_confidential = True
        facility.save()

        html = client.get(facility.get_absolute_url()).content.decode()

        shown = {
            name for name, fact in FACTS.items()
            if fact.is_private_with_address and name not in NOT_IN_WORDS
            and fact.display(sample(fact)) in html
        }  # fmt: skip
        assert shown == set()

    def test_of_the_history_words_each_fact(self, client, facility):
        html = client.get(f"{facility.get_absolute_url()}history/").content.decode()

        missing = {
            name for name, fact in FACTS.items()
            if escape(str(fact.label)) not in html or escape(fact.display(sample(fact))) not in html
        }  # fmt: skip
        assert missing == set()
        assert {event.fact for event in read_events(facility)} == set(FACTS)

    def test_of_comparison_has_a_row_for_each_compared_fact(self, facility):
        groups = compare_facilities(
            load_compared_facilities(find_by_codes([facility.code])), language="en", today=TODAY
        )

        titles = {row.title for group in groups for row in group.rows}
        compared = [fact for fact in FACTS.values() if fact.is_compared]
        assert {str(fact.short_label or fact.label) for fact in compared} <= titles

    def test_of_duplicates_compares_each_fact(self, facility):
        other = make_facility(name="Another House")

        labels = {label for label, *_values in duplicate_comparison(facility, other)["facts"]}

        assert labels == {str(fact.label) for fact in FACTS.values()}

    def test_of_a_call_reads_out_each_fact_of_its_topics(self, facility):
        call = build_call_script(dossier(facility, today=TODAY), language="en", today=TODAY)

        spoken = {fact for line in call.lines for fact in line.facts}
        assert {name for name, fact in FACTS.items() if fact.call_topic} <= spoken

    def test_of_data_quality_counts_each_fact_that_may_be_missing(self, client, facility):
        counted = [fact for fact in FACTS.values() if fact.is_counted_when_missing]
        make_facility(**{fact.name: fact.default for fact in counted})

        html = client.get(reverse("facilities:quality")).content.decode()

        assert {fact.label for fact in counted if str(fact.label) not in html} == set()


@pytest.mark.django_db
class TestSpreadsheet:
    def test_has_a_column_for_each_fact(self, facility):
        layout = SheetLayout.of(FACTS)

        row = dict(zip(layout.keys, sheet_row_cells(facility, {}, layout), strict=True))

        assert FACTS.keys() <= row.keys()
        assert {name for name in FACTS if not is_changeable_column(name)} == {"status", "position"}
