"""Going from page to page in a browser."""


def follow(locator) -> None:
    """Click what leads to another page, or another part of it, and wait until that is there."""
    with locator.page.expect_navigation():
        locator.click()
