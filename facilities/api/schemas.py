"""What answers look like, for the OpenAPI document. Answers are written from dictionaries.

Nothing here runs for a request. Tests hold answers against the document.
"""

from typing import Any, Literal

from ninja import Schema
from pydantic import Field

Reported = Literal["yes", "no"]


class PhoneLine(Schema):
    """A telephone number as the facility publishes it."""

    number: str
    extension: str = ""


class SourceFile(Schema):
    """The file that states what is offered."""

    source: str = Field(description="`directory` or `locator` of SAMHSA, or another list's name.")
    title: str
    edition: str
    published_on: str
    age_days: int
    passed_on_by: str | None = Field(description="The list that it came through, if any.")


class OwnSource(Schema):
    """Where one fact comes from, if not from the listing's own source."""

    source: str
    edition: str | None
    date: str
    method: str | None = Field(description="How it was checked; null: a list states it.")


class FacilityRecord(Schema):
    """One facility, flat. null is never no: it means that nobody reported it."""

    code: str = Field(description="Eight characters that never change.")
    uuid: str
    url: str = Field(description="Its page.")
    status: Literal["listed", "withdrawn"]
    name: str | None
    program_name: str | None
    street: str | None = Field(description="null where the address is kept private.")
    street2: str | None
    city: str | None
    state: str | None
    zip: str | None = Field(description="null where the address is kept private.")
    county_fips: str | None
    phone: str | None
    phone_extension: str | None
    phone_suspended_on: str | None = Field(
        description="Since when no number is shown, because it reached somebody else."
    )
    website: str | None
    fax: str | None
    admission_hours: str | None
    referral_requirements: str | None
    admission_exclusions: str | None = Field(description="Who cannot be admitted.")
    intake_phones: list[PhoneLine]
    hours: dict[str, Any] | None = Field(description="Of the intake line: weekday to intervals.")
    is_address_confidential: bool
    latitude: float | None
    longitude: float | None
    position_origin: Literal["street", "zip", "city", "hand"] | None = Field(
        description="`zip` and `city` are only the center of such."
    )
    miles: float | None = Field(description="From the point searched; null without one.")
    exclusions: list[str] = Field(description="Whom it turns away, in words.")
    services: dict[str, Reported] = Field(
        description="Service to `yes` or `no`. A service that is absent was not reported, "
        "which is the same as null, and is not no."
    )
    source: SourceFile | None
    fact_sources: dict[str, OwnSource] = Field(
        description="Of facts from another source than the listing. `service:methadone` is one."
    )
    last_verified_on: str | None = Field(description="When somebody here last checked a fact.")


class FacilityList(Schema):
    """A part of the results, in the order of the page."""

    total: int
    results: list[FacilityRecord]
    next: str | None = Field(description="The `cursor` of the next request; null at the end.")
    counts: dict[str, dict[str, int]] | None = Field(
        default=None, description="Filter to choice to how many match with that choice added."
    )
    understood: dict[str, list[str]] | None = Field(
        default=None, description="The parameters that free words were read as."
    )


class FactSource(Schema):
    """Who says it, when and how."""

    kind: Literal["file", "check"]
    name: str | None = Field(description="Of a list: its source. null: we checked.")
    edition: str | None
    method: Literal["survey", "stated", "phone", "website", "document", "facility"] = Field(
        description="`survey`: the facility told SAMHSA. `stated`: a list says so. The others "
        "are how it was checked."
    )
    outcome: str | None
    date: str
    age_days: int
    freshness: Literal["new", "aging", "stale"] | None


class FactRecord(Schema):
    """One fact; its value is null where nobody reported it."""

    fact: str
    label: str
    value: Any = None
    text: str | None
    source: FactSource | None
    not_confirmed_on: str | None = Field(description="When a check could not confirm it.")
    disputed_on: str | None = Field(description="Since when the facility itself disputes it.")


class ServiceAnswer(Schema):
    """The answer to one service. null has a reason, and is not no."""

    service: str
    label: str
    answer: Reported | None
    reason: Literal["not_listed", "not_reported"] | None = Field(
        description="`not_listed`: it answered the question and did not name this."
    )
    source: FactSource | None
    not_confirmed_on: str | None
    disputed_on: str | None


class CredentialRecord(Schema):
    """A license, accreditation or certification. source: curator, or the list that states it."""

    kind: str
    issuer: str
    number: str | None
    scope: str | None
    issued_on: str | None
    expires_on: str | None
    is_current: bool
    proof_url: str | None
    seen_on: str | None
    source: str


class ConflictRecord(Schema):
    """A fact of which the newest file says something else than is shown."""

    fact: str
    shown_value: Any = None
    source_value: Any = None
    source: str
    edition: str


class HistoryEvent(Schema):
    """One thing that happened to one fact; without a fact, to the listing."""

    at: str
    kind: str
    fact: str | None
    before: Any = None
    after: Any = None
    text: str | None
    by: Literal["import", "curator", "facility"]
    method: str | None
    source: str | None
    edition: str | None


class SuccessorRecord(Schema):
    """The listing to read instead."""

    code: str
    url: str


class Tombstone(Schema):
    """What is left of a listing that is not in the list any more."""

    code: str
    uuid: str
    status: Literal["withdrawn", "hidden", "merged"]
    reason: str
    since: str | None
    successor: SuccessorRecord | None


class CompleteFacility(FacilityRecord):
    """Everything known of a facility. ``tombstone`` is there for a withdrawn one alone."""

    phone_warning: str | None
    availability: str | None
    facts: list[FactRecord]
    service_answers: list[ServiceAnswer]
    criteria: dict[str, Literal["shown", "partly", "absent", "not-reported"]]
    credentials: list[CredentialRecord]
    contradictions: list[str]
    conflicts: list[ConflictRecord]
    history: list[HistoryEvent]
    tombstone: Tombstone | None


class TranslatedText(Schema):
    """The same in both languages."""

    en: str
    es: str


class ServiceCategory(Schema):
    """A question of the survey, or one of our own."""

    code: str
    slug: str
    label: TranslatedText
    is_closed: bool = Field(
        description="Who lists something here has answered the whole question: what is left out "
        "is not listed, rather than not reported."
    )


class ServiceRecord(Schema):
    """One service of the taxonomy."""

    slug: str
    position: int
    name: str = Field(description="Its official name.")
    label: TranslatedText
    help: TranslatedText
    category: ServiceCategory
    criterion: str | None
    synonyms: list[str]
    denies: list[str] = Field(description="Services that are denied by offering this.")
    is_retired: bool


class ServiceList(Schema):
    """All services."""

    total: int
    results: list[ServiceRecord]
    next: None = None


class PlaceRecord(Schema):
    """A place. ``match`` is ``exact`` for what the words mean; others are offered."""

    code: str
    kind: Literal["zip", "city", "county", "state"]
    label: str = Field(description="A name that no other place has: send it as `place`.")
    state: str
    county_fips: str | None
    latitude: float | None
    longitude: float | None
    match: Literal["exact", "choice", "same_name", "spelling"]


class PlaceList(Schema):
    """Places that a text may mean, the best first."""

    total: int
    results: list[PlaceRecord]
    next: None = None


class ComparisonCell(Schema):
    """What one facility answers."""

    status: Literal["yes", "partly", "no", "not-listed", "not-reported", "free-text"]
    text: str
    offered: list[str]
    denied: list[str]


class ComparisonLine(Schema):
    """One question, with a cell for each facility in order."""

    title: str
    difference: Literal["differs", "open", "alike", "silent", "own"]
    cells: list[ComparisonCell]


class ComparisonSection(Schema):
    """Questions under one heading."""

    slug: str
    title: str
    rows: list[ComparisonLine]


class ComparisonAnswer(Schema):
    """Facilities side by side."""

    total: int
    results: list[FacilityRecord]
    groups: list[ComparisonSection]
    next: None = None


class ChangeRecord(Schema):
    """What one version of the data changed of one facility: names of facts, not their values."""

    revision: int
    at: str
    code: str
    uuid: str
    kind: Literal["added", "changed", "withdrawn", "hidden", "merged", "deleted"]
    fields: list[str]
    url: str | None = Field(description="Its page; null where it has none any more.")
    successor: str | None = Field(description="Code of the listing that it was merged into.")


class ChangeList(Schema):
    """Changes in the order in which they became visible."""

    total: int = Field(description="Changes in this answer.")
    results: list[ChangeRecord]
    next: str | None = Field(description="Ask again at once `since` this; null if this is all.")
    cursor: str = Field(description="Ask `since` this the next time.")


class ParameterProblem(Schema):
    """What is wrong with one parameter."""

    parameter: str
    detail: str


class ProblemDetails(Schema):
    """An error, as RFC 9457 defines it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ParameterProblem] | None = None
    choices: list[str] | None = Field(default=None, description="Places that may be meant.")
    snapshot: str | None = Field(default=None, description="Where to begin anew.")
