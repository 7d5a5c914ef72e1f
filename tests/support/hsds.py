"""HSDS from outside: its compiled schemas, and a consumer that knows the specification alone."""

import csv
import json
from collections.abc import Callable, Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import jsonschema_rs

from .real_data import ROOT

SCHEMAS = ROOT.parent / "shared" / "hsds" / "3.1-dev" / "schema" / "compiled"
DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}


@cache
def validator(name: str):
    """The compiled schema of one kind of object, formats included."""
    schema = json.loads((Path(SCHEMAS) / f"{name}.json").read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema, validate_formats=True)


def faults(name: str, instance: dict) -> list[str]:
    return [
        f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}"
        for error in validator(name).iter_errors(instance)
    ]


class HsdsConsumer:
    """Walks the API by pages and rebuilds the table of facilities from what HSDS says.

    ``get`` takes an address below the API and returns the JSON there. Nothing of ours is imported:
    the profile is all that a stranger has.
    """

    def __init__(self, get: Callable[[str], dict]) -> None:
        self.get = get

    def services(self, per_page: int) -> Iterator[dict]:
        page = 1
        while True:
            answer = self.get(f"services?full=true&per_page={per_page}&page={page}")
            yield from answer["contents"]
            if answer["last_page"]:
                return
            page += 1

    def facilities(self, per_page: int = 100) -> list[dict[str, str]]:
        return [self.row(service) for service in self.services(per_page)]

    def row(self, service: dict) -> dict[str, str]:
        location = service["service_at_locations"][0]["location"]
        address = next(iter(location["addresses"]), {})
        phones = service["phones"]
        main = next((one for one in phones if one["description"] == "Main number"), {})
        intake = [one for one in phones if one["description"].startswith("Intake line")]
        fax = next((one["number"] for one in phones if one["type"] == "fax"), "")
        admission = [one for one in service["schedules"] if one["description"] == "Admission hours"]
        source = next(each for each in service["metadata"] if each["field_name"] == "source")
        exclusions = service.get("eligibility_description", "")
        return {
            "id": service["id"],
            "status": {"active": "listed", "inactive": "withdrawn"}[service["status"]],
            "name": service["name"],
            "program_name": service.get("alternate_name", ""),
            "street": address.get("address_1", ""),
            "street2": address.get("address_2", ""),
            "city": address.get("city") or location["city"],
            "state": address.get("state_province") or location["state_province"],
            "zip": address.get("postal_code", ""),
            "county_fips": address.get("county_fips", ""),
            "phone": main.get("number", ""),
            "phone_extension": main.get("extension_digits", ""),
            "intake_phones": "; ".join(map(self.phone, intake)),
            "website": service.get("url", ""),
            "hours": self.hours(service["schedules"]),
            "fax": fax,
            "admission_hours": admission[0]["notes"] if admission else "",
            "referral_requirements": service.get("application_process", ""),
            "admission_exclusions": exclusions.removeprefix("Cannot be admitted: "),
            "is_address_confidential": "yes" if location.get("is_address_confidential") else "no",
            "latitude": str(location.get("latitude", "")),
            "longitude": str(location.get("longitude", "")),
            "position_origin": location.get("position_origin", ""),
            "services_yes": self.answers(service, "yes"),
            "services_no": self.answers(service, "no"),
            "last_verified_on": service.get("assured_date", ""),
            "source": source["replacement_value"].split(" ")[0],
            "edition": source["replacement_value"].split(" ")[1],
            "published_on": source["last_action_date"],
            "modified_at": service["last_modified"].replace("Z", "+00:00"),
        }

    def phone(self, phone: dict) -> str:
        number = phone["description"].partition(": ")[2] or phone["number"]
        return f"{number} x{phone['extension_digits']}" if "extension" in phone else number

    def answers(self, service: dict, value: str) -> str:
        given = [each for each in service["attributes"] if each["value"] == value]
        return "; ".join(each["taxonomy_term"]["code"] for each in given)

    def hours(self, schedules: list[dict]) -> str:
        intervals: dict[str, list[str]] = {}
        for each in schedules:
            if each["description"] != "Hours of the intake line":
                continue
            if (each["byday"], each["opens_at"], each["closes_at"]) == (
                "MO,TU,WE,TH,FR,SA,SU", "00:00", "23:59",
            ):  # fmt: skip
                return "always"
            for day in each["byday"].split(","):
                intervals.setdefault(DAYS[day], []).append(
                    f"{each['opens_at']}-{each['closes_at']}"
                )
        return "; ".join(
            f"{day} {', '.join(sorted(intervals[day]))}"
            for day in DAYS.values()
            if day in intervals
        )


def rows_of_csv(text: str) -> list[dict[str, str]]:
    """The rows of a published table of facilities, without what follows from the id."""
    return [
        {name: cell for name, cell in row.items() if name != "code"}
        for row in csv.DictReader(StringIO(text, newline=""))
    ]
