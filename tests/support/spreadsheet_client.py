"""What a person does with a sheet of facilities: export it, change it, send it, say yes."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

EXPORT, IMPORT = "/admin/facilities/facility/export/", "/admin/facilities/facility/import/"
TAKE = f"{IMPORT}take/"


def export(client, *columns, query="", file="csv", **options) -> bytes:
    """The file that a person gets who ticks these columns, facts and services alike."""
    services = [column for column in columns if column.startswith("service:")]
    facts = [column for column in columns if column not in services]
    asked = {"facts": facts, "services": services, "labels": "plain", "file": file}
    answer = client.post(EXPORT + query, asked | options)
    assert answer.status_code == 200
    return answer.content


def rows_of(written: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file under the keys of their heads."""
    lines = csv.reader(io.StringIO(written.decode("utf-8-sig")))
    keys = [head.rpartition("[")[2].rstrip("]") for head in next(lines)]
    return [dict(zip(keys, line, strict=True)) for line in lines]


def written(rows: list[dict[str, str]]) -> bytes:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode("utf-8-sig")


def send(client, content: bytes, name="partners.csv"):
    """The answer to an upload: the preview, or the form with what is wrong."""
    return client.post(IMPORT, {"sheet": SimpleUploadedFile(name, content)})


def take(client, preview):
    return client.post(TAKE, {"state": preview.context["state"]}, follow=True)


def changes_in(preview) -> list[tuple[str, str, str]]:
    """(fact, now, new) of every change shown."""
    return [
        (line["fact"], line["now"], line["new"])
        for row in preview.context["preview"].changes()
        for line in row["lines"]
    ]
