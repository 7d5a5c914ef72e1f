"""What pages weigh on their way, who may keep them, and what they wait for."""

import gzip

import brotli
import pytest

from benchmarks.weight import BITS_PER_SECOND, SEARCH, visit

BROTLI, GZIP = {"Accept-Encoding": "gzip, deflate, br"}, {"Accept-Encoding": "gzip"}


@pytest.fixture(scope="module")
def search(served, browser):
    return visit(browser, served.url + SEARCH)


@pytest.mark.django_db
class TestCompression:
    @pytest.mark.parametrize(
        ("accepted", "name", "unpack"),
        [(BROTLI, "br", brotli.decompress), (GZIP, "gzip", gzip.decompress)],
    )
    def test_loses_nothing(self, client, accepted, name, unpack):
        plain, packed = client.get("/guides/"), client.get("/guides/", headers=accepted)

        assert packed["Content-Encoding"] == name
        assert "Accept-Encoding" in packed["Vary"]
        assert unpack(packed.content) == plain.content
        assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 2

    def test_leaves_answers_to_staff_as_they_are(self, client):
        login = client.get("/admin/login/", headers=BROTLI)
        guides = client.get("/guides/", headers=BROTLI | {"Cookie": "staff=x"})

        assert b"csrfmiddlewaretoken" in login.content
        assert not login.has_header("Content-Encoding")
        assert not guides.has_header("Content-Encoding")

    def test_is_not_done_where_it_is_not_wanted(self, client):
        refusing = client.get("/guides/", headers={"Accept-Encoding": "br;q=0, identity"})

        assert not refusing.has_header("Content-Encoding")
        assert "Accept-Encoding" in refusing["Vary"]


@pytest.mark.django_db
class TestCaching:
    @pytest.mark.parametrize(
        "address",
        [
            "/search/", "/search/?state=NY", "/es/search/?q=suboxone", "/choose/?home=no",
            "/compare/?facility=x", "/call/aaaaaaaa/", "/receipt/", "/guides/?q=suboxone",
            "/facility/aaaaaaaa/", "/es/facility/aaaaaaaa/history/", "/for/detox/",
        ],
    )  # fmt: skip
    def test_of_what_a_person_asked_for_is_forbidden(self, client, address):
        assert "no-store" in client.get(address)["Cache-Control"]

    @pytest.mark.parametrize("address", ["/", "/guides/tonight/", "/es/how-it-works/"])
    def test_of_what_is_the_same_for_everybody_saves_its_weight(self, client, address):
        first = client.get(address, headers=BROTLI)
        again = client.get(address, headers=BROTLI | {"If-None-Match": first["ETag"]})

        assert first["Cache-Control"] == "private, no-cache"
        assert (again.status_code, again.content) == (304, b"")


class TestFirstVisit:
    def test_of_a_search_is_light(self, search):
        assert search.without_font <= 60_000
        assert search.total <= 100_000

    def test_waits_for_one_style_sheet_and_nothing_else(self, search):
        assert [path.rpartition("/")[2].split(".")[0] for path in search.blocking] == ["site"]

    def test_can_show_text_after_six_tenths_of_a_second_at_400_kbit(self, search):
        """Beside the round trips; benchmarks/weight.py takes the time itself."""
        needed = search.weights["Document"] + search.weights["Stylesheet"]

        assert needed * 8 / BITS_PER_SECOND <= 0.6

    def test_lays_out_the_cards_that_come_near_and_puts_all_on_paper(self, served, page):
        laid_out = "all => all.map(each => each.checkVisibility({contentVisibilityAuto: true}))"
        page.goto(served.url + SEARCH)
        page.wait_for_function("() => document.querySelector('.card').checkVisibility()")
        found = page.eval_on_selector_all(".card h2", laid_out)
        page.emulate_media(media="print")

        assert (len(found), found[0], found[-1]) == (20, True, False)
        assert page.eval_on_selector_all(".card h2", laid_out) == [True] * 20

    def test_makes_static_files_stay(self, served, page):
        answers = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(served.url + "/", wait_until="networkidle")

        files = [each for each in answers if "/static/" in each.url]
        assert len(files) >= 3
        assert {"immutable" in each.headers["cache-control"] for each in files} == {True}
