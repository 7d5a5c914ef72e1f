"""The accessibility statement: linked from every page, dated, with a way to reach somebody."""

import pytest

pytestmark = pytest.mark.django_db


class TestStatement:
    @pytest.mark.parametrize("prefix", ["", "/es"])
    def test_is_linked_from_the_foot_of_a_page(self, client, prefix):
        foot = client.get(f"{prefix}/").content.decode().partition('<footer class="site">')[2]

        assert f'href="{prefix}/accessibility/"' in foot

    def test_says_when_it_was_gone_over(self, client):
        assert "21 de noviembre de 2026" in client.get("/es/accessibility/").content.decode()

    def test_names_the_way_that_the_operator_set(self, client, settings):
        settings.CONTACT_URL = "mailto:help@example.org"
        html = client.get("/accessibility/").content.decode()

        assert '<a href="mailto:help@example.org">help@example.org</a>' in html

    @pytest.mark.parametrize("address", ["", "javascript:alert(1)"])
    def test_says_where_there_is_none(self, client, settings, address):
        settings.CONTACT_URL = address
        html = client.get("/accessibility/").content.decode()

        assert "has not said yet how to reach them" in html
        assert "javascript:alert" not in html
