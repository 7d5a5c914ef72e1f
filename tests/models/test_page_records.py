"""The facilities of pages: the same as the ORM finds them, with their releases, in few queries."""

from datetime import date

import pytest

from facilities.models import Credential, DataVersion, Facility
from facilities.models.page_records import find_by_codes, find_listed
from facilities.models.release import newest_release

from ..support.factories import log_changes, make_facility, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    return make_release(edition="2023")


@pytest.fixture
def alder(release) -> Facility:
    return make_facility(name="Alder", services="detox methadone", source_release=release)


class TestFindListed:
    def test_leaves_out_what_is_not_listed(self, alder):
        hidden = make_facility(name="Birch", status="hidden")

        assert [*find_listed([hidden.pk, alder.pk, 7])] == [alder.pk]

    def test_gives_what_the_orm_gives(self, alder):
        expected = Facility.objects.for_cards().get(pk=alder.pk)

        found = find_listed([alder.pk])[alder.pk]

        assert found.get_deferred_fields() == expected.get_deferred_fields()
        assert {
            name for name in vars(expected) if not name.startswith("_")
            if getattr(found, name) != getattr(expected, name)
        } == set()  # fmt: skip

    def test_reads_the_version_of_the_data_with_them(self, alder):
        log_changes()

        assert find_listed([alder.pk])[alder.pk].data_version == DataVersion.current()

    def test_asks_for_releases_once_a_version(self, alder, django_assert_num_queries):
        find_listed([alder.pk])
        with django_assert_num_queries(1):
            release = find_listed([alder.pk])[alder.pk].source_release
            assert (release.edition, release.published_on) == ("2023", date(2023, 12, 31))

        type(release).objects.update(edition="2024")
        log_changes()

        assert find_listed([alder.pk])[alder.pk].source_release.edition == "2024"

    def test_has_no_release_where_no_file_states_it(self):
        created = make_facility()

        assert find_listed([created.pk])[created.pk].source_release is None


class TestFindByCode:
    def test_gives_all_columns_and_a_hidden_one_too(self, alder, django_assert_num_queries):
        hidden = make_facility(name="Birch", status="hidden")
        find_by_codes([alder.code])

        with django_assert_num_queries(1):
            found = find_by_codes([alder.code, hidden.code])
            assert {each.name_key for each in found} == {"alder", "birch"}

    def test_gives_what_one_was_merged_into(self, alder, django_assert_num_queries):
        merged = make_facility(name="Birch", status="hidden", merged_into=alder)
        find_by_codes([alder.code])

        with django_assert_num_queries(2):
            (found,) = find_by_codes([merged.code])
            assert (found.merged_into, found.merged_into.source_release.edition) == (alder, "2023")

    def test_tells_who_has_credentials(self, alder):
        birch = make_facility(name="Birch")
        Credential.objects.create(
            facility=alder, kind="license", issuer="State", checked_on=date(2024, 1, 1)
        )

        found = {
            each.name: each.has_credentials for each in find_by_codes([alder.code, birch.code])
        }

        assert {name: bool(has) for name, has in found.items()} == {"Alder": True, "Birch": False}


class TestNewestRelease:
    def test_is_the_newest_directory_and_else_what_was_published_last(self):
        assert newest_release() is None
        make_release(source="locator", edition="2025")
        assert newest_release().edition == "2025"
        for edition, counts in (("2022", True), ("2023", True), ("2024", False)):
            make_release(edition=edition, is_effective=counts)

        assert newest_release().edition == "2023"
