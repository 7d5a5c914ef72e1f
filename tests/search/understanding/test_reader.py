"""What people type, and what is understood of it: place, filters, names, notices, the rest."""

import pytest

from facilities.search.understanding import understand

from ...support.factories import make_facility

pytestmark = pytest.mark.django_db

NO_MONEY = (
    "government-funding", "no-payment", "payment-assistance", "samhsa-funding", "sliding-scale",
)  # fmt: skip
DETOX = {"setting": ("outpatient-detox", "overnight-detox")}
REHAB = {"setting": ("long-term-residential", "short-term-residential")}


@pytest.fixture
def names():
    for name in ("Phoenix House Brooklyn", "Phoenix House Queens", "Odyssey House", "Hope House"):
        make_facility(name=name)
    make_facility(name="Hazelden Betty Ford Center")
    make_facility(name="Hazelden Plymouth")


@pytest.mark.parametrize(
    ("text", "place", "filters"),
    [
        ("detox 11206", "11206", DETOX),
        ("11206 suboxone", "11206", {"medication": ("buprenorphine",)}),
        ("11206-1234", "11206", {}),
        ("112O6", "11206", {}),
        ("1 1 2 0 6", "11206", {}),
        ("detox in LA", "LA", DETOX),
        ("methadone clinic brooklyn", "brooklyn", {"medication": ("methadone",)}),
        ("rehab in san antonio tx", "san antonio, tx", REHAB),
        ("123 Main St, Columbus OH 43215", "43215", {}),
        ("sober living for men in orange county", "orange county",
         {"people": ("men",), "setting": ("recovery-housing",)}),
        ("crystal river fl detox", "crystal river, fl", DETOX),
        ("la mesa rehab", "la mesa", REHAB),
        ("New Mexico", "New Mexico", {}),
        ("desintoxicación de alcohol en Los Ángeles sin seguro", "Los Ángeles",
         {"payment": NO_MONEY, "substance": ("alcohol-detox",)}),
        ("alcohol and xanax detox inpatient philly", "philly",
         {"setting": ("overnight-detox",), "substance": ("alcohol-detox", "benzodiazepine-detox")}),
        ("Veteran, WY", "Veteran, WY", {}),
    ],
)  # fmt: skip
def test_place_and_need_are_told_apart(text, place, filters):
    understanding = understand(text)

    assert (understanding.place, understanding.filters) == (place, filters)
    assert understanding.ignored == ()


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("percocet", {"treats": ("opioids",)}),
        ("heroin withdrawal", {"substance": ("opioid-detox",)}),
        ("my dad drinks too much", {"people": ("men",), "treats": ("alcohol",)}),
        ("naltrexone", {"medication": ("naltrexone",)}),
        ("start suboxone", {"starts": ("start-buprenorphine",)}),
        ("I'm on methadone", {"keeps": ("keep-methadone",)}),
        ("methadone taper", {"substance": ("opioid-detox",)}),
        ("not methadone", {"without": ("without-methadone",)}),
        ("no 12 step", {"without": ("without-twelve-step",)}),
        ("for my son 16 years old", {"people": ("children", "men")}),
        ("23 yo female", {"people": ("age-18-to-25", "women")}),
        ("help for my mom, 67", {"people": ("seniors", "women")}),
        ("women only", {"people": ("women-program",)}),
        ("pregnant", {"prefers": ("pregnant-program",)}),
        ("rehab with my kids", REHAB | {"support": ("children-beds",)}),
        ("Medi-Cal", {"payment": ("medicaid",)}),
        ("no insurance", {"payment": NO_MONEY}),
        ("28 day program", {"setting": ("short-term-residential",)}),
        ("detox in a hospital", {"setting": ("overnight-detox",)}),
        ("intérprete para sordos", {"language": ("sign-language",)}),
        ("mi esposo de 40 años, heroína", {"people": ("adults", "men"), "treats": ("opioids",)}),
    ],
)
def test_words_mean_what_people_mean_by_them(text, filters):
    assert understand(text).filters == filters


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Phoenix House", "phoenix house"),
        ("Odysey House", "odyssey house"),
        ("hazelden betty ford", "hazelden betty ford"),
        ("hope house", "hope house"),
        ("hazelden detox", "hazelden"),
    ],
)
def test_names_of_facilities_are_looked_for(names, text, name):
    understanding = understand(text)

    assert (understanding.name, understanding.place) == (name, "")


@pytest.mark.parametrize(
    ("text", "notices"),
    [
        ("Kaiser", ("insurer",)),
        ("detox tonight", ("hours",)),
        ("Mexico", ("outside-us",)),
        ("rehab in Toronto", ("outside-us",)),
        ("where is my son John Smith", ("person",)),
        ("get off suboxone", ("stopping",)),
        ("718-555-0142", ("look-up",)),
        ("APO AE 09012", ("military-mail",)),
        ("nalexone", ("look-alike",)),
    ],
)
def test_what_no_filter_answers_gets_a_sentence(text, notices):
    understanding = understand(text)

    assert (understanding.notices, understanding.place) == (notices, "")


def test_a_need_wins_over_a_small_place_which_stays_one_link_away():
    understanding = understand("veteran")

    assert understanding.filters == {"people": ("veteran-program",)}
    assert (understanding.place, understanding.other_place) == ("", "veteran")


@pytest.mark.parametrize(
    "text",
    [
        "my son John Smith, find my son",
        "is my son there Bob Jones",
        "John Smith",
        "maria lopez garcia",
    ],
)
def test_a_person_is_never_named_in_what_is_kept(text):
    understanding = understand(text)

    assert "person" in understanding.notices
    assert (understanding.name, understanding.ignored, understanding.place) == ("", (), "")


@pytest.mark.parametrize("text", ["Anna TX", "david detox", "mary jane", "Scott County"])
def test_a_given_name_is_no_person_in_a_place_or_beside_a_need(text):
    assert "person" not in understand(text).notices


@pytest.mark.parametrize(
    ("text", "typed", "read"),
    [
        ("methodone", "methodone", "methadone"),
        ("bupenorphine 10001", "bupenorphine", "buprenorphine"),
        ("rehab in albequerque", "albequerque", "albuquerque"),
        ("detoxificasion de alchohol", "detoxificasion", "detoxification"),
    ],
)
def test_spelling_is_corrected_and_told(text, typed, read):
    first = understand(text).corrections[0]

    assert (first.typed, first.read) == (typed, read)


@pytest.mark.parametrize("text", ["bupropion", "trazodone", "clonazepam", "alert"])
def test_a_word_that_means_something_else_is_not_corrected(text):
    assert understand(text).corrections == ()


def test_quotation_marks_ask_for_the_words_as_they_stand():
    understanding = understand('"methodone"')

    assert (understanding.name, understanding.filters) == ("methodone", {})


@pytest.mark.parametrize("text", ["takes my dog", "private room", "que acepten mi perro"])
def test_needs_without_a_filter_are_told_as_typed(text):
    assert understand(text).ignored == (text,)


@pytest.mark.parametrize("text", ["", "   ", "!!!", "a" * 5000, "\u202e\u200b", "1" * 400, "😀 😀"])
def test_any_text_is_read_without_an_error(text):
    assert understand(text).filters == {}


@pytest.mark.parametrize("text", ["Brooklyn Hospital Center", "the brooklyn hospital center"])
def test_a_whole_name_of_a_facility_wins_over_place_and_need(text):
    make_facility(name="Brooklyn Hospital Center")

    understanding = understand(text)

    assert understanding.name == text.lower()
    assert (understanding.place, understanding.filters) == ("", {})


@pytest.mark.parametrize(
    ("typed", "choices"),
    [("klonidine", {"clonidine", "klonopin"}), ("naloxtrexone", {"naltrexone", "naloxone"})],
)
def test_a_word_between_two_look_alike_drugs_offers_both(typed, choices):
    (correction,) = understand(typed).corrections

    assert set(correction.choices) == choices


def test_a_common_misspelling_in_a_facilitys_name_is_a_need_all_the_same():
    make_facility(name="Opiod Treatment Center")

    assert understand("opiod treatmnt center").filters == {"treats": ("opioids",)}
