"""Profile pages: "What does a ... do?", in the wordings of pages.md section 2."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from benchmarks.pagegen import wordings
from benchmarks.pagegen.comparison import money
from benchmarks.pagegen.page import Block, Item, Page
from benchmarks.pagegen.truth import RoleTruth, degree_difference

OLDER = "older"
RECENT = "recent"


class ProfileOptions(NamedTuple):
    """What a page leaves out, and which of the wordings it uses."""

    wording: str = RECENT
    duties_lead: str = "P1"
    common: str = "PL1"
    has_lead: bool = False
    has_post_job: bool = False
    has_title: bool = True
    date_first: bool = False
    has_date: bool = True
    has_expert: bool = False
    has_description: bool = True
    has_duties: bool = True
    has_skills: bool = True
    has_soft: bool = True
    has_hiring: bool = True
    has_builder: bool = True
    has_types: bool = True
    positions: tuple[int, ...] = (1, 2, 3, 4)
    """Which wording each peer's block takes; 0: a description and nothing else, as the fourth of seed 002."""
    without: frozenset[str] = frozenset()
    """Statements that peers' blocks lack: `pay`, `shared`, `distinct`, `industry`, `education`."""

    @classmethod
    def random(cls, rng: Random, wording: str | None = None) -> ProfileOptions:
        """A page as its years and tools made it, with a section missing now and then."""
        older = (wording or rng.choice((OLDER, RECENT))) == OLDER
        missing = frozenset(name for name in _STATEMENTS if rng.random() < 0.07)
        positions = [1, 2, 3, 4] if older else [1, 2, 3, rng.choice((0, 1, 2))]
        if rng.random() < 0.15:
            rng.shuffle(positions)
        part = rng.choices(("", "duties", "skills"), (18, 1, 1))[0]
        return cls(
            wording=OLDER if older else RECENT,
            duties_lead="P2" if older else "P1",
            common=rng.choice(("PL2", "PL3")) if older else "PL1",
            has_lead=older,
            has_post_job=not older and rng.random() < 0.6,
            has_title=True,
            date_first=rng.random() < 0.5,
            has_date=rng.random() < 0.8,
            has_expert=rng.random() < 0.15,
            has_description=rng.random() < 0.96,
            # One of the two is always there: nothing else tells a profile from its look-alikes.
            has_duties=part != "duties",
            has_skills=part != "skills",
            has_soft=not older and rng.random() < 0.9,
            has_hiring=not older and rng.random() < 0.9,
            has_builder=not older and rng.random() < 0.9,
            has_types=not older and rng.random() < 0.9,
            positions=tuple(positions),
            without=missing,
        )


WHOLE = ProfileOptions()
"""A page of 2025 with everything."""
_STATEMENTS = ("pay", "shared", "distinct", "industry", "education")


def quoted(skills: tuple[str, ...]) -> str:
    """`"a," "b," and "c"`, without the full stop."""
    *head, last = skills
    return "".join(f'"{skill}," ' for skill in head) + f'and "{last}'


def known_skills(role: RoleTruth) -> list[str]:
    """All skills of the role as sentences print them, most frequent first."""
    return list(dict.fromkeys([*(skill.lower for skill in role.skills), *role.others]))


def shared_skills(role: RoleTruth, peer: RoleTruth) -> tuple[str, ...]:
    """Three skills that the page names as common to both: what both list, then what the role lists."""
    own, theirs = known_skills(role), set(known_skills(peer))
    return tuple(sorted(own, key=lambda skill: skill not in theirs)[:3])


def distinct_skills(role: RoleTruth, peer: RoleTruth) -> tuple[str, ...]:
    """Four skills that set the role apart from the peer."""
    own, theirs = known_skills(role), set(known_skills(peer))
    return tuple(sorted(own[1:], key=lambda skill: skill in theirs)[:4])


def way_of(difference: float, more: str = "higher", less: str = "lower") -> str:
    """The word for the sign of a difference."""
    return more if difference > 0 else less


def _level(difference: float) -> str:
    if abs(difference) <= 2.2:
        return "similar"
    return way_of(difference)


def _head(role: RoleTruth, options: ProfileOptions) -> list[Block]:
    blocks: list[Block] = []
    if options.has_post_job:
        blocks.append(Block("button", "", "Post job"))
    if options.has_title:
        blocks.append(Block("title", "title", f"What does {role.name.a} do?", (0,)))
    if options.has_date and options.date_first:
        blocks += [_date(role), Block("text", "updated", "7 min read")]
    if options.has_expert:
        blocks += [Block("text", "expert", "Quoted expert"), Block("text", "expert", "Dr. Ada Fenwick Ph.D.")]
    if options.has_lead:
        blocks.append(_common(role, options))
    if options.has_description:
        blocks.append(Block("text", "description", role.description, (0,)))
    return blocks


def _date(role: RoleTruth) -> Block:
    return Block("text", "updated", f"Updated {role.updated_on:%B} {role.updated_on.day}, {role.updated_on.year}")


def _duties(role: RoleTruth, options: ProfileOptions) -> list[Block]:
    return [
        Block("heading", "", f"{role.name.start} responsibilities"),
        Block("text", "", wordings.DUTIES_LEADS[options.duties_lead].format(r=role.name)),
        Block("items", "duties", of=(0,), items=tuple(Item(duty) for duty in role.duties)),
    ]


def _common(role: RoleTruth, options: ProfileOptions) -> Block:
    skills = quoted(role.top) + ('."' if options.common == "PL1" else '"')
    return Block("text", "common", wordings.COMMON[options.common].format(r=role.name, q=skills), (0,))


def _skills(role: RoleTruth) -> list[Block]:
    proficient = wordings.PROFICIENT.format(r=role.name, share=role.skills[0].share, s=role.skills, x=role.soft)
    items = tuple(Item(f"{skill.name}, {skill.share}%", skill.example) for skill in role.skills)
    return [
        Block("heading", "", f"{role.name.start} skills and personality traits"),
        Block("text", "proficient", proficient, (0,)),
        Block("text", "", wordings.SHARES_LEAD.format(r=role.name)),
        Block("items", "skills", of=(0,), items=items),
    ]


def _soft(role: RoleTruth) -> list[Block]:
    return [
        Block("text", f"soft/{number}", wording.format(r=role.name, x=skill, lower=skill.name.lower()), (0,))
        for number, (wording, skill) in enumerate(zip(wordings.SOFT, role.soft, strict=True), 1)
    ]


def _hiring(role: RoleTruth) -> list[Block]:
    items = tuple(
        Item(firm, f"{count:,} {role.name.plural} jobs", is_glued=number == 2)
        for number, (firm, count) in enumerate(role.hiring)
    )
    return [
        Block("text", "", wordings.HIRING_LEAD.format(r=role.name)),
        Block("items", "hiring", of=(0,), items=items),
    ]


def _pay_words(role: RoleTruth, peer: RoleTruth) -> dict[str, object]:
    masters = degree_difference(peer.masters, role.masters)
    doctoral = degree_difference(peer.doctoral, role.doctoral)
    return {
        "r": role.name,
        "p": peer.name,
        "usd": money(abs(peer.salary - role.salary)),
        "way": way_of(peer.salary - role.salary),
        "s": shared_skills(role, peer),
        "m": f"{abs(masters):.1f}%",
        "mway": way_of(masters, "more", "less"),
        "d": f"{abs(doctoral):.1f}%",
        "dway": way_of(doctoral, "more", "less"),
        "level": _level(masters),
        "pi": (peer.industry or "").lower(),
        "ri": (role.industry or "").lower(),
        "pusd": money(peer.industry_pay),
        "rusd": money(role.industry_pay),
    }


def _peer(role: RoleTruth, peer: RoleTruth, number: int, position: int, options: ProfileOptions) -> list[Block]:
    blocks = [
        Block("heading", "peer", f"{role.name.start} vs. {peer.name.start}", (0, number)),
        Block("text", "description", peer.description, (number,)),
    ]
    if not position:
        return blocks
    words = _pay_words(role, peer)
    both = (0, number)
    for statement, table in _TABLES.items():
        key = f"{statement}/{options.wording}{position}"
        if key not in table or statement in options.without:
            continue
        if statement == "industry" and not (role.industry and peer.industry):
            continue
        if statement == "distinct":
            sides = {"m": distinct_skills(role, peer), "n": distinct_skills(peer, role)}
            blocks.append(Block("text", key, table[key].format(r=role.name, p=peer.name, **sides), both))
            continue
        # Bare text follows the paragraph about industries; without one it would run into the peer's description.
        is_bare = statement == "education" and blocks[-1].key.startswith("industry/recent")
        kind = "bare" if is_bare else "text"
        blocks.append(Block(kind, key, table[key].format(**words), both))
    return blocks


_TABLES = {
    "pay": wordings.PAY,
    "shared": wordings.SHARED,
    "distinct": wordings.DISTINCT,
    "industry": wordings.INDUSTRY,
    "education": wordings.EDUCATION,
}


def profile_page(role: RoleTruth, peers: tuple[RoleTruth, ...] = (), options: ProfileOptions = WHOLE) -> Page:
    """The profile of `role`, compared with up to four peers."""
    blocks = _head(role, options)
    if options.has_duties:
        blocks += _duties(role, options)
    if options.has_skills:
        blocks += [*_skills(role), _common(role, options)]
    if options.has_soft:
        blocks += _soft(role)
    if options.has_hiring:
        blocks += _hiring(role)
    if options.has_builder:
        blocks.append(Block("heading", "", wordings.BUILDER_HEADING.format(r=role.name)))
        blocks.append(Block("bare", "", wordings.BUILDER.format(r=role.name)))
    if peers:
        blocks.append(Block("heading", "", f"Compare different {role.name.plural}"))
        for number, (peer, position) in enumerate(zip(peers, options.positions, strict=False), 1):
            blocks += _peer(role, peer, number, position, options)
    if options.has_types:
        blocks.append(Block("heading", "", f"Types of {role.name.singular}"))
    if options.has_date and not options.date_first:
        blocks.append(_date(role))
    url = f"https://careers.example/{role.role_id}-jobs/what-does-a-{role.role_id}-do"
    date = role.updated_on if options.has_date else None
    return Page("profile", (role, *peers[: len(options.positions)]), tuple(blocks), date, url)
