"""Programs of one organization at one address stand together; nothing else of the order changes."""

import pytest

from facilities.search.programs import group_programs
from facilities.search.run import SearchHit

from ..support.factories import make_facility

pytestmark = pytest.mark.django_db
HERE = {"name": "A Safe Haven", "street": "2750 West Roosevelt Road", "city": "Chicago"}


def grouped(*facilities) -> list[list[int]]:
    """The groups as places in the order of the results."""
    hits = [SearchHit(facility, None) for facility in facilities]
    return [[hits.index(hit) for hit in group] for group in group_programs(hits)]


class TestGroups:
    def test_move_later_programs_up_to_the_first(self):
        first, third, fifth = (make_facility(**HERE) for _ in range(3))
        second, fourth = make_facility(name="Other"), make_facility(name="Another")

        assert grouped(first, second, third, fourth, fifth) == [[0, 2, 4], [1], [3]]

    def test_see_through_case_and_spaces(self):
        other = HERE | {"name": "A SAFE  Haven", "street": "2750 west Roosevelt Road"}

        assert grouped(make_facility(**HERE), make_facility(**other)) == [[0, 1]]

    @pytest.mark.parametrize(
        "difference",
        [{"name": "A Safe Place"}, {"street": "2752 West Roosevelt Road"}, {"city": "Cicero"}],
    )
    def test_need_the_same_name_and_address(self, difference):
        assert grouped(make_facility(**HERE), make_facility(**HERE | difference)) == [[0], [1]]

    @pytest.mark.parametrize("private", [{"is_address_confidential": True}, {"street": ""}])
    def test_never_tell_which_private_addresses_are_the_same(self, private):
        two = (make_facility(**HERE | private), make_facility(**HERE | private))

        assert grouped(*two) == [[0], [1]]
