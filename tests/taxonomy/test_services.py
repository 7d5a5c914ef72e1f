"""The vocabulary: its official names, its words, its fixed positions, and the check of it all."""

import csv
import hashlib
from dataclasses import replace

import pytest

from facilities.checks import check_vocabulary, vocabulary_problems
from facilities.taxonomy import VOCABULARY, ServiceSet, Vocabulary
from facilities.text_normalization import normalize_text

FIRST_RELEASE = 301
FIRST_RELEASE_DIGEST = "586643b8daea074f3b557b3efa431c4573c23432f815486c143d65f9819b786d"


def slugs(services) -> list[str]:
    return [service.slug for service in services]


class TestFolding:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("  Discharge   Planning ", "discharge planning"),
            ("NIÑOS", "ninos"),
            ("Peñón\u00a0Blanco\t", "penon blanco"),
            ("", ""),
        ],
    )
    def test_leaves_out_case_accents_and_stray_spaces(self, text, folded):
        assert normalize_text(text) == folded


class TestOfficialNames:
    def test_cover_every_row_of_the_key_sheets_and_later_renames(self, shared_data):
        with (shared_data / "samhsa" / "service-codes.csv").open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))

        found = [VOCABULARY.find(row["category_code"], row["service_name"]) for row in rows]
        by_name = [VOCABULARY.find(row["category_name"], row["service_name"]) for row in rows]

        assert len(rows) == 475
        assert [row["code"] for row, service in zip(rows, found, strict=True) if not service] == []
        assert found == by_name
        assert len(set(found)) == 226  # 228 pairs, of which two are renames: ULC and PHP

    @pytest.mark.parametrize(
        ("category", "name", "slug"),
        [
            ("TAP", "Motivational interviewing", "motivational-interviewing"),  # MOTI, later MI
            ("PAY", "Federal military insurance (e.g., TRICARE)", "tricare"),  # MI, later TRICARE
            ("OT", "Lofexidine/clonidine detoxification", "lofexidine-clonidine-detox"),
            ("OT", "Buprenorphine maintenance for predetermined time", "buprenorphine-fixed-term"),
            ("SET", "Partial hospitalization/day treatment", "day-treatment"),
            ("AGE", "children/ADOLESCENTS  ", "children"),
            ("SG", "Adolescents", "adolescent-program"),
            ("OMSC", "In-network prescribing entity", "opioid-network-prescriber"),
            ("SMAT", "In-network prescribing entity", "alcohol-network-prescriber"),
        ],
    )
    def test_name_one_service_within_a_category(self, category, name, slug):
        assert VOCABULARY.find(category, name) is VOCABULARY[slug]

    @pytest.mark.parametrize(
        ("category", "name", "slug"),
        [
            ("ASSES", "Comprehensive substance use assessment", "substance-assessment"),
            ("EDU", "Individual counseling offered", "individual-counseling"),
            ("EDU", "Employment counseling or training", "employment-help"),
            ("TOBAC", "Smoking not permitted", "smoking-not-allowed"),
            ("TOBAC", "Screening for tobacco use", "tobacco-screening"),
            ("AS", "Self-help groups", "self-help-groups"),
            ("OT", "Buprenorphine used in Treatment", "buprenorphine"),
            ("SCR", "Screening for substance use", "substance-screening"),
            ("OT", "Does not treat opioid addiction", "no-opioid-treatment"),
            ("OT", "Do not use medication for opioid addiction", "no-opioid-medication"),
        ],
    )
    def test_of_older_exports_are_found_where_the_service_stands_today(self, category, name, slug):
        assert VOCABULARY.find(category, name) is VOCABULARY[slug]

    @pytest.mark.parametrize(
        ("category", "name"),
        [
            ("AGE", "Adolescents"),  # a tailored program, not an age that is accepted
            ("PAY", "Motivational interviewing"),
            ("TC", "Mental health treatment"),
            ("EMS", "Crisis intervention team"),
            ("", ""),
        ],
    )
    def test_that_are_unknown_are_not_guessed(self, category, name):
        assert VOCABULARY.find(category, name) is None


class TestFreeText:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("suboxone", ["buprenorphine"]),
            (" SUBOXONE® ", ["buprenorphine"]),
            ("bupe", ["buprenorphine"]),
            ("Lucemyra", ["lofexidine"]),
            ("Vivitrol", ["naltrexone", "naltrexone-injection"]),
            ("rehab", ["residential"]),
            ("sober living", ["recovery-housing"]),
            ("desintoxicacion", ["detox"]),
            ("Desintoxicación", ["detox"]),
            ("A.A.", ["aa-meetings"]),
            ("embarazada", ["pregnant-program"]),
            ("opioid-detox", ["opioid-detox"]),
            ("hope center", []),
            ("detox in", []),
            ("", []),
        ],
    )
    def test_names_services_by_any_of_their_words(self, text, named):
        assert slugs(VOCABULARY.services_for_term(text)) == named


class TestServices:
    def test_speak_both_languages(self):
        methadone = VOCABULARY["methadone"]

        assert methadone.label("en") == "Methadone"
        assert methadone.label("es-us") == "Metadona"
        assert "certified programs" in methadone.help("en")
        assert "programas certificados" in methadone.help("es")
        assert VOCABULARY.category("PAY").label("es") == "Formas de pago aceptadas"

    def test_take_one_short_sentence_or_two_of_help(self):
        texts = [text for service in VOCABULARY for text in (service.help_en, service.help_es)]

        assert [text for text in texts if len(text) > 140 or not text.endswith(".")] == []

    def test_speak_of_people_first(self):
        spoken = " ".join(
            f" {service.label_en} {service.help_en} ".lower() for service in VOCABULARY
        )

        for word in (" addict ", " addicts ", " abuser", " alcoholic ", " junkie", " clean "):
            assert word not in spoken

    @pytest.mark.parametrize(
        ("slug", "criterion"),
        [
            ("joint-commission", "accreditation"),
            ("opioid-detox", "approach"),
            ("prescribes-buprenorphine", "staff"),
            ("addiction-doctor", "staff"),
            ("child-care", "amenities"),
            ("smoking-allowed", "amenities"),
            ("discharge-planning", "aftercare"),
            ("alumni-program", "aftercare"),
            ("medicaid", ""),
            ("spanish", ""),
        ],
    )
    def test_stand_under_their_criterion(self, slug, criterion):
        assert VOCABULARY[slug].criterion == criterion

    def test_keep_their_positions_for_good(self):
        """Stored sets are bits by position: none of the first may ever move or change its slug."""
        kept = "\n".join(f"{p} {VOCABULARY.at(p)}" for p in range(FIRST_RELEASE))

        assert hashlib.sha256(kept.encode()).hexdigest() == FIRST_RELEASE_DIGEST

    def test_are_named_when_unknown(self):
        with pytest.raises(KeyError, match="heroin-spa"):
            ServiceSet.of("detox", "heroin-spa")
        assert VOCABULARY.get("heroin-spa") is None


def _vocabulary(*changes, categories=VOCABULARY.categories) -> Vocabulary:
    """The vocabulary with some services put in place of those they are made from."""
    changed = dict(changes)
    return Vocabulary(categories, [changed.get(service.slug, service) for service in VOCABULARY])


DETOX = VOCABULARY["detox"]


class TestCheck:
    def test_finds_nothing_wrong_with_the_vocabulary(self):
        assert vocabulary_problems(VOCABULARY) == []
        assert check_vocabulary(None) == []

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"position": 0}, "Position 0 is given twice."),
            ({"position": 0}, "Position 1 is left out"),
            ({"position": 378}, "Position 378 is outside 0 to 377."),
            ({"slug": "methadone"}, "The service methadone stands there twice."),
            ({"slug": "Detox!"}, "The service 'Detox!' cannot stand in an address."),
            ({"label_es": " "}, "The service detox has no label or help"),
            ({"help_en": ""}, "The service detox has no label or help"),
            ({"label_en": "Methadone"}, "The label 'Methadone' stands for two services."),
            ({"criterion": "price"}, "detox names the unknown criterion 'price'."),
            ({"groups": ("drinks",)}, "detox names the unknown group 'drinks'."),
            ({"denies": ("heroin-spa",)}, "detox denies heroin-spa, which is no service."),
            ({"denies": ("detox",)}, "detox denies itself."),
            ({"denies": ("methadone", "methadone")}, "detox denies methadone twice."),
            ({"names": ("substance USE treatment",)}, "stands twice in category TC."),
        ],
    )
    def test_names_what_is_wrong_with_a_service(self, changes, expected):
        found = vocabulary_problems(_vocabulary(("detox", replace(DETOX, **changes))))

        assert any(expected in problem for problem in found), found

    def test_names_services_that_deny_each_other(self):
        refusal = replace(VOCABULARY["methadone"], denies=("no-opioid-treatment",))

        found = vocabulary_problems(_vocabulary(("methadone", refusal)))

        assert found == [
            "methadone and no-opioid-treatment deny each other.",
            "no-opioid-treatment and methadone deny each other.",
        ]

    def test_names_an_official_name_two_services_have_in_an_older_category(self):
        second = replace(
            DETOX, category=VOCABULARY.category("PHR"), names=("Smoking NOT permitted",)
        )

        found = vocabulary_problems(_vocabulary(("detox", second)))

        assert (
            "The name 'smoking not permitted' stands twice in the older category 'tobac'." in found
        )

    def test_warns_when_the_positions_run_out(self, monkeypatch):
        monkeypatch.setattr("facilities.checks.POSITIONS", 330)

        assert [found.id for found in check_vocabulary(None)] == ["facilities.W001"]

    def test_names_a_category_that_is_called_like_another(self):
        last = VOCABULARY.categories[-1]
        categories = (*VOCABULARY.categories[:-1], replace(last, names=("Type of  CARE",)))

        found = vocabulary_problems(_vocabulary(categories=categories))

        assert found == ["Two categories are called 'type of care'."]
