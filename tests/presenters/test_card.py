"""Cards: their lines are in the language that is asked for, whichever is active."""

import pytest
from django.utils.translation import override

from facilities.presenters import card
from facilities.taxonomy import ServiceSet, service_set


@pytest.mark.parametrize(
    ("line", "offered", "spanish"),
    [
        (card.detox, service_set("residential-detox alcohol-detox"), "con estancia"),
        (card.payment, ServiceSet(), "sin datos"),
        (card.medications, ServiceSet(), "sin datos"),
    ],
    ids=["detox", "payment", "medications"],
)
def test_a_line_is_in_its_language_while_another_is_active(line, offered, spanish):
    with override("en"):
        assert line(offered, "es").startswith(spanish)
        assert not line(offered, "en").startswith(spanish)
