"""Turns the us-atlas topology of counties into our files: one to draw from, others for browsers.

Each point has a weight: the area of the triangle with its neighbors at the moment when it is the
least important point left in its line (Visvalingam and Whyatt, 1993). A small drawing leaves out
light points. A line that two shapes share is stored once, so their edges always meet.
"""

import heapq
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MILES_PER_DEGREE = 69.0934  # of latitude
WEIGHT_STEPS = 8  # for each doubling
LEAST_AREA = 1e-4  # square miles; the weight 1
HEAVIEST = 255  # ends of lines: never left out
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"

Line = NDArray[np.int64]  # (n, 2): steps of the topology's grid, east and north


def build_shapes(topology: dict, drawing: Path, browser: Path) -> None:
    """Write packed arrays for the server to ``drawing``, a file for each state to ``browser``."""
    lines = [np.cumsum(np.array(arc), axis=0) for arc in topology["arcs"]]
    _write_arrays(topology, lines, drawing)
    _write_states(topology, lines, browser)


def _write_arrays(topology: dict, lines: list[Line], path: Path) -> None:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    weights = [point_weights(line * scale + shift) for line in lines]
    steps = [np.diff(line, axis=0, prepend=line[:1]) for line in lines]
    states, counties = _rings(topology, "states"), _rings(topology, "counties")
    np.savez_compressed(
        path,
        scale=np.array(scale),
        shift=np.array(shift),
        starts=np.array([line[0] for line in lines], np.int32),
        steps=np.concatenate(steps).astype(np.int32),
        weights=np.concatenate(weights),
        lengths=np.array([len(line) for line in lines], np.int32),
        between=np.array(_between(topology), np.int32),
        between_of=np.array([*_state_of_lines(topology).values()], np.int32),
        **_flat("state", states),
        **_flat("county", counties),
    )


def _flat(name: str, rings: list[tuple[int, list[int]]]) -> dict[str, NDArray]:
    return {
        f"{name}_of": np.array([fips for fips, _ in rings], np.int32),
        f"{name}_lengths": np.array([len(ring) for _, ring in rings], np.int32),
        f"{name}_lines": np.array([line for _, ring in rings for line in ring], np.int32),
    }


def _rings(topology: dict, name: str) -> list[tuple[int, list[int]]]:
    """Return (FIPS code, line numbers in turn) of each ring; ~n is line n backwards."""
    return [
        (int(shape["id"]), ring)
        for shape in topology["objects"][name]["geometries"]
        for ring in _rings_of(shape)
    ]


def _rings_of(shape: dict) -> Iterator[list[int]]:
    for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
        yield from polygon


def _between(topology: dict) -> list[int]:
    """Return the lines between two counties of one state. All others are on a state's outline."""
    outer = {
        line if line >= 0 else ~line for _, ring in _rings(topology, "states") for line in ring
    }
    return sorted(set(range(len(topology["arcs"]))) - outer)


def _state_of_lines(topology: dict) -> dict[int, int]:
    """Return line between two counties -> FIPS code of their state, in the order of lines."""
    found = dict.fromkeys(_between(topology), 0)
    for fips, ring in _rings(topology, "counties"):
        for line in ring:
            number = line if line >= 0 else ~line
            if number in found:
                found[number] = fips // 1000
    return found


def point_weights(degrees: NDArray[np.float64]) -> NDArray[np.uint8]:
    narrowing = math.cos(math.radians(float(degrees[:, 1].mean())))
    miles = (degrees * (MILES_PER_DEGREE * narrowing, MILES_PER_DEGREE)).tolist()
    areas = [math.inf, *_effective_areas(miles), math.inf]
    return np.array([_weight(area) for area in areas], np.uint8)


def _weight(area: float) -> int:
    if math.isinf(area):
        return HEAVIEST
    return max(1, min(HEAVIEST - 1, 1 + round(WEIGHT_STEPS * math.log2(area / LEAST_AREA + 1e-9))))


def _effective_areas(points: list) -> list[float]:
    """Return an area for every point but the first and last.

    The area of a point is never less than that of a point left out before it, so that points can
    be left out by one threshold.
    """
    before, after = [*range(-1, len(points) - 1)], [*range(1, len(points) + 1)]
    area = [0.0, *(_triangle(points, n - 1, n, n + 1) for n in range(1, len(points) - 1)), 0.0]
    waiting = [(area[n], n) for n in range(1, len(points) - 1)]
    heapq.heapify(waiting)
    done, least = set(), 0.0
    while waiting:
        found, number = heapq.heappop(waiting)
        if number in done or found != area[number]:
            continue  # an entry from before a neighbor was left out
        done.add(number)
        least = area[number] = max(least, found)
        left, right = before[number], after[number]
        after[left], before[right] = right, left
        for other in (left, right):
            if 0 < other < len(points) - 1:
                area[other] = _triangle(points, before[other], other, after[other])
                heapq.heappush(waiting, (area[other], other))
    return area[1:-1]


def _triangle(points: list, a: int, b: int, c: int) -> float:
    (ax, ay), (bx, by), (cx, cy) = points[a], points[b], points[c]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def _write_states(topology: dict, lines: list[Line], folder: Path) -> None:
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    rings, borders = {}, {}
    for fips, ring in _rings(topology, "states"):
        rings.setdefault(fips, []).append(ring)
    for line, fips in _state_of_lines(topology).items():
        borders.setdefault(fips, set()).add(line)
    for fips, own in rings.items():
        content = {"scale": scale, "shift": shift} | _numbered_anew(
            own, borders.get(fips, set()), lines
        )
        path = folder / f"{fips:02}.json"
        path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


def _numbered_anew(rings: list[list[int]], between: set[int], lines: list[Line]) -> dict:
    used = sorted({n if n >= 0 else ~n for ring in rings for n in ring} | between)
    place = {line: number for number, line in enumerate(used)}
    return {
        "lines": [encode_shapes(lines[line]) for line in used],
        "rings": [[place[n] if n >= 0 else ~place[~n] for n in ring] for ring in rings],
        "between": [place[line] for line in sorted(between)],
    }


def encode_shapes(line: Line) -> str:
    """Return a line as text: its first point, then the steps from point to point.

    Each number is written in base 32, the last digit first; all digits but its last are taken
    from the upper half of DIGITS. The sign is the lowest bit.
    """
    steps = np.diff(line, axis=0, prepend=np.zeros((1, 2), line.dtype))
    return "".join(_number(value) for value in steps.ravel().tolist())


def _number(value: int) -> str:
    rest, text = value << 1 if value >= 0 else (-value << 1) | 1, ""
    while rest >= 32:
        text += DIGITS[32 + (rest & 31)]
        rest >>= 5
    return text + DIGITS[rest]
