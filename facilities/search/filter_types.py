"""What a filter is: options in groups, each with a predicate and with its place on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from ..rules.predicates import EVERY_FACILITY, AllOf, AnyOf, EitherOf, Predicate
from ..taxonomy import VOCABULARY, ServiceSet


class MatchMode(Enum):
    """How the chosen options of one group go together."""

    ANY = "any"
    ALL = "all"
    PREFER = "prefer"  # filters nothing: facilities that meet the choices are listed first


@dataclass(frozen=True, eq=False)
class FilterOption:
    """One checkbox: keeps the facilities of which ``predicate`` is true.

    Its label and help are those of the service ``label_service``, else of the service with this
    slug, unless it has its own.
    """

    slug: str
    predicate: Predicate
    label_service: str = ""
    own_label: str = ""
    own_help: str = ""
    # A search with this option is about opioids: maintenance medication leads the best fit.
    is_about_opioids: bool = False
    # Detox itself, for which starting medication may be offered instead.
    is_detox: bool = False
    # Needs the person to be there, so that no therapy by phone is suggested in its place.
    needs_presence: bool = False
    # False for what cards say anyway; else the card says that the facility has it.
    is_on_card: bool = True
    # False for what no suggestion takes off: it would not fit the person.
    can_be_relaxed: bool = True

    def label(self, language: str) -> str:
        return str(self.own_label) or VOCABULARY[self.label_service or self.slug].label(language)

    def help(self, language: str) -> str:
        if self.own_label:
            return str(self.own_help)
        return VOCABULARY[self.label_service or self.slug].help(language)


def service_option(slug: str, **attributes) -> FilterOption:
    return FilterOption(slug, AnyOf(ServiceSet.of(slug)), **attributes)


@dataclass(frozen=True, eq=False)
class FilterGroup:
    """Options under one heading; ``name`` is their parameter in the address of a search.

    ``primary`` options are shown first, ``secondary`` ones behind "More choices".
    """

    name: str
    heading: str
    mode: MatchMode
    primary: tuple[FilterOption, ...]
    secondary: tuple[FilterOption, ...] = ()
    # Always open where the page is wide; the others wait behind their headings.
    is_open: bool = False
    # False for a group that only words in the box choose: the page lists it once it is chosen.
    is_listed: bool = True
    # False for a group of which cards say everything anyway.
    is_on_card: bool = True
    # False for a group that no suggestion takes off.
    can_be_relaxed: bool = True
    # What a suggestion says that takes off a choice of this group.
    relaxed_label: str = _("Without “%(choice)s”")

    @cached_property
    def options(self) -> dict[str, FilterOption]:
        return {option.slug: option for option in (*self.primary, *self.secondary)}

    @property
    def takes_all(self) -> bool:
        return self.mode is MatchMode.ALL

    def predicate(self, chosen: Sequence[str]) -> Predicate:
        """Return what a facility must meet; every facility meets an empty choice."""
        if not chosen or self.mode is MatchMode.PREFER:
            return EVERY_FACILITY
        predicates = tuple(self.options[slug].predicate for slug in chosen)
        return AllOf(predicates) if self.takes_all else EitherOf(predicates)
