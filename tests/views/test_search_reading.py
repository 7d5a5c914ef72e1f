"""Free words in the box: the address they lead to, and what the page tells of them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from ..support.factories import log_changes, make_facility
from ..support.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def facilities():
    for number in range(2):
        make_facility(
            name=f"Phoenix House {number}", city="Brooklyn", state="NY", zip="11206",
            latitude=40.7, longitude=-73.94, services="detox residential-detox methadone",
        )  # fmt: skip
    log_changes()


def address(client, words: str, path: str = "/search/", name: str = "q") -> tuple[str, dict]:
    """The path and parameters that words lead to, by one redirect."""
    answer = client.get(path, {name: words})
    assert answer.status_code == 302
    parts = urlsplit(answer.url)
    assert client.get(answer.url).status_code == 200  # and by no second one
    return parts.path, parse_qs(parts.query)


def page(client, words: str) -> Page:
    return Page(client.get("/search/", {"q": words}, follow=True).content.decode())


class TestAddress:
    @pytest.mark.parametrize("name", ["q", "place"])
    def test_has_a_parameter_for_each_part(self, client, name):
        _path, parameters = address(client, "methadone 11206 takes my dog", name=name)

        assert parameters == {
            "place": ["11206 (Brooklyn, NY)"], "medication": ["methadone"],
            "ignored": ["takes my dog"],
        }  # fmt: skip

    def test_keeps_what_was_chosen_before(self, client):
        answer = client.get("/search/?place=10001&payment=medicaid&q=methadone+11206&page=3")

        assert parse_qs(urlsplit(answer.url).query) == {
            "place": ["11206 (Brooklyn, NY)"], "payment": ["medicaid"], "medication": ["methadone"],
        }  # fmt: skip

    def test_of_a_name_stands_as_it_is(self, client):
        assert client.get("/search/?q=phoenix+house").status_code == 200

    @pytest.mark.parametrize(
        "words", ["my son wont wake up at 12 elm street", "quiero morir", "suicide"]
    )
    def test_of_danger_holds_none_of_the_words(self, client, words):
        answer = client.get("/search/", {"q": words})

        query = urlsplit(answer.url).query
        assert "alert=a" in query
        assert not any(word in query for word in words.split() if len(word) > 3)

    def test_of_danger_is_in_the_language_typed(self, client):
        assert address(client, "mi hermano no respira")[0] == "/es/search/"
        assert address(client, "my brother is not breathing", "/es/search/")[0] == "/search/"

    def test_of_a_place_as_our_pages_write_it_is_left_alone(self, client):
        for place in (
            "11206 (Brooklyn, NY)",
            "Brooklyn, NY",
            "New York (state)",
            "Cook County, IL",
        ):
            assert client.get("/search/", {"place": place}).status_code == 200


class TestPage:
    @pytest.mark.parametrize(
        ("words", "attribute", "value"),
        [
            ("not breathing", "data-danger", "now"),
            ("i want to die", "data-danger", "crisis"),
            ("shaking since i stopped drinking", "data-danger", "withdrawal"),
            ("ran out of suboxone", "data-caution", "caution"),
            ("takes my dog 11206", "data-ignored", "takes my dog"),
            ("detox tonight 11206", "data-notice", "hours"),
            ("Mexico", "data-notice", "outside-us"),
        ],
    )
    def test_tells_it_by_an_attribute(self, client, words, attribute, value):
        marked = page(client, words).tree.css(f"[{attribute}]")

        assert [node.attributes[attribute] for node in marked] == [value]

    def test_begins_with_the_call(self, client):
        main = page(client, "not breathing").tree.css_first("main")

        assert main.css_first("a").attributes["href"] == "tel:911"

    @pytest.mark.parametrize("words", ["suboxone", "suboxone near me", "Springfield detox", "help"])
    def test_without_a_place_asks_where_and_lists_nothing(self, client, words):
        shown = page(client, words)

        assert shown.tree.css("[data-total]") == []
        assert shown.tree.css("article") == []

    def test_that_asks_where_offers_the_whole_country_with_the_need(self, client):
        links = [link.attributes["href"] for link in page(client, "methadone").tree.css("main a")]

        assert "?medication=methadone" in links

    def test_tells_a_correction_and_leads_back(self, client):
        shown = page(client, "methodone 11206")
        (link,) = [link for link in shown.tree.css("a") if "instead" in link.text()]

        assert "Showing results for “methadone”" in shown.tree.text()
        literal = client.get("/search/" + link.attributes["href"])
        assert literal.status_code == 200

    def test_offers_the_place_where_the_need_won(self, client):
        links = [link.attributes["href"] for link in page(client, "weed").tree.css("main a")]

        assert "?place=Weed%2C+CA" in links
        assert client.get("/search/?place=Weed%2C+CA").status_code == 200

    @pytest.mark.parametrize("words", ["x" * 401, "\0", "'" * 300, "<b>" * 60])
    def test_of_any_text_is_no_error(self, client, words):
        assert client.get("/search/", {"q": words}, follow=True).status_code in (200, 400)
