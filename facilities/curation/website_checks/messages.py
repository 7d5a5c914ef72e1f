"""What a website check found, in words for curators. Kept are codes: the words follow language."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...models import WebsiteCheck


class Detail:
    """Codes that ``WebsiteCheck.detail`` may hold besides a status such as "404"."""

    SLOW, NAME, REFUSED, DROPPED = "slow", "name", "refused", "dropped"
    NOT_PUBLIC, ADDRESS, CIRCLE = "not_public", "address", "circle"
    ROBOTS, ROBOTS_SILENT, LATER = "robots", "robots_silent", "later"
    CERTIFICATE, TLS = "certificate", "tls"


SENTENCES = {
    Detail.SLOW: gettext_lazy("It did not answer in time."),
    Detail.NAME: gettext_lazy("Its name leads nowhere."),
    Detail.REFUSED: gettext_lazy("It refuses to be connected to."),
    Detail.DROPPED: gettext_lazy("It broke off before it answered."),
    Detail.NOT_PUBLIC: gettext_lazy("It leads to a machine that is not on the public internet."),
    Detail.ADDRESS: gettext_lazy("It leads to something that is no web address."),
    Detail.CIRCLE: gettext_lazy("It leads in a circle."),
    Detail.ROBOTS: gettext_lazy("It asks robots to stay away, so it was not opened."),
    Detail.ROBOTS_SILENT: gettext_lazy("It failed to say whether robots may open it."),
    Detail.LATER: gettext_lazy("It asked to be visited later."),
    Detail.CERTIFICATE: gettext_lazy("Its certificate is not valid, so browsers warn of it."),
    Detail.TLS: gettext_lazy("No secure connection to it could be made."),
}


def sentence(check: WebsiteCheck) -> str:
    """What a check found, for the page of a curator."""
    if check.outcome == WebsiteCheck.Outcome.REACHABLE:
        return _("The website answers.")
    if check.outcome == WebsiteCheck.Outcome.MOVED:
        return _(
            "The website leads to another domain, %(address)s. Domains of closed facilities are"
            " bought up: make sure it is theirs."
        ) % {"address": check.redirects_to}
    if check.detail.isdigit():
        return _("The website answers with an error (%(status)s).") % {"status": check.detail}
    return str(SENTENCES.get(check.detail, _("What became of it could not be told.")))
