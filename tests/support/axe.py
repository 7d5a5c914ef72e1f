"""axe-core, which looks at a page in a browser for what keeps people out."""

from pathlib import Path

import axe_playwright_python

SCRIPT = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# The rules of these tags read no style sheets, which axe would ask for once more before it looks.
LOOK = """async ([part, tags]) => {
  const found = await axe.run(part, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
    preload: { assets: ["media"] },
  });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}"""


def violations(window, part: str = "html") -> list[str]:
    """What axe finds wrong in this part of the page, a selector."""
    if not window.evaluate("'axe' in window"):
        window.evaluate(SCRIPT)
    return window.evaluate(LOOK, [part, TAGS])
