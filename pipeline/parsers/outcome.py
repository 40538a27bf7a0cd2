"""What a parser hands back: its ledger, and why it gave up if it did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pipeline.ledger import Ledger
from pipeline.model import Problem
from pipeline.roles import Role, title_case


class Outcome(NamedTuple):
    """The result of one parser on one page."""

    ledger: Ledger
    problem: Problem | None = None
    updated_on: date | None = None


def state_names(ledger: Ledger, roles: Iterable[Role]) -> None:
    """State each role's name, and its plural where the page shows it."""
    for role in roles:
        ledger.state_fact("roles", role, "name", *role.name_span, text=role.name)
        if role.plural:
            ledger.state_fact("roles", role, "name_plural", *role.span["plural"], text=title_case(role.plural))
        ledger.names += [name for name in (role.singular, role.plural, role.heading) if name]
