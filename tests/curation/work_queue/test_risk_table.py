"""The arrays of the queue: alike, however they came about, and like the plain computation."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from facilities.curation.work_queue import risk_table
from facilities.curation.work_queue.inputs import read_risk_rows
from facilities.curation.work_queue.ranking import MINE, OPEN, QueueQuery, read_queue
from facilities.curation.work_queue.risk_table import ARRAYS, ListingRiskTable, current_risk_table
from facilities.geo import Point, unit_vector
from facilities.models import Assignment, Conflict, Facility, RiskSnapshot, Verification
from facilities.models.versioned_cache import clear_all_caches
from facilities.places.service_area import read_service_area
from facilities.resolution.change_log import recording_changes
from facilities.taxonomy import VOCABULARY

from ...support.factories import make_facility, make_release, make_report
from ...support.reference_queue import reference_queue

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 4, 16, tzinfo=UTC)
EVERYWHERE = read_service_area([])
PLACES = [
    {"state": "NY", "latitude": 40.7, "longitude": -73.9, "position_origin": "street"},
    {"state": "TX", "latitude": 31.8, "longitude": -106.4, "position_origin": "zip"},
    {"state": "TX", "latitude": 29.8, "longitude": -95.4, "position_origin": "city"},
    {"state": "HI"},
]
SLUGS = [service.slug for service in VOCABULARY]
FACTS = ["phone", "name", "street", "city", "zip", *(f"service:{slug}" for slug in SLUGS)]


class RandomCuration:
    """Makes facilities and changes them at random, as curators, files and the public do."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.releases = [make_release(edition=edition) for edition in ("2019", "2022", "2023")]

    def add(self, number: int) -> None:
        with recording_changes() as log:
            for _ in range(number):
                facility = make_facility(
                    name=self.random.choice(["Alder House", "Alder House Inc", "Zinnia Clinic"]),
                    phone=f"518-555-01{self.random.randrange(12):02d}",
                    services=" ".join(self.random.sample(SLUGS, self.random.randrange(40))),
                    status=self.random.choice(["listed", "listed", "withdrawn", "hidden"]),
                    source_release=self.random.choice([None, *self.releases]),
                    **self.random.choice(PLACES),
                )
                log.note(facility.uuid, before=None, after=facility.status)

    def change(self, number: int) -> None:
        for facility in self.random.sample(list(Facility.objects.order_by("pk")), number):
            with recording_changes() as log:
                self.random.choice([self.check, self.check, self.move, self.rename, self.delete])(
                    facility, log
                )

    def check(self, facility, log) -> None:
        for fact in self.random.sample(FACTS, 90):
            Verification.objects.create(
                facility=facility, fact=fact, method="phone",
                outcome=self.random.choice(["confirmed", "corrected", "not_confirmed"]),
                checked_at=NOW - timedelta(days=self.random.randrange(800)),
                reverted_at=self.random.choice([None, None, NOW]),
            )  # fmt: skip
            log.note_fields(facility, [fact])

    def move(self, facility, log) -> None:
        log.note_fields(facility, ["phone", "position"])
        phone = self.random.choice(["", "518-555-0101", "518-555-0102"])
        place = self.random.choice(PLACES)
        if "latitude" in place:
            point = Point(place["latitude"], place["longitude"])
            place = place | dict(zip("xyz", unit_vector(point), strict=True))
        Facility.objects.filter(pk=facility.pk).update(phone=phone, **place)

    def rename(self, facility, log) -> None:
        log.note(facility.uuid, before=facility.status, after="listed", fields=["name"])
        Facility.objects.filter(pk=facility.pk).update(name="Zinnia Clinic", status="listed")

    def delete(self, facility, log) -> None:
        log.note(facility.uuid, before=facility.status, after=None)
        facility.delete()

    def hear(self, number: int) -> None:
        """Take reports and conflicts, which no change log tells of."""
        for facility in self.random.sample(list(Facility.objects.order_by("pk")), number):
            make_report(facility=facility, topic=self.random.choice(["phone", "closed", "other"]))
            conflict = {"facility": facility, "fact": "phone"}
            Conflict.objects.get_or_create(**conflict, defaults={"release": self.releases[0]})


def contents(table: ListingRiskTable) -> list[tuple]:
    """Each facility with what the table says of it, by value."""
    names = [table.place_names[number] for number in table.places]
    risks = [table.risks[number] for number in table.kinds]
    plain = (getattr(table, name).tolist() for name in ("ids", "zones", "listed", "phones"))
    return list(zip(names, risks, *plain, strict=True))


def waiting(user_id=0, *, now=NOW, **query) -> list[tuple]:
    entries = read_queue(EVERYWHERE, now).filter(QueueQuery(**query), user_id)
    return [(entry.facility_id, entry.points, entry.state, entry.zone) for entry in entries]


def expected(now=NOW) -> list[tuple]:
    return [
        (entry.facility_id, entry.points, entry.state, entry.zone)
        for entry in reference_queue(now)
        if not entry.is_held
    ]


class TestQueue:
    @pytest.mark.parametrize("seed", range(3))
    def test_is_that_of_the_plain_computation_after_any_changes(self, seed):
        curation = RandomCuration(seed)
        curation.add(40)
        assert waiting() == expected()

        for _ in range(3):
            curation.change(6)
            curation.add(3)
            curation.hear(2)
            assert waiting() == expected()
        assert waiting(now=NOW + timedelta(days=190)) == expected(NOW + timedelta(days=190))

    def test_filters_like_the_plain_computation(self, django_user_model):
        curation = RandomCuration(7)
        curation.add(40)
        ana = django_user_model.objects.create_user("ana")
        for facility in Facility.objects.order_by("pk")[:9]:
            Assignment.objects.create(facility=facility, assigned_to=ana)

        entries = reference_queue(NOW)

        for state in ("NY", "TX"):
            asked = [entry for entry in entries if entry.state == state and not entry.is_held]
            assert [key for key, *_ in waiting(state=state)] == [each.facility_id for each in asked]
        central = [each for each in entries if each.zone.slug == "central" and not each.is_held]
        assert [key for key, *_ in waiting(zone="central")] == [
            each.facility_id for each in central
        ]
        mine = [each.facility_id for each in entries if each.is_held]
        assert mine
        assert [key for key, *_ in waiting(ana.pk, whose=MINE)] == mine

    def test_gives_any_page_of_its_entries(self):
        RandomCuration(3).add(30)

        entries = read_queue(EVERYWHERE, NOW).filter(QueueQuery(whose=OPEN), 0)

        assert entries[5:9] == list(entries)[5:9]
        assert entries[-1] == list(entries)[len(entries) - 1]


class TestTable:
    def test_is_the_same_whether_followed_or_read_anew(self):
        curation = RandomCuration(5)
        curation.add(40)
        current_risk_table()
        for _ in range(4):
            curation.change(8)
            current_risk_table()

        followed = current_risk_table()

        anew = ListingRiskTable.from_rows(read_risk_rows())
        assert contents(followed) == contents(anew)
        assert len(followed.risks) == len(set(followed.risks)) == len(anew.risks)

    def test_is_the_same_from_what_was_stored(self, monkeypatch):
        monkeypatch.setattr(risk_table, "STORE_AFTER", 0)
        curation = RandomCuration(6)
        curation.add(30)
        current_risk_table()
        clear_all_caches()
        curation.change(5)

        assert contents(current_risk_table()) == contents(
            ListingRiskTable.from_rows(read_risk_rows())
        )

        stored = ListingRiskTable.from_bytes(bytes(RiskSnapshot.objects.get().arrays))
        assert contents(stored) == contents(current_risk_table())
        assert all(getattr(stored, name).dtype == getattr(current_risk_table(), name).dtype
                   for name in ARRAYS)  # fmt: skip

    def test_is_read_anew_where_the_log_or_the_rules_are_others(self, monkeypatch):
        RandomCuration(8).add(5)
        current_risk_table()
        for change in ({"token": "another"}, {"rules": "older", "arrays": b"of another format"}):
            RiskSnapshot.objects.update(**change)
            clear_all_caches()

            assert len(current_risk_table()) == len(ListingRiskTable.from_rows(read_risk_rows()))

    def test_of_no_facilities_is_empty(self):
        queue = read_queue(read_service_area(["NY"]), NOW)

        assert (len(queue.filter(QueueQuery(), 0)), queue.states, queue.zones) == (0, [], [])
        assert queue.phone_ages == {}

    def test_reads_all_where_more_changed_than_is_worth_following(self, monkeypatch):
        monkeypatch.setattr(risk_table, "MAX_CHANGES", 3)
        curation = RandomCuration(9)
        curation.add(20)
        current_risk_table()
        curation.change(10)

        assert contents(current_risk_table()) == contents(
            ListingRiskTable.from_rows(read_risk_rows())
        )


class TestPhoneAges:
    def test_count_listed_facilities_by_release_or_check(self):
        release = make_release(edition="2023", published_on=(NOW - timedelta(days=65)).date())
        facility, *_others = [make_facility(source_release=release) for _ in range(3)]
        make_facility(source_release=release, status="withdrawn")
        Verification.objects.create(
            facility=facility, fact="phone", outcome="confirmed", method="phone",
            checked_at=NOW - timedelta(days=9),
        )  # fmt: skip

        assert read_queue(EVERYWHERE, NOW).phone_ages == {65: 2, 9: 1}
