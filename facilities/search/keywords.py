"""The free-text box: a facility's name, or a service by any of its names."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.db.models import Q

from ..models.lookups import offers_any
from ..taxonomy import VOCABULARY, ServiceSet
from ..text_normalization import normalize
from .facility_arrays import FacilityArrays, Mask

IDLE = "a an and the of for in near at to with de del la el los las y en"
STOP_WORDS = frozenset(IDLE.split(" "))


@dataclass(frozen=True)
class Keywords:
    """Words to find. The whole text may name a service; else each word must be found."""

    text: str

    @cached_property
    def services(self) -> ServiceSet:
        """What the whole text names: "suboxone" names buprenorphine."""
        return ServiceSet.of(*VOCABULARY.services_for_term(self.text))

    @cached_property
    def words(self) -> tuple[tuple[str, ServiceSet], ...]:
        """Each word, folded, with the services that it names by itself."""
        folded = [word for word in normalize(self.text).split() if word not in STOP_WORDS]
        return tuple((word, ServiceSet.of(*VOCABULARY.services_for_term(word))) for word in folded)

    def q(self) -> Q:
        if not self.words:
            return Q()
        every = Q()
        for word, services in self.words:
            found = Q(name_key__contains=word)
            every &= (found | offers_any(services)) if services else found
        return (every | offers_any(self.services)) if self.services else every

    def keep(self, rows: FacilityArrays) -> Mask:
        if not self.words:
            return rows.all_true
        every = rows.all_true
        for word, services in self.words:
            found = np.fromiter((word in key for key in rows.name_keys), bool, len(rows))
            every = every & (found | rows.offering_any(services))
        return every | rows.offering_any(self.services)
