"""Examples in docstrings say what the code does."""

import doctest
from importlib import import_module

import pytest

from ..support.source_tree import modules

WITH_EXAMPLES = [
    module.name for module in modules("facilities", "directory") if "\n    >>> " in module.text
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_hold(name):
    results = doctest.testmod(import_module(name))

    assert results.attempted
    assert not results.failed
