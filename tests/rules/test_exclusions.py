"""Whom a facility turns away: the sentences are in the language that is asked for."""

import pytest
from django.utils.translation import override

from facilities.rules.exclusions import exclusions
from facilities.taxonomy import service_set

ENGLISH_AND_SPANISH = [
    ("women", "Women only", "Solo mujeres"),
    ("men", "Men only", "Solo hombres"),
]


@pytest.fixture(autouse=True)
def _empty_cache():
    exclusions.cache_clear()
    yield
    exclusions.cache_clear()


@pytest.mark.parametrize(("slugs", "english", "spanish"), ENGLISH_AND_SPANISH)
@pytest.mark.parametrize("active", ["en", "es"])
def test_sentences_follow_the_language_asked_for_and_not_the_active_one(
    active, slugs, english, spanish
):
    with override(active):
        assert exclusions(service_set(slugs), "en") == (english,)
        assert exclusions(service_set(slugs), "es") == (spanish,)


@pytest.mark.parametrize(("slugs", "english", "spanish"), ENGLISH_AND_SPANISH)
def test_a_call_while_another_language_is_active_leaves_no_wrong_words(slugs, english, spanish):
    with override("es"):
        exclusions(service_set(slugs), "en")
    with override("en"):
        exclusions(service_set(slugs), "es")
        assert exclusions(service_set(slugs), "en") == (english,)
        assert exclusions(service_set(slugs), "es") == (spanish,)


def test_a_facility_for_women_and_men_excludes_neither():
    assert exclusions(service_set("women men"), "en") == ()
