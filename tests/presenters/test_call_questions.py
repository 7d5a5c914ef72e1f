"""What to ask: what a listing answers is not asked, the rest in the order of a call."""

import pytest
from django.utils.translation import override

from facilities.presenters.call_questions import QUESTIONS, open_questions
from facilities.rules.criteria import CRITERIA
from facilities.taxonomy import ServiceSet, services_denied_by


def asked(offered: str = "", denied: str = "") -> dict[str, str]:
    """Slug -> words of what is open for services apart by spaces, in order."""
    has = ServiceSet.of(*offered.split())
    refused = services_denied_by(has) | ServiceSet.of(*denied.split())
    return {each.slug: each.text for each in open_questions(has, refused, "en")}


class TestQuestions:
    def test_put_doubts_about_the_listing_first(self):
        assert next(iter(asked("no-opioid-treatment opioid-detox"))) == "doubt-1"

    @pytest.mark.parametrize(
        ("slug", "answer"),
        [
            ("license", "state-health"),
            ("accreditation", "carf"),
            ("therapy", "cognitive-behavioral-therapy"),
            ("family", "family-counseling"),
            ("rides", "transport"),
            ("help-with-cost", "sliding-scale"),
            ("cost", "no-payment"),
            ("naloxone", "naloxone-to-take-home"),
            ("appointment", "first-appointment-booked"),
            ("counselors", "licensed-counselors"),
            ("doctors", "addiction-doctor"),
            ("mental-health", "co-occurring-program"),
            ("after", "aftercare discharge-planning follow-up"),
            ("people", "adults women"),
        ],
    )
    def test_go_where_the_listing_answers(self, slug, answer):
        assert slug in asked()
        assert slug not in asked(answer)

    @pytest.mark.parametrize(
        ("slug", "part"),
        [("after", "aftercare discharge-planning"), ("people", "adults"), ("naloxone", "detox")],
    )
    def test_stay_where_it_answers_in_part(self, slug, part):
        assert slug in asked(part)

    def test_go_where_the_answer_is_no(self):
        assert "rides" not in asked(denied="transport")

    def test_of_detox_and_of_living_there_need_such_care(self):
        assert not {"watch", "living", "visits", "bring"} & asked().keys()
        assert {"watch", "living", "visits", "bring"} <= asked("detox residential-detox").keys()

    def test_are_few_where_much_is_known(self):
        services = "detox residential-detox opioid-detox carf state-health seen-within-48-hours"

        assert len(asked(services)) < len(asked("detox residential-detox"))


class TestQuestionsOfMedication:
    def test_name_those_nobody_speaks_of(self):
        words = asked("buprenorphine-maintenance")["stay-on"]

        assert words == "Can I stay on my medication with you (Methadone, Naltrexone)?"

    def test_go_where_all_are_kept(self):
        kept = "buprenorphine-continues methadone-continues naltrexone-continues"

        assert "stay-on" not in asked(kept)

    def test_ask_which_where_none_is_named(self):
        found = asked("accepts-opioid-medication")

        assert "which-medication" in found
        assert "stay-on" not in found

    def test_do_not_ask_to_start_what_is_not_used(self):
        assert "start" in asked("buprenorphine-maintenance")
        assert "start" not in asked("no-opioid-medication")
        assert "stay-on" in asked("no-opioid-medication")  # "does not use" is not "not allowed"

    def test_do_not_ask_to_stay_on_what_is_not_allowed(self):
        refused = "methadone-not-allowed buprenorphine-not-allowed naltrexone-not-allowed"

        assert not {"stay-on", "start"} & asked(refused).keys()

    def test_ask_what_follows_detox_only(self):
        words = asked("buprenorphine-detox")["after-detox"]

        assert words.endswith("who prescribes it (Buprenorphine)?")


class TestList:
    def test_has_each_slug_once(self):
        slugs = [question.slug for question in QUESTIONS]

        assert len(slugs) == len(set(slugs))

    def test_serves_every_criterion(self):
        served = {question.criterion for question in QUESTIONS}

        assert {criterion.slug for criterion in CRITERIA} <= served

    def test_cites_pages_that_can_be_read(self):
        addresses = {each.address for question in QUESTIONS for each in question.citations}

        assert {address.split("/")[2] for address in addresses} == {
            "store.samhsa.gov",
            "alcoholtreatment.niaaa.nih.gov",
        }

    def test_says_in_spanish_what_it_says_in_english(self):
        has = ServiceSet.of("detox", "residential-detox", "buprenorphine-detox")
        with override("es"):
            spanish = open_questions(has, ServiceSet(), "es")
        english = open_questions(has, ServiceSet(), "en")

        assert [each.slug for each in spanish] == [each.slug for each in english]
        assert not {each.text for each in spanish} & {each.text for each in english}
