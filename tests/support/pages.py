"""Every page of the site in each of its states: its address, its status, what is sent to it.

Braces in an address stand for a record of ``tests/support/sample_site.py``. A page that is added to
the site joins this list: ``tests/browser/test_accessibility.py`` finds an address missing here.
"""

from dataclasses import dataclass, field

HOME_CARE = (
    "substance=opioids&dependence=mild&seizures=no&illness=no&mental=no&suicide=no&pregnant=no"
    "&minor=no&home=yes&company=yes&medication=no"
)
MANY = (
    "place=11206&within=50&sort=fit&substance=opioid-detox&setting=overnight-detox"
    "&setting=outpatient-detox&medication=buprenorphine&medication=methadone&payment=medicaid"
    "&payment=medicare&language=spanish"
)
GUIDES = (
    "after-detox", "center-or-home", "choosing-a-center", "for-families", "medications",
    "overdose-and-naloxone", "paying-and-getting-there", "tonight", "what-to-expect-in-detox",
    "who-treats-you",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page in one state. ``sent`` is what its form sends; then the answer to that is meant."""

    state: str
    route: str
    address: str
    status: int = 200
    sent: dict[str, str] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.state


PUBLIC = (
    Page("home", "home", "/"),
    Page("map: results", "map", "/map/?place=11206&within=50"),
    Page("map: errors", "map", "/map/?place=zzqqzz&page=abc", 400),
    Page("components: outside development", "styleguide", "/components/", 404),
    Page("search: all", "search", "/search/"),
    Page("search: results", "search", "/search/?place=11206&within=50"),
    Page("search: many filters", "search", f"/search/?{MANY}"),
    Page("search: nothing found", "search", "/search/?place=12207&within=5&language=greek"),
    Page("search: errors", "search", "/search/?place=11206&page=abc&within=3&substance=gold", 400),
    Page("search: several places", "search", "/search/?place=Springfield"),
    Page("search: misspelled", "search", "/search/?place=Austin%2C+TX&corrected=austn~austin"),
    Page("search: where", "search", "/search/?ask=where&medication=buprenorphine&ignored=dog"),
    Page("search: danger", "search", "/search/?ask=where&alert=a1"),
    Page("search: caution", "search", "/search/?place=11206&alert=a4&notice=hours&notice=jail"),
    Page(
        "search: look-alikes",
        "search",
        "/search/?ask=where&ignored=nalexone&corrected=nalexone~naloxone%7Cnaltrexone",
    ),
    Page("search: past the end", "search", "/search/?page=9", 404),
    Page("search: table", "search", "/search/?place=11206&within=50&view=table"),
    Page("search: start page", "search", "/search/?view=table&ask=where"),
    Page("search: a state", "search", "/search/?place=New+York+(state)&sort=name"),
    Page("facility: all there is to say", "facility", "/facility/{rich}/"),
    Page("facility: nearly nothing", "facility", "/facility/{bare}/"),
    Page("facility: withdrawn", "facility", "/facility/{withdrawn}/"),
    Page("facility: confidential", "facility", "/facility/{confidential}/"),
    Page("facility: hidden", "facility", "/facility/{hidden}/", 410),
    Page("facility: unknown", "facility", "/facility/nobody-aaaaaaaa/", 404),
    Page("history: long", "facility_history", "/facility/{rich}/history/"),
    Page("history: short", "facility_history", "/facility/{bare}/history/"),
    Page("report: empty", "report", "/facility/{rich}/report/"),
    Page("report: errors", "report", "/facility/{rich}/report/", 400, {"about": "other"}),
    Page("report: received", "report", "/facility/{rich}/report/", 200, {"about": "phone"}),
    Page("receipt: empty", "receipt", "/receipt/"),
    Page("receipt: unknown", "receipt", "/receipt/", 400, {"code": "XXXXXXXXXXXX"}),
    Page("receipt: found", "receipt", "/receipt/", 200, {"code": "{receipt}"}),
    Page("update: open", "self_service", "/update/?link={link}"),
    Page(
        "update: errors",
        "self_service",
        "/update/?link={link}",
        400,
        {"act": "today", "hours": "99"},
    ),
    Page("update: void", "self_service", "/update/?link=nothing", 410),
    Page("compare: nothing chosen", "compare", "/compare/", 400),
    Page("compare: two", "comparison", "/compare/{two}/"),
    Page("compare: five", "comparison", "/compare/{five}/"),
    Page("compare: a bad code", "comparison", "/compare/{rich_code},aaaaaaaa/", 404),
    Page("call sheet: nothing chosen", "call", "/call/", 400),
    Page("compare: all rows, from a search", "comparison", "/compare/{five}/?place=11206&all=1"),
    Page("call sheet", "call_sheet", "/call/{five}/"),
    Page(
        "call sheet: from a search",
        "call_sheet",
        "/call/{five}/?place=11206&payment=medicaid&keeps=keep-methadone&ignored=dog&questions=all",
    ),
    Page("handout: nothing chosen", "handout", "/handout/", 400),
    Page("handout", "handout_sheet", "/handout/{five}/"),
    Page("handout: large", "handout_sheet", "/handout/{five}/?large=1"),
    Page("emergency plan", "worksheet", "/worksheets/emergency-plan/"),
    Page("aftercare plan", "worksheet", "/worksheets/aftercare-plan/"),
    Page("choose: empty", "care_finder", "/choose/"),
    Page("choose: hospital", "care_finder", "/choose/?suicide=yes&mental=yes&medication=methadone"),
    Page("choose: overnight", "care_finder", "/choose/?substance=alcohol&substance=other&minor=no"),
    Page(
        "choose: outpatient",
        "care_finder",
        f"/choose/?{HOME_CARE.replace('minor=no', 'minor=yes')}",
    ),
    Page("choose: home", "care_finder", f"/choose/?{HOME_CARE}"),
    Page("choose: near", "care_finder", "/choose/?substance=opioids&age=teen&place=11206"),
    Page("choose: several places", "care_finder", "/choose/?danger=yes&place=Springfield"),
    Page("choose: expired", "care_finder", "/choose/?answer=nothing", 410),
    Page("guides", "guides", "/guides/"),
    *(Page(f"guide: {slug}", "guide", f"/guides/{slug}/") for slug in GUIDES),
    Page("how it works", "methodology", "/how-it-works/"),
    Page("quality", "quality", "/quality/"),
    Page("HSDS profile", "hsds_profile", "/api/hsds/profile/"),
    Page("open data", "data", "/data/"),
    Page("help now", "help_now", "/help-now/"),
    Page("privacy", "privacy", "/privacy/"),
    Page("clear: what is kept", "clear_device", "/clear/"),
    Page("clear: done", "clear_device", "/clear/", 200, {"clear": "yes"}),
    Page("no connection", "offline", "/offline/"),
    Page("accessibility", "accessibility", "/accessibility/"),
    Page("API", "api", "/api/"),
    Page("frame: form", "embed", "/embed/"),
    Page("frame: results", "embed", "/embed/?place=11206&theme=dark&accent=blue"),
    Page("frame: several places", "embed", "/embed/?place=Springfield"),
    Page("frame: errors", "embed", "/embed/?place=zzqqzz", 400),
    Page("frame: danger", "embed", "/embed/?ask=where&alert=a1"),
    Page("for webmasters", "webmasters", "/embed/webmasters/"),
    Page("area: list", "area", "/area/brooklyn-ny/"),
    Page("area: nothing listed", "area", "/area/loving-county-tx/"),
    Page("terms", "terms", "/terms/"),
    Page("not found", "", "/nowhere/", 404),
    Page("unreadable", "400", "/", 400),
    Page("form too old", "403", "/", 403),
    Page("failed", "500", "/", 500),
    Page("closed for a while", "503", "/", 503),
)
# Addresses that answer with no page of their own, and why.
NO_PAGES: dict[str, str] = {
    "search_preset": "leads to the search that a common need stands for",
    "map_points": "what the map page asks for: JSON",
    "service_worker": "a script that reads kept pages without a connection",
}

# A page of staff is shown to an administrator who showed both factors.
FACILITY = "/admin/facilities/facility/"
STAFF = (
    Page("log-in", "login", "/admin/login/"),
    Page("index", "index", "/admin/"),
    Page("facilities", "facilities_facility_changelist", FACILITY),
    Page("a facility", "facilities_facility_change", FACILITY + "{rich_id}/change/"),
    Page("sessions", "sessions", "/admin/sessions/"),
    Page("queue", "queue", "/admin/queue/"),
    Page("a call", "queue_call", "/admin/queue/{rich_code}/"),
    Page("reports", "facilities_report_changelist", "/admin/facilities/report/"),
    Page("a report", "facilities_report_change", "/admin/facilities/report/{report_id}/change/"),
)

# Every other address of the staff's site that shows a page of its own: looked at once.
ADMIN = "/admin/facilities/"
OTHER_STAFF = (
    Page("password", "password_change", "/admin/password_change/"),
    Page("backup codes", "backup_codes", "/admin/backup-codes/"),
    Page("a new facility", "facilities_facility_add", FACILITY + "add/"),
    Page("spreadsheet", "facilities_facility_import", FACILITY + "import/"),
    Page("conflicts", "facilities_conflict_changelist", ADMIN + "conflict/"),
    Page("audits", "facilities_audit_changelist", ADMIN + "audit/"),
    Page("a new audit", "facilities_audit_draw", ADMIN + "audit/draw/"),
    Page("proposals", "facilities_proposal_changelist", ADMIN + "proposal/"),
    Page("a proposal", "facilities_proposal_change", ADMIN + "proposal/{proposal_id}/change/"),
    Page("disputes", "facilities_dispute_changelist", ADMIN + "dispute/"),
    Page("a dispute", "facilities_dispute_change", ADMIN + "dispute/{dispute_id}/change/"),
    Page("update links", "facilities_updatelink_changelist", ADMIN + "updatelink/"),
    Page("an update link", "facilities_updatelink_change", ADMIN + "updatelink/{link_id}/change/"),
    Page("a new link", "facilities_updatelink_add", ADMIN + "updatelink/add/?facility={rich_code}"),
    Page("likely pairs", "facilities_likelypair_changelist", ADMIN + "likelypair/"),
    Page("two listings", "facilities_likelypair_compare",
         ADMIN + "likelypair/compare/?first={rich_code}&second={bare_code}"),
    Page("merges", "facilities_merge_changelist", ADMIN + "merge/"),
    Page("releases", "facilities_release_changelist", ADMIN + "release/"),
    Page("rows to place", "facilities_release_rows", ADMIN + "release/rows/"),
    Page("older rows", "facilities_release_older_rows", ADMIN + "release/rows/older/"),
    Page("a new release", "facilities_release_upload", ADMIN + "release/load/"),
    Page("undo a release", "facilities_release_undo", ADMIN + "release/undo/"),
    Page("publish", "facilities_release_publish", ADMIN + "release/publish/"),
    Page("credentials", "facilities_credential_changelist", ADMIN + "credential/"),
    Page("a new credential", "facilities_credential_add",
         ADMIN + "credential/add/?facility={rich_id}"),
    Page("jobs", "jobs", "/admin/jobs/"),
    Page("timers", "scheduled_runs", "/admin/jobs/timers/"),
    Page("recent changes", "facilities_verification_changelist", ADMIN + "verification/"),
    Page("people", "people", ADMIN + "verification/people/"),
    Page("differences", "federal_differences", "/admin/federal-differences/"),
    Page("organizations", "organizations", "/admin/organizations/"),
    Page("weights", "queue_weights", "/admin/queue/weights/"),
    Page("accounts", "auth_user_changelist", "/admin/auth/user/"),
    Page("a new account", "auth_user_add", "/admin/auth/user/add/"),
)  # fmt: skip
