"""A place that has closed by what we were told, against one that a file left out."""

import pytest
from django.utils import timezone

from facilities.models import Facility, Verification

from ..support.factories import make_facility, make_release

pytestmark = pytest.mark.django_db
TOLD = "We called on July 3, 2026 and were told that it has closed."
LEFT_OUT = "Not in SAMHSA’s 2023 list."


def found(
    facility: Facility, *, day: int, status: str = "withdrawn", method: str = "phone", **fields
):
    at = timezone.make_aware(timezone.datetime(2026, 7, day, 12))
    Verification.objects.create(
        facility=facility, fact="status", outcome="corrected", value_after=status, method=method,
        checked_at=at, **fields,
    )  # fmt: skip


@pytest.fixture
def gone() -> Facility:
    return make_facility(
        name="Gone", status="withdrawn", source_release=make_release(edition="2023")
    )


def page(client, path: str) -> str:
    return client.get(path).content.decode()


class TestPage:
    def test_says_who_told_us_and_when(self, client, gone):
        found(gone, day=3)

        html = page(client, f"/facility/{gone.slug}/")

        assert TOLD in html
        assert LEFT_OUT not in html

    @pytest.mark.parametrize(
        ("method", "words"),
        [
            ("website", "Its website said on July 3, 2026 that it has closed."),
            ("document", "A document we saw on July 3, 2026 says that it has closed."),
            ("facility", "The facility told us on July 3, 2026 that it has closed."),
        ],
    )
    def test_says_how_we_know(self, client, gone, method, words):
        found(gone, day=3, method=method)

        assert words in page(client, f"/facility/{gone.slug}/")

    def test_dates_it_in_spanish(self, client, gone):
        found(gone, day=3)

        html = page(client, f"/es/facility/{gone.slug}/")

        assert "Llamamos el 3 de julio de 2026 y nos dijeron que cerró." in html

    def test_says_that_a_file_left_it_out_where_nobody_told_us(self, client, gone):
        assert LEFT_OUT in page(client, f"/facility/{gone.slug}/")

    def test_goes_by_the_newest_word_that_nobody_took_back(self, client, gone):
        found(gone, day=3)
        found(gone, day=9, status="listed", reverted_at=timezone.now())
        assert TOLD in page(client, f"/facility/{gone.slug}/")

        found(gone, day=10, status="listed")
        assert TOLD not in page(client, f"/facility/{gone.slug}/")


class TestSheets:
    @pytest.mark.parametrize("path", ["compare", "call", "handout"])
    def test_say_the_same(self, client, gone, path):
        found(gone, day=3)
        other = make_facility(name="Other", status="withdrawn")

        html = page(client, f"/{path}/{gone.code},{other.code}/")

        assert html.count(TOLD) == 1
        assert html.count("No longer in SAMHSA’s newest list: call first.") == 1

    def test_call_it_last(self, client, gone):
        found(gone, day=3)
        other = make_facility(name="Other")

        html = page(client, f"/call/{gone.code},{other.code}/")

        assert html.index("Other</a></h2>") < html.index("Gone</a></h2>")
