"""Locators drawn on the server: county shapes, towns, rings in miles and numbered dots, as SVG."""
