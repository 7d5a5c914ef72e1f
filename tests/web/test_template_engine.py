"""Templates compiled for each language say what they said when each word was looked up."""

import pytest
from django.template import engines
from django.urls import NoReverseMatch
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, override
from markupsafe import Markup, escape

from facilities.web.template_engine import LanguageEnvironment


def render(source: str, **context) -> str:
    return engines["jinja2"].from_string(source).render(context)


@pytest.mark.parametrize(("language", "word"), [("en", "Privacy"), ("es", "Privacidad")])
class TestLanguage:
    def test_of_a_constant_word(self, language, word):
        with override(language):
            assert render("{{ _('Privacy') }}") == word

    def test_of_a_message_without_parameters(self, language, word):
        with override(language):
            assert render("{% trans %}Privacy{% endtrans %}") == word

    def test_of_a_word_in_a_macro_that_is_imported(self, language, word):
        source = (
            "{% from 'facilities/components/copy_button.html' import copy_button %}"
            "{{ copy_button is defined }} {{ _('Privacy') }}"
        )
        with override(language):
            assert render(source).endswith(word)


class TestMessageWithParameters:
    SOURCE = "{% trans distance=miles %}{{ distance }} miles{% endtrans %}"

    @pytest.mark.parametrize(("language", "words"), [("en", "5 miles"), ("es", "5 millas")])
    def test_is_translated_around_them(self, language, words):
        with override(language):
            assert render(self.SOURCE, miles=5) == words

    def test_escapes_them(self):
        assert render(self.SOURCE, miles="<5>") == "&lt;5&gt; miles"

    def test_shows_nothing_for_one_that_is_missing(self):
        assert render(self.SOURCE) == " miles"

    def test_keeps_a_percent_sign(self):
        assert render("{% trans part=9 %}{{ part }} % of 100%{% endtrans %}") == "9 % of 100%"


class TestIndentation:
    def test_is_left_out(self):
        assert render("<ul>\n    <li>one</li>\n\n    <li>two</li>\n</ul>") == (
            "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
        )

    def test_of_a_value_is_kept(self):
        assert render("<pre>{{ text }}</pre>", text="one\n    two") == "<pre>one\n    two</pre>"


class TestCalls:
    def test_with_parameters_that_vary_are_made_at_each_rendering(self):
        source = "{{ _(word) }} {{ url('facilities:guide', slug) }}"

        assert render(source, word="Privacy", slug="first") == "Privacy /guides/first/"
        assert render(source, word="Search", slug="second") == "Search /guides/second/"

    def test_of_an_unknown_address_fail_when_it_is_rendered(self):
        source = "{% if is_shown %}{{ url('facilities:unknown') }}{% endif %}"

        assert render(source, is_shown=False) == ""
        with pytest.raises(NoReverseMatch):
            render(source, is_shown=True)


@pytest.mark.parametrize(
    "value",
    [
        "plain", "<b> & 'this' \"that\"", Markup("<b>"), SafeString("<i>"), 5, 1.5, None,
        gettext_lazy("Privacy"), "",
    ],
)  # fmt: skip
def test_values_are_escaped_as_by_markupsafe(value):
    assert LanguageEnvironment.to_html(value) == str(escape(value))
