"""What to say of a dump of which no document could be parsed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.errors import NothingUsableError
from pipeline.options import Quarantined

_EMPTY = "publish empty tables: --allow-empty"


def nothing_usable(
    raw: object, seen: int, reasons: Mapping[str, int], examples: Sequence[Quarantined]
) -> NothingUsableError:
    """The error that says why, with one document as an example of the most frequent reason.

    `seen` is the number of documents, `reasons` their number by code.
    """
    if not seen:
        return NothingUsableError(f"{raw}: holds no documents", hint=f"is it the right folder? Or {_EMPTY}")
    counts = ", ".join(f"{count} {code}" for code, count in reasons.items())
    most = max(reasons, key=lambda code: reasons[code])
    example = next(item for item in examples if item.reason.partition(":")[0] == most)
    hint = "name the column of the pages: --text-column" if most == "schema" else "look at the pages"
    return NothingUsableError(
        f"{raw}: none of {seen} documents could be parsed ({counts}), such as {example.source}: {example.reason}",
        hint=f"{hint}; or {_EMPTY}",
    )
