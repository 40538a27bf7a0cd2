"""How the cases reach the code: the only place that changes when a function of the pipeline moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Page


def read_run(kind: str, run: str, columns: int, gap: str) -> list[tuple[str, ...]]:
    """All readings of a run of cells: the text of each cell."""
    from pipeline.glued import read_run as cut_run
    from pipeline.kinds import KINDS

    cuts = cut_run(KINDS[kind], run, 0, len(run), columns, gap)
    return [tuple(run[start:end] for start, end in cut) for cut in cuts]


def role_name(text: str) -> str:
    """A role's name in Title Case."""
    from pipeline.roles import title_case

    return title_case(text)


def role_slug(text: str) -> str:
    """A role's id."""
    from pipeline.roles import slug

    return slug(text)


def singular(plural: str) -> str:
    """The singular of a role's plural, where a page shows no other form."""
    from pipeline.roles import singular_of

    return singular_of(plural)


def is_same_role(one: str, other: str) -> bool:
    """Whether two mentions on a page are of one role."""
    from pipeline.roles import mention_key

    return mention_key(one) == mention_key(other)


def parse_text(text: str) -> Page:
    """A whole page."""
    import pipeline

    return pipeline.parse_text(text)
