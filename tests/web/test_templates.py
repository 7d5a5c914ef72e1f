"""What the environment of public templates adds to Jinja2's."""

import pytest
from django.template import engines
from django.utils.translation import override


def render(source: str) -> str:
    return engines["jinja2"].from_string(source).render()


class TestUrl:
    def test_is_that_of_the_language_each_time(self):
        source = "{{ url('facilities:search') }} {{ url('facilities:comparison', ['abcdefgh']) }}"
        rendered = []
        for language in ("en", "es", "en"):
            with override(language):
                rendered.append(render(source))

        assert rendered == [
            "/search/ /compare/abcdefgh/",
            "/es/search/ /es/compare/abcdefgh/",
            "/search/ /compare/abcdefgh/",
        ]

    def test_of_a_block_in_another_language_is_that_language(self):
        source = (
            "{% call in_language('es') %}{{ url('facilities:search') }}{% endcall %}"
            " {{ url('facilities:search') }}"
        )

        with override("en"):
            assert render(source).split() == ["/es/search/", "/search/"]


class TestGlobals:
    @pytest.mark.parametrize("name", ["url", "static", "_", "gettext"])
    def test_are_known_to_what_a_template_imports(self, name):
        source = f"{{% macro is_known() %}}{{{{ {name} is defined }}}}{{% endmacro %}}"
        template = engines["jinja2"].env.from_string(source)

        assert str(template.module.is_known()) == "True"
