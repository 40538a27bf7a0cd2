"""Comparison pages: "Collector vs collections coordinator".

Sections may be missing or reordered, so the parser holds no order: rows are known by their labels, lists and descriptions by
the heading above them, sentences by their wording. See `name_roles` for where the two roles come from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.labels import label_book
from pipeline.ledger import Ledger
from pipeline.lines import LineMatch
from pipeline.model import Block, Problem, Shape
from pipeline.parsers.describing import Describing
from pipeline.parsers.introductions import learn_from_clauses, learn_from_line
from pipeline.parsers.known import find_known
from pipeline.parsers.lists import listed_skill, state_listed_skill, state_responsibility
from pipeline.parsers.naming import compared, name_roles
from pipeline.parsers.outcome import Outcome, state_names
from pipeline.parsers.rows import Rows
from pipeline.parsers.statements import Statements
from pipeline.parsers.strangers import turns
from pipeline.parsers.surroundings import pass_by_links
from pipeline.parsers.unheaded import state_unheaded_skills
from pipeline.roles import Role, RoleBook, mention_key

_TITLE = re.compile(r" (?:Vs|vs|VS)\.? ")
_LABELS_WITH_TITLE = 2
_LABELS_ALONE = 4
"""Different row labels that make a comparison page; a main page has some of them in sentences, never at a line's start."""
_FREQUENT = ("yearly salary", "salary range", "most common degree")
"""Labels of three of the four tables; four rows of one table are not without one of them."""
_LISTS = frozenset({"responsibilities", "skills"})
_SECTIONS = frozenset({"description", "responsibilities", "skills"})


def recognise(text: str) -> bool:
    """Whether the text is a comparison page by its sentences: one of them is on 49 of 49 pages."""
    return "can be seen in a few details" in text or (
        " average annual salary of " in text and ", which is higher than " in text
    )


def recognise_by_tables(text: str) -> bool:
    """Whether the text is a comparison page that lost its sentences: a title "A vs b", or none, and rows of its tables."""
    lower = text.lower()
    if " vs" not in lower and not any(label in lower for label in _FREQUENT):
        return False
    labels = set(_label_at_line_start().findall(lower))
    return len(labels) >= (_LABELS_WITH_TITLE if " vs" in lower else _LABELS_ALONE)


@cache
def _label_at_line_start() -> re.Pattern[str]:
    return re.compile(rf"^[^\w\n]{{0,20}}({'|'.join(map(re.escape, label_book().texts()))})", re.MULTILINE)


def parse(source: str, shape: Shape) -> Outcome:
    """The facts of a comparison page."""
    parser = _ComparisonParser(source, shape)
    return parser.run()


class _ComparisonParser:
    def __init__(self, source: str, shape: Shape) -> None:
        self.text, self.blocks = shape.text, shape.blocks
        self.ledger = Ledger(source, shape.text, shape.blocks)
        self.book = RoleBook(shape.text)
        self.lines, self.clauses = find_known(shape, "comparison")
        self.section = ""
        self.section_role: Role | None = None
        self.rank = 0
        self.share = 100.0
        """That of the skill listed last, in percent."""
        self.is_marked = False
        """Whether the items of the list have markers: then what has none is no item."""

    def run(self) -> Outcome:
        titles = compared(self.text, self.blocks, self.lines)
        roles = name_roles(self.book, self.blocks, self.lines, self.clauses, titles)
        if len(roles) != 2:
            self.ledger.close()
            problem = Problem("unknown_roles", "neither title, sentences nor a header row name the two roles compared")
            return Outcome(self.ledger, problem)
        self.turns = turns(self.text, titles, self.lines, self.clauses, roles)
        self._introduce(roles)
        for number, block in enumerate(self.blocks):
            self._block(number, block)
        if not self.turns:
            state_unheaded_skills(self.ledger, roles)
        pass_by_links(self.ledger)
        state_names(self.ledger, roles)
        self.ledger.close()
        return Outcome(self.ledger)

    def _introduce(self, roles: Sequence[Role]) -> None:
        """Learn the plurals of the two roles, and nobody else."""
        for number in sorted([*self.lines, *self.clauses]):
            if number in self.clauses:
                learn_from_clauses(self.book, self.clauses[number])
            elif self.lines[number].means == "heading":
                learn_from_line(self.book, self.lines[number])
        self.book.keep(roles)
        self.rows = Rows(self.ledger, self.book, roles)
        self.statements = Statements(self.ledger, self.book, None)
        headings = {
            mention_key(line.match["role"]): number
            for number, line in reversed(self.lines.items())
            if line.means == "description"
        }
        self.describing = Describing(self.ledger, roles, "comparison", headings)

    # --- one block -------------------------------------------------------------------------------------------------

    def _block(self, number: int, block: Block) -> None:
        kind = block.kind
        if self.turns and number in self.turns:
            self.section = ""
            self.rows.turn(is_own=self.turns[number])
        if kind == "rule":
            self.ledger.knew(number, "table rule")
        elif kind == "menu":
            self.ledger.pass_by(number)
        elif kind == "row" and (self.rows.row(number, block) or self.rows.header(number, block)):
            self.section = ""
        elif (number in self.lines and self._line(number, self.lines[number])) or (
            number in self.clauses and self.statements.state(number, self.clauses[number])
        ):
            return
        elif kind != "item" and (self.rows.header(number, block) or self._title(number, block)):
            self.section = ""
        elif kind == "row" and not self.rows.columns:
            self.ledger.leave(number, "a row of a table of other roles")
        elif not self._in_section(number, block):
            self.describing.by_mention(number)

    def _line(self, number: int, line: LineMatch) -> bool:
        means = line.means
        if (
            self.section == "responsibilities"
            and self.blocks[number].kind == "item"
            and line.may_be_duty(self.book.find)
        ):
            return False
        if means in _SECTIONS:
            role = self.book.find(line.match["role"])
            if role is None:
                self.section = ""  # what follows is about somebody else
                return False
            self.section, self.section_role, self.rank, self.share = means, role, 0, 100.0
            self.is_marked = False
            self.ledger.knew(number, "heading")
        elif means == "job_category":
            if self._is_only_category(line):
                self._job_category(number, line)
            else:
                self.ledger.knew(number, "link")
        elif means in ("boilerplate", "end"):
            self.ledger.knew(number, line.wording)
            self.section = "" if means == "end" else self.section
        else:
            self.section = ""
            self.ledger.knew(number, "heading")
        return True

    def _is_only_category(self, line: LineMatch) -> bool:
        """Whether the page names one field of work; a site's menu names many."""
        fields = {other.match["field"].lower() for other in self.lines.values() if other.means == "job_category"}
        return fields == {line.match["field"].lower()}

    def _job_category(self, number: int, line: LineMatch) -> None:
        start, end = line.match.span("field")
        for role in self.book:
            self.ledger.state_fact("roles", role, "job_category", start, end, text=self.text[start:end])
        self.ledger.took(number)

    def _title(self, number: int, block: Block) -> bool:
        """The page's title: the two names with "vs" between, and perhaps a site's name behind."""
        if self.section in _LISTS:
            return False
        cut = _TITLE.search(self.text, block.start, min(block.end, block.start + 250))
        if cut is None or self.book.find(self.text[block.start : cut.start()]) is None:
            return False
        if self.book.find(self.text[cut.end() : block.end]) is None:
            return False
        self.ledger.took(number)
        return True

    def _stands_above_items(self, number: int) -> bool:
        """Whether items with markers follow: what has none is no item, but a tool's own mark, or an advertisement's."""
        return number + 1 < len(self.blocks) and self.blocks[number + 1].kind == "item"

    def _in_section(self, number: int, block: Block) -> bool:
        """What stands under a heading: one description, or the items of a list."""
        role = self.section_role
        if not self.section or role is None or block.kind == "row":
            return False
        if self.section != "description":
            return self._in_list(number, block, role)
        if number not in self.clauses and self.describing.under_heading(number, role):
            self.section = ""
            return True
        self.section = self.section if self.describing.is_aside(number) else ""
        return False

    def _in_list(self, number: int, block: Block, role: Role) -> bool:
        """An item of a list of responsibilities or of skills with their shares."""
        if block.kind == "text" and self.describing.in_list(number):
            return True
        if block.kind == "text" and (self.is_marked or self._stands_above_items(number)):
            return False
        self.is_marked = block.kind == "item"
        self.rank += 1
        if self.section == "responsibilities":
            return state_responsibility(self.ledger, number, role, self.rank)
        share = state_listed_skill(self.ledger, number, role, self.rank, self.share)
        if share is not None:
            self.share = share
        elif listed_skill(self.ledger, number):
            self.section = ""  # the list of another role, whose heading is missing
        return share is not None
