"""No role is known by name: a seed page in which every role is called something else says the same of the new names."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from benchmarks.pagegen import RoleName
from pipeline import parse_text
from pipeline.model import Fact, Page

RAW = Path(__file__).parent.parent / "raw"

# Longest first, so that "accounts receivable specialist" is not looked for inside "senior accounts receivable specialist".
ROLES = (
    "senior accounts receivable specialist",
    "accounts receivable specialist",
    "accounts receivable analyst",
    "collections coordinator",
    "collection analyst",
    "payment processor",
    "account specialist",
    "collector",
    "specialist",
)
ALIASES = {"collections analyst": "collection analyst"}
"""Seed 002 calls one role by both."""
INVENTED = {
    "one word": (
        "brindlewright",
        "quimp",
        "zantor",
        "glimmerer",
        "dorfist",
        "wendler",
        "plonk",
        "harnkeeper",
        "mossel",
    ),
    "several words": (
        "deputy lantern keeper",
        "kelp bed surveyor",
        "rope & tackle mender",
        "night ferry caller",
        "beacon sweeper",
        "chart folder",
        "tide teller",
        "gull warden",
        "mate",
    ),
    "awkward": (
        "CNC lathe minder/setter",
        "miller and baker",
        "driver's mate",
        "oyster opener, mussel opener",
        "assistant to the ropewright",
        "X-ray plate washer",
        "sluice-gate man",
        "umbrella fitter",
        "eel smoker",
    ),
}


class Shapes(NamedTuple):
    """Every shape in which pages print a role, longer ones first."""

    plurals: tuple[str, str, str]
    singulars: tuple[str, str, str]

    @classmethod
    def of(cls, name: RoleName) -> Shapes:
        return cls((name.titles, name.starts, name.plural), (name.title, name.start, name.singular))


def rename(text: str, names: dict[str, RoleName]) -> str:
    """The text with every mention of every role replaced in its number and case, and with articles that fit."""
    if not names:
        return text
    table: dict[str, str] = {}
    for old, new in [*names.items(), *((alias, names[old]) for alias, old in ALIASES.items())]:
        old_shapes, new_shapes = Shapes.of(RoleName.of(old)), Shapes.of(new)
        for given, wanted in zip(old_shapes, new_shapes, strict=True):
            for one, other in zip(given, wanted, strict=True):
                table.setdefault(one, other)
    # Glued header cells have no word borders: "SpecialistCollector". A role inside a longer word, as in "collectors", is
    # met by its plural first; "Specialists" inside another role's name by that longer name.
    shapes = "|".join(re.escape(shape) for shape in sorted(table, key=len, reverse=True))
    pattern = re.compile(rf"(?P<article>\b[Aa]n? )?(?P<role>{shapes})(?![a-z])")

    def replacement(match: re.Match[str]) -> str:
        new = table[match["role"]]
        if not match["article"]:
            return new
        an = RoleName.of(new).a.split(" ", 1)[0]
        return (an.capitalize() if match["article"][0] == "A" else an) + " " + new

    return pattern.sub(replacement, text)


def identity(page: Page, fact: Fact, names: dict[str, RoleName], role_ids: dict[str, str]) -> tuple[object, ...]:
    """All that a fact says, with old roles under their new names; `page` is the page that the fact is from."""
    text = fact.text
    if text is not None and fact.table in {"roles", "responsibilities"}:
        text = rename(text, names)
    example = page.text[slice(*fact.example)] if fact.example else None
    return (
        fact.table,
        role_ids.get(fact.role_id, fact.role_id),
        fact.field,
        fact.category,
        role_ids.get(fact.other_role_id, fact.other_role_id),
        fact.value,
        text.casefold() if text is not None and fact.table == "roles" else text,
        fact.unit,
        fact.rank,
        rename(example, names) if example else None,
        tuple((reading.value, reading.text) for reading in fact.readings),
    )


@pytest.mark.parametrize("invented", INVENTED.values(), ids=INVENTED)
@pytest.mark.parametrize("seed", sorted(path.name for path in RAW.glob("*.txt")))
def test_renamed_page_says_the_same(seed: str, invented: tuple[str, ...]) -> None:
    text = (RAW / seed).read_bytes().decode()
    names = {old: RoleName.of(new) for old, new in zip(ROLES, invented, strict=True)}
    role_ids = {RoleName.of(old).role_id: new.role_id for old, new in names.items()}
    renamed_text = rename(text, names)
    page, renamed = parse_text(text), parse_text(renamed_text)
    assert (renamed.page_kind, renamed.text_form, renamed.updated_on) == (
        page.page_kind,
        page.text_form,
        page.updated_on,
    )
    wanted = Counter(identity(page, fact, names, role_ids) for fact in page.facts)
    found = Counter(identity(renamed, fact, {}, {}) for fact in renamed.facts)
    differences = [f"lost: {fact}" for fact in wanted - found] + [f"new: {fact}" for fact in found - wanted]
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)


def test_renaming_leaves_no_old_name() -> None:
    """The check itself: nothing that the pages call their roles survives."""
    for path in sorted(RAW.glob("00[0-3]_*.txt")):
        names = {old: RoleName.of(new) for old, new in zip(ROLES, INVENTED["one word"], strict=True)}
        left = rename(path.read_bytes().decode(), names)
        heads = [line for line in left.split("\n") if " vs " in line or line.startswith("What does")]
        assert heads
        assert not [line for line in heads if re.search("collect|specialist|analyst|processor", line, re.IGNORECASE)]
