"""The words of a name: what stands around them is no part of it."""

import pytest

from facilities.search.keywords import Keywords


@pytest.mark.parametrize("text", ['"Phoenix House"', "“phoenix house”", 'phoenix "house"'])
def test_are_found_in_quotation_marks_too(text):
    assert Keywords(text).words == Keywords("phoenix house").words


def test_are_none_of_quotation_marks_alone():
    assert Keywords('""').words == ()
