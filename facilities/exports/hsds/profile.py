"""The profile: how a facility becomes objects of HSDS, and everything that deviates from it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class HsdsProfileEntry:
    """``subject``: the object or field of HSDS, the parameter, or the address."""

    subject: str
    words: str | Promise


MAPPING = (
    HsdsProfileEntry(
        "service",
        _(
            "One facility is one service: SAMHSA's facts are not told apart by setting. "
            "name is the operator's name, alternate_name the program's."
        ),
    ),
    HsdsProfileEntry(
        "service_at_location, location",
        _("Exactly one of each for a service. All three have the facility's identifier as id."),
    ),
    HsdsProfileEntry(
        "organization",
        _(
            "Facilities whose name is spelled the same have one organization. We guess no further: "
            "two organizations of one name are one here, and one under two spellings is two."
        ),
    ),
    HsdsProfileEntry(
        "organization.description",
        _("HSDS requires it. It says how many listed facilities bear the name, and where."),
    ),
    HsdsProfileEntry(
        "organization_identifiers",
        _("Numbers of current licenses, accreditations and certifications."),
    ),
    HsdsProfileEntry(
        "attribute.value",
        _(
            "yes or no. A service without an attribute is not reported, which is not no. "
            "taxonomy_term_id finds only what has yes."
        ),
    ),
    HsdsProfileEntry(
        "service.status",
        _(
            "active, or inactive where SAMHSA's newest list leaves the facility out: it may have "
            "closed. Lists hold active services alone."
        ),
    ),
    HsdsProfileEntry(
        "service.assured_date",
        _(
            "The day of the newest check by a person. What the facility told SAMHSA is never "
            "called checked."
        ),
    ),
    HsdsProfileEntry(
        "metadata",
        _(
            "The entry of field_name “source” names the list and edition that state the service; "
            "last_action_date is its day of publication. Each other entry is a check: "
            "last_action_type says what came of it and how it was made, as “corrected by phone”, "
            "updated_by who made it: curator or facility. Names of people are never given."
        ),
    ),
    HsdsProfileEntry(
        "service.eligibility_description",
        _("Begins with “Cannot be admitted:” and says whom the facility turns away."),
    ),
    HsdsProfileEntry(
        "service.application_process",
        _("What a referral needs."),
    ),
    HsdsProfileEntry(
        "phone.description",
        _("“Main number”, “Intake line” or “Fax”, then the number in letters, if any."),
    ),
    HsdsProfileEntry(
        "schedule",
        _(
            "Hours of the intake line, in the facility's own time, so without a time zone. "
            "Day and night is 00:00 to 23:59 on all days. Admission hours are text, in notes."
        ),
    ),
    HsdsProfileEntry(
        "service_capacity",
        _(
            "Only while a statement of the facility counts, hours at most: available is 1 where it "
            "says that it can take new people, 0 where it cannot. It is no number of beds."
        ),
    ),
    HsdsProfileEntry(
        "taxonomy, taxonomy_term",
        _(
            "One taxonomy: categories, and the services within them. code is permanent. name and "
            "description are English."
        ),
    ),
    HsdsProfileEntry(
        "service.last_modified",
        _("When anything of the facility last changed here."),
    ),
)
DEVIATIONS = (
    HsdsProfileEntry(
        "location.addresses",
        _(
            "None where the address is kept private, as shelters need. The location then gives "
            "city and state_province, and the center of the city."
        ),
    ),
    HsdsProfileEntry(
        "address.address_1",
        _("HSDS requires it. It is empty where the source states no street."),
    ),
    HsdsProfileEntry(
        "minimal",
        _("Returns id and modified_date alone, all on one page: fewer fields than HSDS requires."),
    ),
    HsdsProfileEntry(
        "postcode",
        _(
            "Services have no service_area. Alone it finds addresses with that ZIP code; with "
            "proximity, what lies within so many meters of its center."
        ),
    ),
    HsdsProfileEntry(
        "program, contact, funding, cost_option, required_document, service_area, accessibility",
        _("Not used: no source of ours states them in this form."),
    ),
    HsdsProfileEntry(
        "POST",
        _("Searches by POST also take their parameters as a form or as a JSON object."),
    ),
    HsdsProfileEntry(
        "400, 404, 410",
        _(
            "Errors are problem details (RFC 9457) that name the parameter. A hidden or merged "
            "record answers 410 with reason and successor."
        ),
    ),
)
ADDITIONS = (
    HsdsProfileEntry(
        "taxonomy_term_id",
        _("Also takes the code of a term, and several times: then all must hold."),
    ),
    HsdsProfileEntry(
        "place", _("A ZIP code, city, county or state, as in the search of the site.")
    ),
    HsdsProfileEntry(
        "lat, lon, within_miles", _("What lies within miles of a point, nearest first.")
    ),
    HsdsProfileEntry(
        "service_at_locations: postcode, proximity",
        _("Lists of services take these two as well."),
    ),
    HsdsProfileEntry(
        "location.position_origin",
        _("street, hand (set by a person), zip or city: the last two are centers, so approximate."),
    ),
    HsdsProfileEntry(
        "location.is_address_confidential, location.city, location.state_province",
        _("Only where the address is kept private."),
    ),
    HsdsProfileEntry("address.county_fips", _("The county's code of five digits.")),
    HsdsProfileEntry(
        "phone.extension_digits",
        _("The extension as text: a number has no leading zeros."),
    ),
    HsdsProfileEntry(
        "service.credentials",
        _(
            "Current licenses, accreditations and certifications: kind, issuer, number, scope, "
            "issued_on, expires_on, proof_url, and source and checked_on, who saw it and when."
        ),
    ),
    HsdsProfileEntry(
        "taxonomy_term.name_es, taxonomy_term.description_es",
        _("The same in Spanish."),
    ),
)
