"""Sets of services, and what a facility's services answer, deny and contradict."""

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.taxonomy import (
    BITS,
    EXCLUSIVE_SERVICES,
    VOCABULARY,
    WORDS,
    Answer,
    ServiceSet,
    answer_for_service,
    contradictory_services,
    services_denied_by,
    services_that_decide_answers,
)

slugs_of_any = st.sets(st.sampled_from([service.slug for service in VOCABULARY]))


@pytest.fixture(scope="module")
def profiles(shared_data) -> list[tuple[set[str], ServiceSet]]:
    """The codes of each facility of 2023, and the services they mean by that file's key sheet."""
    path = shared_data / "samhsa" / "national-directory-su-facilities-2023.xlsx"
    facilities, keys = openpyxl.load_workbook(path, read_only=True).worksheets[:2]
    meaning = {
        code: VOCABULARY.find(category, name)
        for category, _, code, name, _ in keys.iter_rows(min_row=2, max_col=5, values_only=True)
    }
    rows = facilities.iter_rows(min_row=2, min_col=13, max_col=13, values_only=True)
    coded = [set((cell or "").replace("*", " ").split()) for (cell,) in rows]
    return [(codes, ServiceSet.of(*(meaning[code] for code in codes))) for codes in coded]


class TestServiceSet:
    @given(slugs_of_any)
    def test_comes_back_from_its_words(self, chosen):
        offered = ServiceSet.of(*chosen)
        words = offered.words()

        assert len(words) == WORDS
        assert all(0 <= word < 2**BITS for word in words)
        assert ServiceSet.from_words(words) == offered
        assert set(offered.slugs()) == chosen
        assert len(offered) == len(chosen)
        assert bool(offered) == bool(chosen)

    @given(slugs_of_any, slugs_of_any)
    def test_combines_as_sets_do(self, some, others):
        left, right = ServiceSet.of(*some), ServiceSet.of(*others)

        assert set((left | right).slugs()) == some | others
        assert set((left & right).slugs()) == some & others
        assert set((left - right).slugs()) == some - others
        assert (left <= right) == (some <= others)
        assert left.isdisjoint(right) == some.isdisjoint(others)
        assert (left == right) == (some == others)
        assert len({left, right}) == len({frozenset(some), frozenset(others)})

    @pytest.mark.parametrize("position", [0, 62, 63, 126, 300])
    def test_puts_each_position_in_its_word_and_bit(self, position):
        words = ServiceSet.of(VOCABULARY.at(position)).words()

        assert words[position // 63] == 2 ** (position % 63)
        assert sum(words) == 2 ** (position % 63)

    def test_runs_in_order_of_position(self):
        offered = ServiceSet.of("naltrexone", "methadone", "detox", "buprenorphine")

        assert offered.slugs() == ("detox", "methadone", "buprenorphine", "naltrexone")
        assert VOCABULARY["detox"] in offered
        assert "spanish" not in offered

    @pytest.mark.parametrize(
        "words",
        [(0,) * 5, (0,) * 7, (-1, 0, 0, 0, 0, 0), (2**63, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 2**62)],
    )
    def test_refuses_words_that_are_no_set_of_services(self, words):
        with pytest.raises(ValueError, match="bits"):
            ServiceSet.from_words(words)


class TestAnswer:
    @pytest.mark.parametrize(
        ("slug", "offered", "denied", "expected"),
        [
            ("methadone", ["methadone"], [], Answer.YES),
            ("methadone", ["methadone"], ["methadone"], Answer.YES),
            ("methadone", [], ["methadone"], Answer.NO),
            ("methadone", [], [], Answer.NOT_REPORTED),
            ("methadone", ["buprenorphine"], [], Answer.NOT_REPORTED),
            ("women", ["men"], [], Answer.NOT_LISTED),
            ("women", [], [], Answer.NOT_REPORTED),
            ("women", ["women-program"], [], Answer.NOT_REPORTED),
            ("medicaid", ["self-payment"], [], Answer.NOT_LISTED),
            ("medicaid", ["sliding-scale"], [], Answer.NOT_REPORTED),
            ("medicaid", ["self-payment"], ["medicaid"], Answer.NO),
            ("seniors", ["adults"], [], Answer.NOT_LISTED),
            ("smoking-allowed", ["smoking-in-areas"], [], Answer.NOT_LISTED),
            ("vaping-allowed", ["smoking-in-areas"], [], Answer.NOT_REPORTED),
            ("vaping-allowed", ["vaping-not-allowed"], [], Answer.NOT_LISTED),
            ("spanish", ["sign-language"], [], Answer.NOT_REPORTED),
        ],
    )
    def test_tells_no_from_not_listed_from_not_reported(self, slug, offered, denied, expected):
        service = VOCABULARY[slug]

        assert (
            answer_for_service(service, ServiceSet.of(*offered), ServiceSet.of(*denied)) is expected
        )

    @given(slugs_of_any, slugs_of_any, slugs_of_any)
    def test_depends_on_its_inputs_alone(self, asked, offered, denied):
        services, offered, denied = (ServiceSet.of(*slugs) for slugs in (asked, offered, denied))
        inputs = offered & services_that_decide_answers(services)

        for service in services:
            assert answer_for_service(service, inputs, denied & services) is answer_for_service(
                service, offered, denied
            )


OTHER_DRUGS = {"benzodiazepine-detox", "cocaine-detox", "methamphetamine-detox"}
ALCOHOL_MEDICATION = {"alcohol-medication", "acamprosate", "disulfiram"}


class TestDenials:
    @pytest.mark.parametrize(
        ("offered", "denied", "left_alone"),
        [
            (["no-opioid-treatment"], {"opioid-detox", "methadone", "buprenorphine-maintenance",
             "opioid-treatment-program"}, {"naltrexone", "clonidine", "alcohol-detox"}),
            (["no-opioid-medication"], {"methadone", "buprenorphine", "naltrexone",
             "methadone-maintenance", "buprenorphine-starts"},
             {"accepts-opioid-medication", "methadone-continues", "methadone-not-allowed",
              "opioid-detox", "lofexidine", "clonidine"}),
            (["no-alcohol-treatment"], {"alcohol-detox", *ALCOHOL_MEDICATION}, {"opioid-detox"}),
            (["no-alcohol-medication"], ALCOHOL_MEDICATION, {"alcohol-detox", "naltrexone"}),
            (["alcohol-only"], {"opioid-detox", "methadone", *OTHER_DRUGS}, {"alcohol-detox"}),
            (["opioid-only"], {"alcohol-detox", *OTHER_DRUGS}, {"opioid-detox", "methadone"}),
            (["methadone-not-allowed"], {"methadone-starts", "methadone-continues"},
             {"buprenorphine-continues"}),
        ],
    )  # fmt: skip
    def test_name_what_the_facility_does_not_do(self, offered, denied, left_alone):
        found = set(services_denied_by(ServiceSet.of(*offered)).slugs())

        assert denied <= found
        assert not left_alone & found

    def test_are_none_for_a_facility_that_refuses_nothing(self):
        assert not services_denied_by(
            ServiceSet.of("methadone", "impaired-driving-only", "spanish")
        )
        assert not services_denied_by(ServiceSet())

    def test_leave_out_what_is_offered_all_the_same(self):
        denied = services_denied_by(ServiceSet.of("no-alcohol-medication", "disulfiram"))

        assert set(denied.slugs()) == {"alcohol-medication", "acamprosate"}

    def test_unite_but_for_only_codes_which_allow_each_their_own(self):
        both = set(services_denied_by(ServiceSet.of("alcohol-only", "opioid-only")).slugs())
        with_refusal = services_denied_by(
            ServiceSet.of("alcohol-only", "opioid-only", "no-opioid-treatment")
        )

        assert both == OTHER_DRUGS
        assert "methadone" in with_refusal
        assert "alcohol-detox" not in with_refusal

    @given(slugs_of_any)
    def test_never_overlap_with_what_is_offered(self, chosen):
        offered = ServiceSet.of(*chosen)

        assert services_denied_by(offered).isdisjoint(offered)

    def test_exclude_by_three_services(self):
        assert set(EXCLUSIVE_SERVICES.slugs()) == {
            "alcohol-only",
            "opioid-only",
            "impaired-driving-only",
        }


class TestContradictions:
    def test_pair_a_refusal_with_what_is_offered_against_it(self):
        offered = ServiceSet.of("opioid-detox", "naltrexone", "no-opioid-treatment", "methadone")

        found = [(denier.slug, denied.slug) for denier, denied in contradictory_services(offered)]

        assert found == [
            ("no-opioid-treatment", "opioid-detox"),
            ("no-opioid-treatment", "methadone"),
        ]

    def test_are_none_between_the_two_only_codes(self):
        offered = ServiceSet.of("alcohol-only", "opioid-only", "opioid-detox", "alcohol-detox")

        assert contradictory_services(offered) == ()

    def test_are_as_many_in_the_2023_file_as_its_codes_say(self, profiles):
        no_opioids = [codes for codes, _ in profiles if {"NOOP", "ODTX"} <= codes]
        no_medication = [codes for codes, _ in profiles if "NMOA" in codes]
        against = [codes for codes in no_medication if codes & {"MU", "BU", "NU"}]

        assert (len(no_opioids), len(no_medication), len(against)) == (25, 611, 69)
        assert _contradicting(profiles, "no-opioid-treatment", {"opioid-detox"}) == no_opioids
        used = {"methadone", "buprenorphine", "naltrexone"}
        assert _contradicting(profiles, "no-opioid-medication", used) == against

    def test_leave_the_closed_answers_of_the_2023_file_as_counted(self, profiles):
        medicaid, women = VOCABULARY["medicaid"], VOCABULARY["women"]
        answers = [
            (
                answer_for_service(medicaid, offered, services_denied_by(offered)),
                answer_for_service(women, offered, ServiceSet()),
            )
            for _, offered in profiles
        ]

        assert sum(paid is Answer.NOT_LISTED for paid, _ in answers) == 3002
        assert sum(paid is Answer.NOT_REPORTED for paid, _ in answers) == 3251 - 3002
        assert sum(gender is Answer.NOT_LISTED for _, gender in answers) == 740


def _contradicting(profiles, denier: str, denied: set[str]) -> list[set[str]]:
    """The codes of the facilities that say ``denier`` and offer one of ``denied`` against it."""
    return [
        codes
        for codes, offered in profiles
        if any(
            one.slug == denier and two.slug in denied
            for one, two in contradictory_services(offered)
        )
    ]
