"""Names that people may type follow each change of the directory."""

import pytest

from facilities.models import Facility
from facilities.resolution.change_log import recording_changes
from facilities.search.understanding.facility_names import facility_names

from ...support.factories import make_facility

pytestmark = pytest.mark.django_db


def add(**names) -> Facility:
    with recording_changes() as log:
        facility = make_facility(**names)
        log.note(facility.uuid, before=None, after="listed")
    return facility


class TestNames:
    def test_of_a_new_facility_are_known(self):
        add(name="Alder House")
        assert not facility_names().contain(("birch", "lodge"))
        add(name="Birch Lodge", program_name="Night Program")

        assert facility_names().contain(("birch", "lodge"))
        assert facility_names().contain(("night", "program"))
        assert facility_names().contain(("alder", "house"))

    def test_that_begin_another_name_are_known_as_whole_names(self):
        add(name="Hope House Center Albany")
        assert not facility_names().are_exactly(("hope", "house", "center"))
        add(name="The Hope House Center")

        assert facility_names().are_exactly(("hope", "house", "center"))
        assert facility_names().are_exactly(("the", "hope", "house", "center"))
        assert not facility_names().are_exactly(("hope", "house"))

    def test_are_counted_once_for_all_who_bear_them(self):
        add(name="Alder House")
        assert not facility_names().is_distinctive("alder")
        add(name="Alder House")
        assert not facility_names().is_distinctive("alder")
        add(name="Alder Home")

        assert facility_names().is_distinctive("alder")
        assert facility_names().words["alder"] == 2

    def test_after_a_save_read_only_what_changed(self, django_assert_num_queries):
        facility = add(name="Alder House")
        facility_names()
        with recording_changes() as log:
            log.note_fields(facility, ["phone"])

        with django_assert_num_queries(4):  # the version, 2 what changed, 1 its names
            facility_names()
