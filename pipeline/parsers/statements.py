"""Turns the clauses of a paragraph into facts about the roles of the page.

The subject decides: a hole of a role must name a role that the page has introduced, else the clause says something that we do
not understand and stays unparsed. "They" is the paragraph's peer, or whoever the paragraph named as subject before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.ledger import Ledger
from pipeline.model import Reading
from pipeline.roles import Role, RoleBook, slug, title_case
from pipeline.sentences import ClauseMatch, Statement
from pipeline.skill_lists import bare_list, quoted_list, trimmed
from pipeline.tables import METRIC_UNITS

_SIGNS = {"higher": 1.0, "more": 1.0, "greater": 1.0, "lower": -1.0, "less": -1.0, "fewer": -1.0}
_MIRRORED = {
    "higher": "lower",
    "lower": "higher",
    "more": "less",
    "less": "more",
    "greater": "fewer",
    "fewer": "greater",
}
# What may stand between the start of a sentence and its subject.
_CONNECTIVES = frozenset(
    "but and while whereas meanwhile that where additionally however also then since because when so as".split()
)
_COMPARE_UNITS = {"salary_yearly": "USD/year"}
_EXPLICIT_SUBJECT = re.compile(r"(?P<subject>.+?) (?:are|is)(?: (?:about|roughly|around))?\s*$")


class Statements:
    """States the facts of clause matches; knows the page's roles and the peer that is being talked about."""

    def __init__(self, ledger: Ledger, book: RoleBook, page_role: Role | None) -> None:
        self.ledger = ledger
        self.text = ledger.text
        self.book = book
        self.page_role = page_role
        self.peer: Role | None = None
        self._subject: Role | None = None
        self._soft_rank = 0
        self._block = 0

    # --- a paragraph -----------------------------------------------------------------------------------------------

    def state(self, block: int, matches: Sequence[ClauseMatch]) -> bool:
        """State the facts of one block; False when no clause could be understood."""
        roles = [(match, self._roles_of(match)) for match in matches]
        understood = [(match, named) for match, named in roles if named is not None]
        if any(named is None and _names_a_peer(match) for match, named in roles):
            # The paragraph is about a role that we cannot name; it is not about the peer of the paragraph before.
            self.peer = None
        if not understood:
            return False
        self._meet_peer(understood)
        self._subject = None
        self._block = block
        for match, named in understood:
            for statement in match.clause.statements:
                self._state(statement, match, named)
        self.ledger.took(block)
        self.ledger.leave_unclaimed(block, [match.match.span() for match, _ in understood])
        return True

    def _meet_peer(self, understood: Sequence[tuple[ClauseMatch, dict[str, list[Role]]]]) -> None:
        if self.page_role is None:
            return
        peers = [
            role for _, named in understood for roles in named.values() for role in roles if role is not self.page_role
        ]
        if peers:
            self.peer = peers[0]

    # --- who is meant ----------------------------------------------------------------------------------------------

    def _roles_of(self, hit: ClauseMatch) -> dict[str, list[Role]] | None:
        """The roles in the clause's holes by hole name; None when one of them is not a role that may stand there."""
        named: dict[str, list[Role]] = {}
        opens = hit.clause.opens_with_role
        for hole in hit.clause.template.holes:
            if hole.type in ("pair", "pairs"):
                roles = self._pair(hit.match[hole.name])
            elif hole.type in ("role", "roles", "peer", "peers", "who"):
                role = self._named(hit.match[hole.name], hit.match.end(hole.name), opens=opens)
                roles = [role] if role is not None and self._may_stand(role, hole.type) else []
            else:
                continue
            opens = False
            if not roles:
                return None
            named[hole.name] = roles
        return named

    def _may_stand(self, role: Role, type_: str) -> bool:
        if self.page_role is None or type_ == "who":
            return True
        return (role is self.page_role) == (type_ in ("role", "roles"))

    def _named(self, words: str, end: int, *, opens: bool) -> Role | None:
        """The role that `words`, which end at `end`, name; where they open a sentence, behind a lead-in if need be."""
        role = self.book.find(words)
        if role is None and opens:
            words = self._without_lead_in(words)
            role = self.book.find(words)
        if role is not None:
            # A sentence's subject may show the number that headings do not (seed 002's peers).
            self.book.learn_other_number(role, end - len(words), end)
        return role

    def _without_lead_in(self, words: str) -> str:
        """The role that ends `words` behind "Additionally, " or "resumes showed us that "; the longest name wins."""
        at = words.find(" ")
        while at != -1:
            lead = words[:at]
            if lead.endswith((",", ":", ";")) or lead.rpartition(" ")[2].lower() in _CONNECTIVES:
                rest = words[at + 1 :]
                if self.book.find(rest) is not None:
                    return rest
            at = words.find(" ", at + 1)
        return words

    def _pair(self, words: str) -> list[Role]:
        """The two roles of "A and B", where A or B may hold "and" as well."""
        pairs: list[list[Role]] = []
        at = words.find(" and ")
        while at != -1:
            first, second = self.book.find(words[:at]), self.book.find(words[at + 5 :])
            if first is not None and second is not None and first is not second:
                pairs.append([first, second])
            at = words.find(" and ", at + 1)
        return pairs[0] if len(pairs) == 1 else []

    def _who(self, name: str, hit: ClauseMatch, named: dict[str, list[Role]]) -> list[Role]:
        if name in named:
            return named[name]
        if name == "page":
            return [self.page_role] if self.page_role else []
        if name == "peer":
            return [self.peer] if self.peer else []
        if name == "subject":
            subject = self._sentence_subject(hit)
            return [subject] if subject else []
        return []

    def _sentence_subject(self, hit: ClauseMatch) -> Role | None:
        """Who "are 0.3% less likely": named in the sentence, or carried on from the clause before, or the peer."""
        before = _EXPLICIT_SUBJECT.fullmatch(self.text[hit.sentence : hit.match.start()])
        if before:
            subject = self.book.find(self._without_lead_in(before["subject"])) or self.book.find(before["subject"])
            if subject:
                self._subject = subject
        return self._subject or self.peer

    def _other(self, statement: Statement, role: Role, hit: ClauseMatch, named: dict[str, list[Role]]) -> Role | None:
        if statement.other:
            others = self._who(statement.other, hit, named)
            return others[0] if others else None
        return self.peer if role is self.page_role else self.page_role

    # --- what is stated --------------------------------------------------------------------------------------------

    def _state(self, statement: Statement, hit: ClauseMatch, named: dict[str, list[Role]]) -> None:
        if statement.kind == "example":
            self._attach_example(hit.match.span(statement.field))
            return
        for role in self._who(statement.role, hit, named):
            if statement.kind == "metric":
                self._state_metric(statement, hit, role)
            elif statement.kind == "skill":
                self._state_skills(statement, hit, role, named)
            else:
                self._state_difference(statement, hit, role, self._other(statement, role, hit, named))

    def _state_metric(self, statement: Statement, hit: ClauseMatch, role: Role) -> None:
        match = hit.match
        if statement.field == "time_to_become":
            factor = 12.0 if match[f"{statement.value}_unit"] == "years" else 1.0
            for end in ("low", "high"):
                hole = f"{statement.value}_{end}"
                self._metric(role, f"time_to_become_{end}", match.span(hole), value=float(match[hole]) * factor)
        elif statement.text:
            self._metric(role, statement.field, match.span(statement.text), text=title_case(match[statement.text]))
        else:
            category = title_case(match[statement.category]) if statement.category else ""
            value = _amount(match[statement.value])
            self._metric(role, statement.field, match.span(statement.value), value=value, category=category)

    def _metric(
        self,
        role: Role,
        metric: str,
        span: tuple[int, int],
        *,
        value: float | None = None,
        text: str | None = None,
        category: str = "",
    ) -> None:
        self.ledger.state_fact(
            "metrics", role, metric, *span, category=category, value=value, text=text, unit=METRIC_UNITS[metric]
        )

    def _state_difference(self, statement: Statement, hit: ClauseMatch, role: Role, other: Role | None) -> None:
        """A difference is stated from both sides: the subject's, and mirrored the other's."""
        if other is None or other is role:
            return
        match = hit.match
        word = match[statement.sign]
        sign = _SIGNS[word]
        value = _amount(match[statement.value]) * sign if statement.value else None
        span = match.span(statement.value or statement.sign)
        unit = _COMPARE_UNITS.get(statement.field, "percent")
        for one, two, factor, said in ((role, other, 1.0, word), (other, role, -1.0, _MIRRORED[word])):
            self.ledger.state_fact(
                "comparisons", one, statement.field, *span, other=two, unit=unit,
                value=None if value is None else value * factor, text=said if value is None else None,
            )  # fmt: skip

    # --- skills ----------------------------------------------------------------------------------------------------

    def _state_skills(self, statement: Statement, hit: ClauseMatch, role: Role, named: dict[str, list[Role]]) -> None:
        if statement.text:
            self._soft_rank += 1
            span = trimmed(self.text, *hit.match.span(statement.text))
            self._skill(statement.field, role, None, span, self._soft_rank)
            return
        other = self._other(statement, role, hit, named) if statement.field in ("shared", "distinctive") else None
        if statement.field in ("shared", "distinctive") and (other is None or other is role):
            return
        share = _amount(hit.match[statement.share]) if statement.share else None
        pairs = [(role, other), (other, role)] if statement.field == "shared" and other else [(role, other)]
        for one, two in pairs:
            self._list_skills(statement, hit, one, two, share)

    def _list_skills(
        self, statement: Statement, hit: ClauseMatch, role: Role, other: Role | None, share: float | None
    ) -> None:
        start, end = hit.match.span(statement.skills)
        if not statement.length:
            for rank, span in enumerate(quoted_list(self.text, start, end), 1):
                self._skill(statement.field, role, other, span, rank, share if rank == 1 else None)
            return
        readings = bare_list(self.text, start, end, statement.length)
        if len(readings) > 1:
            readings = self._known_skills(readings)
        if len(readings) == 1:
            for rank, span in enumerate(readings[0], 1):
                self._skill(statement.field, role, other, span, rank, share if rank == 1 else None)
        elif readings:
            self._open_skills(statement, role, other, (start, end), readings)
        else:
            self.ledger.leave(self._block, "a list of skills of another length than its sentence says", start, end)

    def _known_skills(self, readings: list[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
        """The readings whose every item the page lists elsewhere, if there are any."""
        known = {slug(fact.text) for fact in self.ledger.facts if fact.table == "skills" and fact.text}
        fixed = [reading for reading in readings if all(slug(self.text[s:e]) in known for s, e in reading)]
        return fixed or readings

    def _open_skills(
        self,
        statement: Statement,
        role: Role,
        other: Role | None,
        run: tuple[int, int],
        readings: list[list[tuple[int, int]]],
    ) -> None:
        for rank in range(1, statement.length + 1):
            options = tuple(Reading(None, self.text[s:e], s, e) for s, e in (reading[rank - 1] for reading in readings))
            self.ledger.state_fact(
                "skills", role, statement.field, *run, other=other, rank=rank, readings=options,
                confidence=1.0 / max(1, len(options)),
            )  # fmt: skip

    def _skill(
        self,
        relation: str,
        role: Role,
        other: Role | None,
        span: tuple[int, int],
        rank: int,
        share: float | None = None,
    ) -> None:
        self.ledger.state_fact(
            "skills", role, relation, *span, other=other, value=share, text=self.text[span[0] : span[1]],
            unit="percent" if share is not None else "", rank=rank,
        )  # fmt: skip

    def _attach_example(self, span: tuple[int, int]) -> None:
        """Give the soft skill that the paragraph is about its resume sentence."""
        facts = self.ledger.facts
        if facts and facts[-1].table == "skills" and facts[-1].field == "soft":
            facts[-1] = facts[-1]._replace(example=trimmed(self.text, span[0] + 1, span[1] - 1, ' "'))


def _names_a_peer(hit: ClauseMatch) -> bool:
    return any(hole.type in ("peer", "peers", "pair", "pairs", "who") for hole in hit.clause.template.holes)


def _amount(raw: str) -> float:
    return float(raw.strip("$%").replace(",", ""))
