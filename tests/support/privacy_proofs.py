"""Ties each sentence of the privacy page to the tests that prove it."""

import ast
from collections.abc import Iterator

from .source_tree import functions, modules


def proves(*slugs: str):
    """Mark a test as the proof of these sentences; ``proven`` finds the mark in the source."""

    def marked(test):
        return test

    return marked


def proven() -> Iterator[str]:
    """The slugs that stand over tests, in every module of tests."""
    for module in modules("tests"):
        for function in functions(module):
            if function.name.startswith("test_"):
                for mark in function.decorator_list:
                    yield from _slugs(mark)


def _slugs(mark: ast.expr) -> Iterator[str]:
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "proves":
        yield from (slug.value for slug in mark.args)
