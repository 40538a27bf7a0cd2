"""Turns the clauses of a paragraph into facts about the roles of the page.

The subject decides: a hole of a role must name a role that the page has introduced, else the clause says something that we do
not understand and stays unparsed. "They" is the paragraph's peer, or whoever the paragraph named as subject before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.clauses import Statement
from pipeline.ledger import Ledger, new_fact, with_example
from pipeline.model import Reading
from pipeline.parsers.subjects import goes_on, named_subject, subject_before_verb
from pipeline.roles import Role, RoleBook, slug, title_case
from pipeline.sentences import ClauseMatch
from pipeline.skill_lists import Span, bare_list, quoted_list, trimmed
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
_LOST_LINE = re.compile(r" skills for an? ")
"""The next sentence inside a list of skills: a line between them is missing."""
_COMPARE_UNITS = {"salary_yearly": "USD/year"}


class Statements:
    """States the facts of clause matches; knows the page's roles and the peer that is being talked about."""

    def __init__(self, ledger: Ledger, book: RoleBook, page_role: Role | None) -> None:
        self.ledger = ledger
        self.text = ledger.text
        self.book = book
        self.page_role = page_role
        self.peer: Role | None = None
        self.headed: Role | None = None
        """The peer that the last heading names; without headings every paragraph must name its peer."""
        self._is_own = True
        self._subject: Role | None = None
        self._figure = 0
        """Where the statement ends whose subject that is."""
        self._block = 0

    # --- a paragraph -----------------------------------------------------------------------------------------------

    def state(self, block: int, matches: Sequence[ClauseMatch]) -> bool:
        """State the facts of one block; False when no clause could be understood."""
        self.peer = self.headed
        understood: list[tuple[ClauseMatch, dict[str, list[Role]]]] = []
        strangers: list[int] = []
        for match in matches:
            named = self._roles_of(match)
            if named is not None:
                understood.append((match, named))
                continue
            strangers.append(match.match.start())
            if match.clause.names_a_peer:
                # The paragraph is about a role that we cannot name; it is not about the peer of the paragraph before.
                self.peer = None
        if not understood:
            return False
        if self.page_role is not None:
            self._meet_peer(understood)
        self._subject, self._figure = None, 0
        self._block = block
        for match, named in understood:
            # Behind a sentence about somebody else "they" are not the page's own role.
            self._is_own = not strangers or strangers[0] > match.match.start()
            for statement in match.clause.statements:
                if not self._state(statement, match, named):
                    self.ledger.leave(
                        block, "a statement about a role that its paragraph does not name", *match.match.span()
                    )
        self.ledger.took(block)
        self.ledger.leave_unclaimed(block, [match.match.span() for match, _ in understood])
        return True

    def _meet_peer(self, understood: Sequence[tuple[ClauseMatch, dict[str, list[Role]]]]) -> None:
        for _, named in understood:
            for roles in named.values():
                for role in roles:
                    if role is not self.page_role:
                        if role is not self.headed:
                            self.headed = None
                        self.peer = role
                        return

    # --- who is meant ----------------------------------------------------------------------------------------------

    def _roles_of(self, hit: ClauseMatch) -> dict[str, list[Role]] | None:
        """The roles in the clause's holes by hole name; None when one of them is not a role that may stand there."""
        named: dict[str, list[Role]] = {}
        match, page_role = hit.match, self.page_role
        for hole in hit.clause.roles:
            name = hole.name
            words = match[name]
            if hole.is_pair:
                roles = self._pair(words)
                if not roles:
                    return None
                named[name] = roles
                continue
            role = self.book.find(words)
            if role is None and hole.opens:
                words = named_subject(words, self.book)
                role = self.book.find(words)
            if role is None:
                return None
            if role.plural is None or role.singular is None:
                # A sentence's subject may show the number that headings do not (seed 002's peers).
                end = match.end(name)
                self.book.learn_other_number(role, end - len(words), end)
            if page_role is not None and hole.type != "who" and (role is page_role) != hole.is_own:
                return None
            named[name] = [role]
        return named

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

    def _who(self, name: str, hit: ClauseMatch) -> list[Role]:
        """Whom a statement means by a name that is no hole's."""
        if name == "page":
            return [self.page_role] if self.page_role and self._is_own else []
        if name == "peer":
            return [self.peer] if self.peer else []
        if name == "subject":
            subject = self._sentence_subject(hit)
            return [subject] if subject else []
        return []

    def _sentence_subject(self, hit: ClauseMatch) -> Role | None:
        """Who "are 0.3% less likely": named in the sentence, "they", or carried on from the figure before; None when unknown."""
        sentence, start = hit.sentence, hit.match.start()
        if self._figure > sentence:
            known = goes_on(self.text[self._figure : start])
        else:
            they = self._subject or self.peer
            self._subject = subject_before_verb(self.text[sentence:start], self.book, they)
            known = self._subject is not None
        self._figure = hit.match.end()
        return self._subject if known else None

    def _other(self, statement: Statement, role: Role, hit: ClauseMatch, named: dict[str, list[Role]]) -> Role | None:
        if statement.other:
            others = named.get(statement.other) or self._who(statement.other, hit)
            return others[0] if others else None
        return self.peer if role is self.page_role else self.page_role

    # --- what is stated --------------------------------------------------------------------------------------------

    def _state(self, statement: Statement, hit: ClauseMatch, named: dict[str, list[Role]]) -> bool:
        """State one fact of a clause; False when nothing says about whom."""
        kind = statement.kind
        if kind == "example":
            self._attach_example(hit.match.span(statement.field))
            return True
        roles = named.get(statement.role) or self._who(statement.role, hit)
        for role in roles:
            if kind == "skill":
                self._state_skills(statement, hit, role, named)
            elif kind == "metric":
                self._state_metric(statement, hit.match, role)
            else:
                self._state_difference(statement, hit.match, role, self._other(statement, role, hit, named))
        return bool(roles)

    def _state_metric(self, statement: Statement, match: re.Match[str], role: Role) -> None:
        field = statement.field
        if field == "time_to_become":
            factor = 12.0 if match[f"{statement.value}_unit"] == "years" else 1.0
            for end in ("low", "high"):
                hole = f"{statement.value}_{end}"
                self._metric(role, f"time_to_become_{end}", match.span(hole), "", float(match[hole]) * factor, None)
        elif statement.text:
            self._metric(role, field, match.span(statement.text), "", None, title_case(match[statement.text]))
        else:
            category = title_case(match[statement.category]) if statement.category else ""
            value = statement.value
            self._metric(role, field, match.span(value), category, _amount(match[value]), None)

    def _metric(
        self, role: Role, metric: str, span: Span, category: str, value: float | None, text: str | None
    ) -> None:
        unit = METRIC_UNITS[metric]
        self.ledger.facts.append(
            new_fact(("metrics", role.role_id, metric, category, "", value, text, unit, 1.0, *span, (), None, None))
        )

    def _state_difference(self, statement: Statement, match: re.Match[str], role: Role, other: Role | None) -> None:
        """A difference is stated from both sides: the subject's, and mirrored the other's."""
        if other is None or other is role:
            return
        word = match[statement.sign]
        value: float | None = None
        mirrored: float | None = None
        said: str | None = word
        unsaid: str | None = _MIRRORED[word]
        if statement.value:
            # To add 0 makes 0 of -0.
            value = _amount(match[statement.value]) * _SIGNS[word] + 0.0
            mirrored, said, unsaid = 0.0 - value, None, None
        start, end = match.span(statement.value or statement.sign)
        field, one, two = statement.field, role.role_id, other.role_id
        unit = _COMPARE_UNITS.get(field, "percent")
        self.ledger.facts += (
            new_fact(("comparisons", one, field, "", two, value, said, unit, 1.0, start, end, (), None, None)),
            new_fact(("comparisons", two, field, "", one, mirrored, unsaid, unit, 1.0, start, end, (), None, None)),
        )

    # --- skills ----------------------------------------------------------------------------------------------------

    def _state_skills(self, statement: Statement, hit: ClauseMatch, role: Role, named: dict[str, list[Role]]) -> None:
        match, relation = hit.match, statement.field
        if statement.text:
            span = trimmed(self.text, *match.span(statement.text))
            self._skills(relation, role, None, [span], statement.rank, None)
            return
        if relation not in ("shared", "distinctive"):
            pairs: list[tuple[Role, Role | None]] = [(role, None)]
        else:
            other = self._other(statement, role, hit, named)
            if other is None or other is role:
                return
            pairs = [(role, other), (other, role)] if relation == "shared" else [(role, other)]
        start, end = match.span(statement.skills)
        readings = self._readings(statement, start, end)
        share = _amount(match[statement.share]) if statement.share else None
        for one, two in pairs:
            if len(readings) == 1:
                self._skills(relation, one, two, readings[0], 1, share)
            elif readings:
                self._open_skills(statement, one, two, (start, end), readings)
            else:
                self.ledger.leave(self._block, "a list of skills of another length than its sentence says", start, end)

    def _readings(self, statement: Statement, start: int, end: int) -> list[list[Span]]:
        """The legal ways to read a list of skills; none when it is not as long as its sentence says."""
        if not statement.length:
            return [quoted_list(self.text, start, end)]
        if _LOST_LINE.search(self.text, start, end):
            return []
        readings = bare_list(self.text, start, end, statement.length)
        return self._known_skills(readings) if len(readings) > 1 else readings

    def _skills(
        self, relation: str, role: Role, other: Role | None, spans: Sequence[Span], rank: int, share: float | None
    ) -> None:
        """State the skills of one list, the first of which has the given rank and share."""
        text, facts = self.text, self.ledger.facts
        role_id, other_id, first = role.role_id, other.role_id if other else "", len(facts)
        facts += [
            new_fact(("skills", role_id, relation, "", other_id, None, text[s:e], "", 1.0, s, e, (), place, None))
            for place, (s, e) in enumerate(spans, rank)
        ]
        if share is not None and spans:
            facts[first] = facts[first]._replace(value=share, unit="percent")

    def _known_skills(self, readings: list[list[Span]]) -> list[list[Span]]:
        """The readings whose every item the page lists elsewhere, if there are any."""
        known = {slug(fact.text) for fact in self.ledger.facts if fact.table == "skills" and fact.text}
        fixed = [reading for reading in readings if all(slug(self.text[s:e]) in known for s, e in reading)]
        return fixed or readings

    def _open_skills(
        self,
        statement: Statement,
        role: Role,
        other: Role | None,
        run: Span,
        readings: list[list[Span]],
    ) -> None:
        for rank in range(1, statement.length + 1):
            options = tuple(Reading(None, self.text[s:e], s, e) for s, e in (reading[rank - 1] for reading in readings))
            self.ledger.state_fact(
                "skills", role, statement.field, *run, other=other, rank=rank, readings=options,
                confidence=1.0 / max(1, len(options)),
            )  # fmt: skip

    def _attach_example(self, span: tuple[int, int]) -> None:
        """Give the soft skill that the paragraph is about its resume sentence."""
        facts = self.ledger.facts
        begin = self.ledger.blocks[self._block].start
        if not facts or facts[-1].field != "soft" or facts[-1].start < begin:
            self.ledger.leave(self._block, "an example of a skill that its paragraph does not name", *span)
        else:
            facts[-1] = with_example(facts[-1], trimmed(self.text, span[0] + 1, span[1] - 1, ' "'))


def _amount(raw: str) -> float:
    return float(raw.strip("$%").replace(",", ""))
