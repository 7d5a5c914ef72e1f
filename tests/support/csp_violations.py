"""What a browser refuses or stumbles over on a page under the site's content security policy."""

from urllib.parse import urlsplit


def breaches(page) -> list[str]:
    """A list that fills, from now on, with each refusal, script error and foreign request.

    Open pages after calling it, and compare it with [] at the end.
    """
    found = []

    def about_console(message) -> None:
        if message.location["url"] == page.url and "Failed to load" in message.text:
            return  # the status of the page itself
        if message.type == "error" or "Content Security Policy" in message.text:
            found.append(f"{page.url}: {message.text}")

    def about_request(request) -> None:
        address = urlsplit(request.url)
        if address.hostname not in ("127.0.0.1", "localhost") and address.scheme != "data":
            found.append(f"{page.url}: asked {request.url}")

    page.on("console", about_console)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on("request", about_request)
    return found
