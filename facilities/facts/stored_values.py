"""Values as the database stores them in verifications, proposals and the status of a facility."""

OFFERED, DENIED = "offered", "denied"  # of a service; None is not reported
LISTED, WITHDRAWN, HIDDEN, DRAFT = "listed", "withdrawn", "hidden", "draft"
STATUSES = (LISTED, WITHDRAWN, HIDDEN, DRAFT)
UNCONFIRMED = "not_confirmed"  # the outcome of a check
CORRECTED = "corrected"
