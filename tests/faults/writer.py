"""Writes rows as fast as it is told, and says of each that it was acknowledged.

``python -m tests.faults.writer DATABASE`` with a SQLite file or the address of a PostgreSQL server.
Each line is a number and the time at which its commit had returned.
"""

import sqlite3
import sys
import time
from contextlib import closing

import psycopg2

PAUSE = 0.01  # seconds
TABLE = "CREATE TABLE IF NOT EXISTS written (number integer PRIMARY KEY, at double precision)"


def connect(address: str):
    if "host=" in address:
        return psycopg2.connect(address), "%s"
    connection = sqlite3.connect(address, timeout=20)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection, "?"


def main(address: str) -> None:
    connection, sign = connect(address)
    with closing(connection), closing(connection.cursor()) as cursor:
        cursor.execute(TABLE)
        connection.commit()
        cursor.execute("SELECT coalesce(max(number), 0) FROM written")
        number = cursor.fetchone()[0]
        connection.commit()
        while True:
            number += 1
            cursor.execute(f"INSERT INTO written VALUES ({sign}, {sign})", [number, time.time()])
            connection.commit()
            sys.stdout.write(f"{number} {time.time()}\n")
            sys.stdout.flush()
            time.sleep(PAUSE)


if __name__ == "__main__":
    main(sys.argv[1])
