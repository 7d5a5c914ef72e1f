"""What staff type: text that cannot be saved is named on the page, and shown again to be mended."""

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities.curation import FactCheck, record_checks
from facilities.models import Merge, Proposal, Report, Verification

from ..support.accounts import client_of, staff_client, staff_member
from ..support.factories import ON_PAPER, make_listing, make_release, make_report
from ..support.html import Page

pytestmark = pytest.mark.django_db
NUL = "They said\0so."
TOO_LONG = "Long. " * 400
REFUSALS = {
    NUL: "Null characters are not allowed.",
    TOO_LONG: "characters (it has 2399)",
}
texts = pytest.mark.parametrize("text", [NUL, TOO_LONG], ids=["nul", "long"])


@pytest.fixture
def listing():
    return make_listing(release=make_release(edition="2022"))


@pytest.fixture
def editor():
    return staff_client("editor")


@pytest.fixture
def proposal(listing) -> Proposal:
    return propose(listing, "fax", "518-555-0105")


def propose(listing, fact, value) -> Proposal:
    check = FactCheck(fact, "corrected", value)
    record_checks(listing, [check], by=None, now=timezone.now(), origin="facility")
    return Proposal.objects.get(fact=fact)


def assert_shown_again(answer, text):
    """The page says what is wrong, and still holds the beginning of what was typed."""
    assert answer.status_code in (400, 409)
    assert REFUSALS[text] in answer.text
    page = Page(answer)
    typed = page.attributes("input[value]", "value") + page.texts("textarea")
    assert any(words.startswith(("They said", "Long")) for words in typed)


@texts
class TestText:
    def test_of_a_note_on_a_call(self, editor, listing, text):
        report = make_report(facility=listing)
        page = reverse("admin:queue_call", args=[listing.code])
        shown = editor.get(page).context["shown"]

        answer = editor.post(
            page,
            {
                "outcome": "confirmed", "shown": shown, "note": text, "wrong": "phone",
                f"report-{report.pk}": "unclear", f"answer-{report.pk}": "Asked twice.",
            },
        )  # fmt: skip

        assert_shown_again(answer, text)
        page = Page(answer)
        assert page.all('[value="phone"][checked]')
        assert page.all('option[value="unclear"][selected]')
        assert page.all('input[value="Asked twice."]')
        assert not Verification.objects.exists()

    def test_of_an_answer_to_a_report(self, editor, listing, text):
        report = make_report(facility=listing)
        page = reverse("admin:queue_call", args=[listing.code])
        shown = editor.get(page).context["shown"]
        fields = {"outcome": "confirmed", "shown": shown, f"answer-{report.pk}": text}

        assert_shown_again(editor.post(page, fields), text)
        assert Report.objects.get().state == "open"

    def test_of_the_answer_that_closes_a_report(self, editor, listing, text):
        report = make_report(facility=listing)
        page = reverse("admin:facilities_report_change", args=[report.pk])

        answer = editor.post(page, {"state": "unclear", "answer": text})

        assert REFUSALS[text] in answer.text
        assert Report.objects.get().state == "open"

    def test_of_a_note_on_a_facilitys_proposal(self, editor, listing, proposal, text):
        page = reverse("admin:facilities_facility_settle", args=[listing.pk, proposal.pk])

        assert_shown_again(editor.post(page, {"answer": "refuse", "note": text}), text)
        assert Proposal.objects.get().state == "waiting"

    def test_of_a_note_on_several_proposals(self, editor, proposal, text):
        page = reverse("admin:facilities_proposal_change", args=[proposal.pk])

        answer = editor.post(page, {f"do-{proposal.pk}": "refuse", "note": text})

        assert_shown_again(answer, text)
        assert f'name="do-{proposal.pk}" value="refuse" checked' in answer.text
        assert Proposal.objects.get().state == "waiting"

    def test_of_the_reason_to_take_a_check_back(self, editor, listing, text):
        check = FactCheck("fax", "confirmed")
        done = record_checks(listing, [check], by=staff_member("curator"), now=timezone.now())
        (verification,) = done.verifications
        page = reverse("admin:facilities_facility_revert", args=[listing.pk, verification.pk])

        assert_shown_again(editor.post(page, {"why": text}), text)
        assert Verification.objects.get().reverted_at is None

    def test_of_a_note_on_a_merge(self, editor, listing, text):
        other = make_listing(release=make_release(edition="2023"), name1="Other House")
        page = reverse("admin:facilities_likelypair_compare")
        page = f"{page}?first={listing.code}&second={other.code}"

        assert_shown_again(editor.post(page, {"do": "first", "note": text}), text)
        assert not Merge.objects.exists()

    def test_of_a_note_on_a_check(self, editor, listing, text):
        page = reverse("admin:facilities_facility_change", args=[listing.pk])
        fields = {"method": "phone", "note": text, "do-fax": "confirmed", "seen-fax": '""'}

        answer = editor.post(page, fields)

        assert answer.status_code == 409
        assert not Verification.objects.exists()


class TestNulls:
    @pytest.mark.parametrize("model", ["facility", "proposal", "conflict"])
    def test_in_the_filter_of_a_list(self, editor, listing, model):
        page = reverse(f"admin:facilities_{model}_changelist")

        assert editor.get(page, {"state": "N\0Y", "fact": "\0"}).status_code == 400


class TestBrackets:
    def test_by_the_thousand_are_no_value(self, editor, listing, proposal):
        brackets = "[" * 100_000
        page = reverse("admin:facilities_proposal_change", args=[proposal.pk])
        form = reverse("admin:facilities_facility_change", args=[listing.pk])

        of_proposal = editor.post(
            page, {f"do-{proposal.pk}": "accept", f"seen-{proposal.pk}": brackets}
        )
        of_form = editor.post(
            form, {"method": "phone", "do-fax": "confirmed", "seen-fax": brackets}
        )

        assert (of_proposal.status_code, of_form.status_code) == (409, 409)
        assert Proposal.objects.get().state == "waiting"


class TestStatus:
    """A proposal to hide a listing, on each of the pages that settle proposals."""

    @pytest.fixture
    def closing(self, listing) -> Proposal:
        return propose(listing, "status", "hidden")

    def answer_everywhere(self, client, listing, closing, answer):
        yield client.post(
            reverse("admin:queue_settle", args=[listing.code, closing.pk]),
            {"answer": answer, **ON_PAPER}, follow=True,
        )  # fmt: skip
        yield client.post(
            reverse("admin:facilities_facility_settle", args=[listing.pk, closing.pk]),
            {"answer": answer}, follow=True,
        )  # fmt: skip
        yield client.post(
            reverse("admin:facilities_proposal_change", args=[closing.pk]),
            {f"do-{closing.pk}": answer}, follow=True,
        )  # fmt: skip

    @pytest.mark.parametrize("answer", ["accept", "refuse"])
    def test_is_not_settled_by_a_curator(self, listing, closing, answer):
        for page in self.answer_everywhere(staff_client("curator"), listing, closing, answer):
            assert '<li class="error">' in page.text
            assert "An editor decides this." in page.text

        closing.refresh_from_db()
        assert closing.state == "waiting"

    def test_is_settled_by_an_editor(self, listing, closing):
        client = client_of(staff_member("editor"))

        next(self.answer_everywhere(client, listing, closing, "accept"))

        listing.refresh_from_db()
        assert listing.status == "hidden"

    def test_has_no_buttons_for_a_curator(self, listing, closing):
        client = staff_client("curator")

        page = client.get(reverse("admin:queue_call", args=[listing.code])).text

        assert 'name="answer" value="accept"' not in page
        assert "An editor decides this." in page
