"""Draws which packages import which, as Mermaid text in docs/development.md.

Run ``make imports``, or ``python -m tests.support.picture_of_imports``.
"""

import re

from ..conventions.test_layers import APP, LAYERS, own_imports, package_of
from .real_data import ROOT

PAGE = ROOT / "docs" / "development.md"
BLOCK = re.compile(r"(?<=<!-- imports -->\n).*?(?=<!-- /imports -->)", re.DOTALL)


def package_imports() -> dict[str, set[str]]:
    """Package -> the packages it imports, leaving out those that others among them import."""
    direct: dict[str, set[str]] = {}
    for module in APP:
        if package := package_of(module.name):
            others = {package_of(name) for name in own_imports(module)} - {package, ""}
            direct.setdefault(package, set()).update(others)
    return {
        package: {one for one in found if not any(one in reach(direct, via) for via in found)}
        for package, found in direct.items()
    }


def reach(direct: dict[str, set[str]], start: str) -> set[str]:
    """Every package that ``start`` imports, directly or through others."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for package in direct.get(waiting.pop(), set()) - reached:
            reached.add(package)
            waiting.append(package)
    return reached


def as_mermaid() -> str:
    """The picture, with a frame around each line of the layers."""
    imports = package_imports()
    lines = ["```mermaid", "flowchart TD"]
    for number, packages in enumerate(LAYERS):
        if present := [package for package in packages if package in imports]:
            lines += [f'  subgraph line{number}[" "]', "    direction LR"]
            lines += [f"    {package}" for package in present]
            lines += ["  end"]
    lines += [
        f"  {package} --> {other}"
        for package in sorted(imports)
        for other in sorted(imports[package])
    ]
    return "\n".join([*lines, "```", ""])


if __name__ == "__main__":
    PAGE.write_text(BLOCK.sub(lambda _: as_mermaid(), PAGE.read_text()))
