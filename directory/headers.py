"""The response headers that Django and django-csp do not set."""

from django.http import HttpRequest, HttpResponse

ALLOWED_FOR_US = ("geolocation",)
ALLOWED_FOR_NOBODY = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(
    [f"{feature}=(self)" for feature in ALLOWED_FOR_US]
    + [f"{feature}=()" for feature in ALLOWED_FOR_NOBODY]
)


def permissions_policy(get_response):
    """Middleware: the browser may tell us where the visitor is, if asked; nothing else."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        return response

    return respond
