"""Every text of the site is found and has its translation; none is the English one by neglect."""

import re

import polib
import pytest
from django.conf import settings

from facilities.management.translations import (
    Message,
    MessageNotLiteralError,
    python_messages,
    template_messages,
    translatable_messages,
    update_catalog,
)
from facilities.taxonomy import VOCABULARY

from ..support.real_data import ROOT

CATALOG = ROOT / "facilities" / "locale" / "es" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")
# The same in both languages, and why.
SAME_MESSAGES = {
    "%(fact)s: %(sentence)s": "both are filled in by the program",
    "%(listing)s: %(why)s": "both are filled in by the program",
    "Alcohol": "the Spanish word",
    "Hospital": "the Spanish word",
    "alcohol": "the Spanish word",
    "No": "the Spanish word",
    "Fax": "the Spanish word",
    "SAMHSA FindTreatment.gov": "a site's name",
    "no": "the Spanish word",
    "no: %(services)s": "the Spanish word",
    "ext.": "extensión",
    "N": "norte",
    "NE": "noreste",
    "E": "este",
    "SE": "sureste",
    "S": "sur",
}
SAME_LABELS = {
    "disulfiram": "the medicine's name",
    "joint-commission": "a body's name",
    "carf": "a body's name",
    "coa": "a body's name",
    "ncqa": "a body's name",
    "hfap": "a body's name",
    "medicaid": "a program's name",
    "medicare": "a program's name",
    "farsi": "the Spanish word",
    "hindi": "the Spanish word",
    "hmong": "the Spanish word",
    "ojibwa": "the Spanish word",
    "yupik": "the Spanish word",
    "yoga": "the Spanish word",
    "smart-recovery": "a group's name",
    "celebrate-recovery": "a group's name",
    "nar-anon": "a group's name",
    "recovery-dharma": "a group's name",
    "lifering": "a group's name",
    "women-for-sobriety": "a group's name",
}


@pytest.fixture(scope="module")
def catalog() -> polib.POFile:
    return polib.pofile(str(CATALOG))


def key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def translations(entry: polib.POEntry) -> list[str]:
    return [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]


class TestMessages:
    def found_in_python(self, source):
        return [*python_messages(f"from django.utils.translation import {source}", "file.py")]

    def test_of_a_module_are_found_by_any_name(self):
        found = self.found_in_python('gettext_lazy as words\nwords("a " "b")\nother("c")')

        assert found == [Message("file.py", "a b")]

    def test_have_plurals_and_contexts(self):
        found = self.found_in_python(
            'ngettext, pgettext_lazy\nngettext("one", "many", n)\npgettext_lazy("compass", "W")'
        )

        assert found == [Message("file.py", "one", "many"), Message("file.py", "W", "", "compass")]

    def test_made_while_running_are_refused(self):
        with pytest.raises(MessageNotLiteralError, match="file.py, line 2"):
            self.found_in_python("gettext as _\n_(words)")

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("{% translate 'It’s \"so\"' %}", Message("f", 'It’s "so"')),
            ('{% translate "W" context "compass" %}', Message("f", "W", "", "compass")),
            ('{% include "a" with word=_("Not (yet)") %}', Message("f", "Not (yet)")),
            ('{% firstof heading _("Search") %}', Message("f", "Search")),
            ('{{ word|default:_("Yes") }}', Message("f", "Yes")),
            ("{% blocktranslate %}100% of {{ a }}{% endblocktranslate %}",
             Message("f", "100%% of %(a)s")),
            ("{% blocktranslate trimmed %}\n a\n b\n{% endblocktranslate %}", Message("f", "a b")),
            ("{% blocktranslate count n=x %}{{ n }} bed{% plural %}{{ n }} beds"
             "{% endblocktranslate %}", Message("f", "%(n)s bed", "%(n)s beds")),
        ],
    )  # fmt: skip
    def test_of_a_template_are_found(self, source, found):
        assert [*template_messages(source, "f")] == [found]

    def test_of_the_compass_are_found(self):
        points = {
            one.text
            for one in translatable_messages(settings.BASE_DIR)
            if one.context == "compass point"
        }

        assert points == {"N", "NE", "E", "SE", "S", "SW", "W", "NW"}


class TestUpdate:
    def old(self, **entry):
        catalog = polib.POFile()
        catalog.append(polib.POEntry(msgid="Search", **entry))
        return catalog

    def test_keeps_what_is_used_and_drops_the_rest(self):
        kept = update_catalog(self.old(msgstr="Buscar"), [Message("a.py", "Search")])
        dropped = update_catalog(self.old(msgstr="Buscar"), [Message("a.py", "Find")])

        assert [(entry.msgid, entry.msgstr) for entry in kept] == [("Search", "Buscar")]
        assert [(entry.msgid, entry.msgstr) for entry in dropped] == [("Find", "")]

    def test_leaves_a_changed_plural_to_translate(self):
        old = self.old(msgid_plural="Searches", msgstr_plural={0: "Búsqueda", 1: "Búsquedas"})

        entry = update_catalog(old, [Message("a.py", "Search", "Lookups")])[0]

        assert entry.msgstr_plural == {0: "", 1: ""}

    def test_changes_nothing_where_nothing_changed(self):
        catalog = polib.pofile(str(CATALOG), wrapwidth=98)

        updated = update_catalog(catalog, translatable_messages(settings.BASE_DIR))

        assert str(updated) == CATALOG.read_text(encoding="utf-8")


class TestCatalog:
    def test_has_every_message_and_no_other(self, catalog):
        used = {
            (message.context, message.text) for message in translatable_messages(settings.BASE_DIR)
        }

        assert {key(entry) for entry in catalog} == used

    def test_has_nothing_empty_fuzzy_or_obsolete(self, catalog):
        empty = [entry.msgid for entry in catalog if not all(map(str.strip, translations(entry)))]

        assert empty == []
        assert catalog.fuzzy_entries() == []
        assert catalog.obsolete_entries() == []

    def test_has_both_forms_of_every_plural(self, catalog):
        plural = [entry for entry in catalog if entry.msgid_plural]

        assert plural
        assert all(set(entry.msgstr_plural) == {0, 1} for entry in plural)

    def test_has_the_placeholders_of_the_english(self, catalog):
        different = [
            entry.msgid
            for entry in catalog
            for text in translations(entry)
            if set(PLACEHOLDER.findall(text))
            != set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        ]

        assert different == []

    def test_differs_from_the_english(self, catalog):
        same = {entry.msgid for entry in catalog if entry.msgid in translations(entry)}

        assert same == set(SAME_MESSAGES)

    def test_has_no_trace_of_when_and_where_it_was_made(self, catalog):
        assert set(catalog.metadata) == {
            "Project-Id-Version", "Language", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding", "Plural-Forms",
        }  # fmt: skip
        assert all(not line for entry in catalog for _, line in entry.occurrences)


class TestVocabulary:
    def test_differs_from_the_english(self):
        same = {one.slug for one in VOCABULARY if one.label("es") == one.label("en")}

        assert same == set(SAME_LABELS)
        assert [one.slug for one in VOCABULARY if one.help("es") == one.help("en")] == []

    def test_of_categories_differs_from_the_english(self):
        same = [one.slug for one in VOCABULARY.categories if one.label("es") == one.label("en")]

        assert same == []
