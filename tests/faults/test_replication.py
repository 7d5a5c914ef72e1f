"""PostgreSQL with two replicas: each server killed, held up and brought back, under visitors.

The tests of a class go on from one another, in their order, on one site.
"""

import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from ..security.proxies import proxy_before_several
from ..support.processes import free_port
from ..support.real_data import ROOT
from ..support.replication import OWNER, PostgreSQLServer, primary_server, replica_of
from .nodes import PAGES, Node, replicated_site, wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.subprocess, pytest.mark.slow]
VISIBLE_WITHIN = 2.0  # seconds


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with replicated_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="module")
def expected(site) -> dict[str, list[str]]:
    """The answers of the write node before anything happens."""
    answers = site.writer.answers()
    assert all(answers[path] for path in PAGES[:2])
    return answers


@contextmanager
def visitors(*nodes: Node):
    """Read pages from nodes all the while; give the list of answers, as (status, facilities)."""
    over, answers = threading.Event(), []

    def visit(node: Node) -> None:
        while not over.wait(0.05):
            status, text = node.fetch(PAGES[0])
            answers.append((status, text.count('href="/facility/')))

    threads = [threading.Thread(target=visit, args=[node]) for node in nodes]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def wait_for_text(node: Node, path: str, text: str) -> None:
    wait_until(lambda: text in node.fetch(path)[1], f"{text} on {path}")


class TestFaults:
    def test_every_node_gives_the_same_answers(self, site, expected):
        for node in site.readers:
            wait_until(node.is_ready, "ready")
            assert node.answers() == expected

    def test_a_saved_check_is_visible_on_every_node_in_service(self, site, record_property):
        delays = []
        for name in ("First House", "Second House", "Third House"):
            saved_at, path = site.writer.save_name(name)
            for node in site.readers:
                wait_for_text(node, path, name)
                delays.append(time.time() - saved_at)
        record_property("seconds until visible, starting the command included", delays)
        assert max(delays) <= VISIBLE_WITHIN

    def test_a_read_node_writes_nothing(self, site):
        for node in site.readers:
            status, text = node.fetch("/receipt/", data=b"code=x")
            assert status == 503
            assert "1-800-662-4357" in text

    @pytest.mark.parametrize("name", ["nginx", "caddy"])
    def test_a_read_node_that_is_down_takes_no_page_away(self, site, expected, name, tmp_path):
        """The proxies as they are shipped, before the live nodes, of which one is not there."""
        writer, reader = (
            node.url.removeprefix("http://") for node in (site.writer, site.readers[1])
        )
        nowhere = f"127.0.0.1:{free_port()}"
        with proxy_before_several(name, tmp_path, [writer, nowhere, reader]) as port:
            front = Node(f"http://127.0.0.1:{port}", {})

            statuses = [front.fetch(path)[0] for _ in range(5) for path in PAGES]
            answers = front.answers()
            forms = [front.fetch(path) for path in ("/admin/login/", "/es/receipt/", "/update/")]

        assert set(statuses) == {200}
        assert answers == expected
        # The write node has them; a read node answers 503.
        assert 503 not in {status for status, _text in forms}

    @pytest.mark.parametrize("number", [0, 1])
    def test_a_killed_replica_takes_no_page_away(self, site, number, record_property):
        replica, expected = site.replicas[number], site.writer.answers()
        with visitors(*site.readers) as answers:
            time.sleep(1)
            replica.kill()
            wait_until(lambda: site.readers[number].answers() == expected, "answering")
            time.sleep(1)
            replica.start()
            time.sleep(1)
        failed = [status for status, _count in answers if status != 200]
        record_property("requests", len(answers))
        record_property("failed", failed)
        # What was under way at that moment, on each of its eight threads.
        assert len(failed) <= 8
        assert set(failed) <= {503}
        wait_until(site.readers[number].is_ready, "ready again")

    def test_a_replica_that_is_held_up_leaves_the_service_and_comes_back(self, site):
        held, node = site.replicas[0], site.readers[0]
        time.sleep(6)  # nobody reads the other's replica any longer
        held.execute("SELECT pg_wal_replay_pause()")

        wait_until(lambda: not node.is_ready(), "out of service", 15)
        assert "behind" in node.said_of("replica")
        assert site.readers[1].is_ready()
        saved_at, path = site.writer.save_name("Held House")
        wait_for_text(site.readers[1], path, "Held House")
        assert node.fetch(path)[0] == 200  # old, but there
        held.execute("SELECT pg_wal_replay_resume()")

        wait_until(node.is_ready, "back in service", 15)
        assert "Held House" in node.fetch(path)[1]

    def test_without_a_standby_to_confirm_writers_wait_and_readers_do_not(
        self, site, record_property
    ):
        primary = site.primary
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (nobody)'")
        primary.execute("SELECT pg_reload_conf()")
        waiting = {}

        def write():
            connection = primary.connect("directory")
            with connection, connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = '1s'")
                cursor.execute("CREATE TABLE waited ()")
                start = time.monotonic()
            connection.commit()
            waiting["seconds"] = time.monotonic() - start

        writer = threading.Thread(target=write)
        writer.start()
        told = wait_until(
            lambda: site.writer.said_of("replica").startswith("warning"), "told by the write node"
        )
        time.sleep(3)
        assert not waiting  # the time-out of statements does not end it
        assert all(node.fetch(PAGES[0])[0] == 200 for node in site.nodes)
        assert {node.said_of("replica")[:7] for node in site.nodes} == {"warning"}
        assert all(node.is_ready() for node in site.nodes)
        primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
        primary.execute("SELECT pg_reload_conf()")
        writer.join(10)

        record_property("seconds until the write node tells", told)
        assert waiting["seconds"] >= 3
        wait_until(lambda: site.writer.said_of("replica").startswith("ok"), "well again")

    def test_a_killed_primary_takes_the_forms_alone(self, site, record_property):
        expected = site.writer.answers()
        with visitors(*site.readers) as answers:
            time.sleep(1)
            site.primary.kill()
            time.sleep(4)
            assert all(node.is_ready() for node in site.readers)
        record_property("statuses", Counter(status for status, _count in answers))
        assert {status for status, _count in answers} == {200}
        assert [node.answers() for node in site.readers] == [expected] * 2
        assert all("nobody has written a heartbeat" in n.said_of("replica") for n in site.readers)
        status, text = site.writer.fetch("/search/?place=TX")
        assert status in (200, 503)  # a replica serves it where libpq finds one
        assert not site.writer.is_ready()
        record_property("requests", len(answers))

    def test_a_promoted_replica_takes_the_writes(self, site, record_property):
        promoted, other = site.replicas
        start = time.monotonic()
        promoted.promote()
        other.follow(promoted)
        wait_until(site.writer.is_ready, "the write node is ready")
        _saved_at, path = site.writer.save_name("Promoted House")
        record_property("seconds from promotion to a saved check", time.monotonic() - start)

        for node in site.readers:
            wait_for_text(node, path, "Promoted House")
            wait_until(node.is_ready, "ready")

    def test_the_former_primary_comes_back_as_a_replica(self, site):
        promoted, _other = site.replicas
        site.primary.rejoin(promoted)

        assert site.primary.execute("SELECT pg_is_in_recovery()") == [(True,)]
        site.writer.save_name("House of all three")
        wait_until(
            lambda: (
                site.primary.execute(
                    "SELECT count(*) FROM facilities_facility WHERE name = 'House of all three'",
                    "directory",
                )
                == [(1,)]
            ),
            "followed",
        )
        answers = site.writer.answers()
        assert [node.answers() for node in site.readers] == [answers] * 2


def acknowledged_until_killed(primary: PostgreSQLServer, folder) -> int:
    """Write as fast as possible and kill the primary; return the last acknowledged number."""
    log = folder / "acknowledged"
    words = f"host=127.0.0.1 port={primary.port} user={OWNER} dbname=directory"
    with log.open("w") as output:
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", words], cwd=ROOT,
            stdout=output, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    time.sleep(4)
    primary.kill()
    writer.wait(20)
    return int(log.read_text().rpartition("\n")[0].splitlines()[-1].split()[0])


class TestLoss:
    @pytest.mark.parametrize("is_synchronous", [True, False])
    def test_of_acknowledged_commits(self, tmp_path, record_property, is_synchronous):
        with primary_server() as primary, replica_of(primary, "first") as first:
            if is_synchronous:
                primary.execute(
                    """ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 ("first")' """
                )
                primary.execute("SELECT pg_reload_conf()")
            acknowledged = acknowledged_until_killed(primary, tmp_path)
            first.promote()
            rows, newest = first.execute("SELECT count(*), max(number) FROM written", "directory")[
                0
            ]

        record_property("acknowledged", acknowledged)
        record_property("lost", acknowledged - newest)
        assert acknowledged > 50
        assert rows == newest
        # Asynchronous: what the replica had not received in the last instant.
        assert acknowledged - newest <= (0 if is_synchronous else 100)
