"""The style sheet's colours: every ink may stand on every ground, in light and in dark."""

import re

import pytest

from ..support.real_data import ROOT

STYLE = ROOT / "facilities" / "static" / "facilities" / "site.css"


def tokens(scheme: str) -> dict[str, str]:
    """Name -> "#rrggbb" of each colour of a scheme."""
    text = STYLE.read_text()
    light, dark = text.split("@layer tokens {")[1].split("(prefers-color-scheme: dark)")
    part = light if scheme == "light" else dark.split("@layer base")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", part))


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
class TestColours:
    def test_contrast_is_worked_out_as_wcag_does(self, scheme):
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

    def test_each_ink_reads_on_each_ground(self, scheme):
        colours = tokens(scheme)
        inks = [name for name in colours if name.startswith("ink")]
        grounds = [name for name in colours if name.startswith("ground")]

        pairs = {(i, g): contrast(colours[i], colours[g]) for i in inks for g in grounds}

        assert len(pairs) == 6 * 6
        assert {pair for pair, found in pairs.items() if found < 4.5} == set()

    def test_facts_and_their_dates_read_without_effort(self, scheme):
        colours = tokens(scheme)
        grounds = [colour for name, colour in colours.items() if name.startswith("ground")]

        assert min(contrast(colours["ink"], ground) for ground in grounds) >= 7
        assert contrast(colours["ink-soft"], colours["ground-card"]) >= 7

    def test_words_read_on_buttons_and_bars(self, scheme):
        colours = tokens(scheme)
        on = {name: name.removeprefix("on-") for name in colours if name.startswith("on-")}

        assert set(on) == {"on-action", "on-action-hover", "on-night"}
        assert all(contrast(colours[name], colours[ground]) >= 7 for name, ground in on.items())

    def test_frames_of_fields_and_focus_are_seen(self, scheme):
        colours = tokens(scheme)
        grounds = [colour for name, colour in colours.items() if name.startswith("ground")]

        for name in ("line-control", "focus"):
            assert min(contrast(colours[name], ground) for ground in grounds) >= 3

    def test_no_rule_uses_a_colour_of_its_own(self, scheme):
        rules = STYLE.read_text().split("@layer base {")[1].split("@layer print {")[0]

        assert re.findall(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(", rules) == []
