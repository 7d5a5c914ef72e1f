"""What a website check found, in words. The database stores codes; words depend on the language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...models import WebsiteCheck


class WebsiteCheckDetailCode:
    """Codes that ``WebsiteCheck.detail`` may hold besides a status such as "404"."""

    SLOW, NAME, REFUSED, DROPPED = "slow", "name", "refused", "dropped"
    NOT_PUBLIC, ADDRESS, CIRCLE = "not_public", "address", "circle"
    ROBOTS, ROBOTS_SILENT, LATER = "robots", "robots_silent", "later"
    CERTIFICATE, TLS = "certificate", "tls"


DETAIL_SENTENCES = {
    WebsiteCheckDetailCode.SLOW: gettext_lazy("It did not answer in time."),
    WebsiteCheckDetailCode.NAME: gettext_lazy("Its name leads nowhere."),
    WebsiteCheckDetailCode.REFUSED: gettext_lazy("It refuses to be connected to."),
    WebsiteCheckDetailCode.DROPPED: gettext_lazy("It broke off before it answered."),
    WebsiteCheckDetailCode.NOT_PUBLIC: gettext_lazy(
        "It leads to a machine that is not on the public internet."
    ),
    WebsiteCheckDetailCode.ADDRESS: gettext_lazy("It leads to something that is no web address."),
    WebsiteCheckDetailCode.CIRCLE: gettext_lazy("It leads in a circle."),
    WebsiteCheckDetailCode.ROBOTS: gettext_lazy(
        "It asks robots to stay away, so it was not opened."
    ),
    WebsiteCheckDetailCode.ROBOTS_SILENT: gettext_lazy(
        "It failed to say whether robots may open it."
    ),
    WebsiteCheckDetailCode.LATER: gettext_lazy("It asked to be visited later."),
    WebsiteCheckDetailCode.CERTIFICATE: gettext_lazy(
        "Its certificate is not valid, so browsers warn of it."
    ),
    WebsiteCheckDetailCode.TLS: gettext_lazy("No secure connection to it could be made."),
}


def website_check_sentence(check: WebsiteCheck) -> str:
    if check.outcome == WebsiteCheck.Outcome.REACHABLE:
        return _("The website answers.")
    if check.outcome == WebsiteCheck.Outcome.MOVED:
        return _(
            "The website leads to another domain, %(address)s. Domains of closed facilities are"
            " bought up: make sure it is theirs."
        ) % {"address": check.redirects_to}
    if check.detail.isdigit():
        return _("The website answers with an error (%(status)s).") % {"status": check.detail}
    return str(DETAIL_SENTENCES.get(check.detail, _("What became of it could not be told.")))
