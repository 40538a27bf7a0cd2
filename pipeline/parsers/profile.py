"""Profile pages: "What does a collector do?".

Two passes over the blocks: the first meets the roles (the page's own in its headings and lead-ins, the peers in theirs), the
second states facts, because a peer's name may stand behind the first fact about it. Where the text form dropped the headings,
a peer's block is known by the peer that its sentences name.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from pipeline.ledger import UNSEEN, Ledger, with_example
from pipeline.lines import LineMatch
from pipeline.model import Block, Problem, Shape
from pipeline.parsers.describing import Describing
from pipeline.parsers.hiring import HiringCompanies
from pipeline.parsers.introductions import learn_from_clauses, learn_from_line, learn_from_subjects
from pipeline.parsers.known import find_known
from pipeline.parsers.lists import listed_skill, state_listed_skill, state_responsibility
from pipeline.parsers.outcome import Outcome, state_names
from pipeline.parsers.samples import state_sample
from pipeline.parsers.statements import Statements
from pipeline.parsers.surroundings import pass_by_links
from pipeline.roles import Role, RoleBook, mention_key

_SIGNS = (
    "Here are examples of responsibilities from real ",
    "We break down the percentage of ",
    "skills and personality traits",
)
_FEWEST = 2
"""Headings and lead-ins that name another role and so show another page."""
_SHORTEST_SAMPLE = 5
"""Words; the shortest sample of the five real pages has eight."""
_MONTHS = {
    name: number
    for number, name in enumerate(
        "January February March April May June July August September October November December".split(), 1
    )
}


def recognise(text: str) -> bool:
    """Whether the text is a profile page. The title question alone is not enough: four other families ask it too."""
    return _SIGNS[0] in text or (_SIGNS[1] in text and " that have these skills listed on their resume" in text)


def parse(source: str, shape: Shape) -> Outcome:
    """The facts of a profile page."""
    return _ProfileParser(source, shape).run()


class _ProfileParser:
    def __init__(self, source: str, shape: Shape) -> None:
        self.text, self.blocks = shape.text, shape.blocks
        self.ledger = Ledger(source, shape.text, shape.blocks)
        self.book = RoleBook(shape.text)
        self.lines, self.clauses = find_known(shape, "profile")
        self.section = ""
        self.rank = 0
        self.share = 100.0
        """That of the skill listed last, in percent."""
        self.is_marked = False
        """Whether the items of the list of skills have markers: then what has none is no item."""
        self.has_headings = False
        self.updated_on: date | None = None

    def run(self) -> Outcome:
        role = self._page_role()
        if role is None:
            self.ledger.close()
            return Outcome(self.ledger, Problem("unknown_roles", "no heading or sentence names the page's role"))
        self._pass_over_others(role)
        self._introduce(role)
        for number, block in enumerate(self.blocks):
            self._block(number, block)
        pass_by_links(self.ledger)
        state_names(self.ledger, self.book)
        self.ledger.close()
        return Outcome(self.ledger, updated_on=self.updated_on)

    # --- first pass ------------------------------------------------------------------------------------------------

    def _page_role(self) -> Role | None:
        """The role of the headings and lead-ins that only the page's own role can stand in, else of a sentence.

        Where they name several, as where a tool has cut a word off one of them, the one that most of them name.
        """
        lines = [line for line in self.lines.values() if line.means in _OWN]
        count = Counter(mention_key(line.match["role"]) for line in lines)
        for line in sorted(lines, key=lambda line: -count[mention_key(line.match["role"])]):
            roles = learn_from_line(self.book, line)
            if roles:
                return roles[0]
        for hits in self.clauses.values():
            for hit in hits:
                hole = hit.clause.template.holes[0] if hit.clause.template.holes else None
                if hole and hole.type in ("role", "roles") and not hit.clause.opens_with_role:
                    return self.book.learn(*hit.match.span(hole.name), plural=hole.plural)
        return None

    def _pass_over_others(self, role: Role) -> None:
        """Leave what stands under the headings of another role's page, as in a file that holds two; one line alone is a link."""
        named = {number: mention_key(line.match["role"]) for number, line in self.lines.items() if line.means in _OWN}
        count = Counter(named.values())
        strangers = {key for key in count if count[key] >= _FEWEST and key != role.key}
        if not strangers:
            return
        is_own = True
        for number in range(len(self.blocks)):
            key = named.get(number)
            is_own = key == role.key or (is_own and key not in strangers)
            if not is_own:
                self.ledger.leave(number, "under the headings of another role's page")
                self.lines.pop(number, None)
                self.clauses.pop(number, None)

    def _introduce(self, role: Role) -> None:
        for number in sorted([*self.lines, *self.clauses]):
            if number in self.clauses:
                learn_from_clauses(self.book, self.clauses[number], role)
                continue
            line = self.lines[number]
            if line.means in _OWN:
                self._learn_own(role, line)
            elif line.means == "peer" and mention_key(line.match["role"]) == role.key:
                self.has_headings = True
                learn_from_line(self.book, line)
        learn_from_subjects(self.book, self.blocks, self.clauses)
        self.statements = Statements(self.ledger, self.book, role)
        self.hiring = HiringCompanies(self.ledger, role)
        self.describing = Describing(self.ledger, self.book, "profile")
        self.role = role

    def _learn_own(self, role: Role, line: LineMatch) -> None:
        """Learn the page's role from a line that names it; a line that names another is somebody else's."""
        span = line.match.span("role")
        if self.book.find(self.text[slice(*span)]) is role:
            hole = next(hole for hole in line.template.holes if hole.name == "role")
            self.book.learn(*span, plural=hole.plural)
        self.has_headings = self.has_headings or line.means == "title"

    # --- second pass -----------------------------------------------------------------------------------------------

    def _block(self, number: int, block: Block) -> None:
        if self.ledger.state[number] != UNSEEN:
            self.section = ""
        elif block.kind == "rule":
            self.ledger.knew(number, "table rule")
        elif block.kind == "menu":
            self.ledger.pass_by(number)
        elif number in self.lines and self._line(number, self.lines[number]):
            return
        elif number in self.clauses and self.statements.state(number, self.clauses[number]):
            self.section = "" if self.section != "description" else self.section
        elif not self._in_section(number, block) and not self.has_headings:
            self.describing.by_mention(number)

    def _line(self, number: int, line: LineMatch) -> bool:
        if (
            self.section == "responsibilities"
            and self.blocks[number].kind == "item"
            and line.may_be_duty(self.book.find)
        ):
            return False
        if line.means in _OWN and self.book.find(line.match["role"]) is not self.role:
            self.section = ""  # what follows is about somebody else
            return False
        if line.means == "updated":
            return self._updated(number, line)
        if line.means == "peer":
            return self._peer(number, line)
        if line.means in ("boilerplate", "end"):
            self.ledger.knew(number, line.wording)
            self.section = "" if line.means == "end" else self.section
            return True
        if line.means not in _IN_PASSING:
            self.section = "description" if line.means == "title" else line.means
            self.rank, self.share, self.is_marked = 0, 100.0, False
        self.ledger.knew(number, "heading")
        return True

    def _updated(self, number: int, line: LineMatch) -> bool:
        month, day, year = line.match["date"].replace(",", "").split()
        try:
            self.updated_on = date(int(year), _MONTHS[month], int(day))
        except (KeyError, ValueError):
            return False
        self.ledger.took(number)
        return True

    def _peer(self, number: int, line: LineMatch) -> bool:
        peer = self.book.find(line.match["peer"])
        if peer is None or peer is self.role or self.book.find(line.match["role"]) is not self.role:
            self.statements.headed, self.section = None, ""
            return False
        self.statements.headed = peer
        self.section = "peer description"
        self.ledger.took(number)
        return True

    def _in_section(self, number: int, block: Block) -> bool:
        """What stands under a heading or lead-in, by its kind."""
        if self.section == "description":
            if self.describing.names(number, self.role) and self.describing.under_heading(number, self.role):
                self.section = ""
                return True
        elif self.section == "peer description":
            if self.statements.headed is not None and self.describing.under_heading(number, self.statements.headed):
                self.section = ""
                return True
            self.section = self.section if self.describing.is_aside(number) else ""
        elif self.section == "responsibilities":
            return self._responsibility(number, block)
        elif self.section == "skills":
            return self._skill(number, block)
        elif self.section == "companies":
            return self.hiring.read(number)
        return False

    def _responsibility(self, number: int, block: Block) -> bool:
        if block.kind != "item":
            return False
        self.rank += 1
        return state_responsibility(self.ledger, number, self.role, self.rank)

    def _is_sentence(self, block: Block) -> bool:
        """Whether a block may be a skill's sample: less is a tool's own mark (AsciiDoc's "{blank}", ".. container::")."""
        return self.text.count(" ", block.start, block.end) >= _SHORTEST_SAMPLE - 1

    def _is_sample(self, block: Block) -> bool:
        """Whether a block is the sentence of the skill above though it ends with a share ("Cut costs by 12%"): no comma parts them there."""
        facts, text = self.ledger.facts, self.text
        if block.kind != "text" or not facts or facts[-1].field != "listed" or facts[-1].example is not None:
            return False
        space = text.rfind(" ", block.start, block.end)
        return text[facts[-1].end] == "," and space != -1 and text[space - 1] != ","

    def _skill(self, number: int, block: Block) -> bool:
        """A skill with its share, the sentence under it, or such a sentence whose skill the text form dropped."""
        if block.kind == "row":
            return False
        if self.is_marked and block.kind == "text" and listed_skill(self.ledger, number) and not self._is_sample(block):
            return False
        if not self._is_sample(block):
            share = state_listed_skill(self.ledger, number, self.role, self.rank + 1, self.share)
            if share is not None:
                self.is_marked = block.kind == "item"
                self.rank += 1
                self.share = share
                return True
            if listed_skill(self.ledger, number):
                self.section = ""
                return False
        facts = self.ledger.facts
        if facts and facts[-1].field == "listed" and facts[-1].value is not None:
            if facts[-1].example is not None:
                self.rank += block.kind == "item" and self._is_sentence(block)
                return False
            facts[-1] = with_example(facts[-1], (block.start, block.end))
            self.ledger.took(number)
            return True
        self.rank += self._is_sentence(block)
        if not state_sample(self.ledger, number, self.role, self.rank):
            self.ledger.leave(number, "a skill's sample sentence whose skill the text form dropped")
        return True


# An expert's name and an image's text stand between the title and the description.
_IN_PASSING = frozenset({"image", "expert"})
_OWN = frozenset({"title", "responsibilities", "skills", "companies", "image"})
