"""What a run says at its end. The last line always balances."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from pipeline.cli.terminal import tell
from pipeline.errors import EXIT_OK, EXIT_QUARANTINED, REASONS
from pipeline.options import Summary


def choose_exit_code(summary: Summary, max_quarantined: float) -> int:
    """0, or 3 when more than the fraction `max_quarantined` of the documents is quarantined."""
    return EXIT_QUARANTINED if summary.quarantined > max_quarantined * summary.seen else EXIT_OK


def to_json(summary: Summary, out: Path | str, code: int) -> str:
    """The summary for scripts: one JSON object on one line."""
    content = dataclasses.asdict(summary) | {"seen": summary.seen, "out": out, "exit_code": code}
    return json.dumps(content, default=str)


def describe(summary: Summary, out: Path | str, code: int, *, quiet: bool) -> None:
    """The summary for people, on stderr; when quiet, only what is wrong."""
    _describe_quarantine(summary, out)
    for warning in summary.warnings:
        tell(warning, kind="warning")
    if quiet:
        return
    for label, text in _lines(summary):
        tell(f"{label:<16} {text}")
    tell(
        f"seen {summary.seen:,} documents = {summary.parsed:,} parsed + {summary.duplicate:,} duplicate "
        f"+ {summary.quarantined:,} quarantined  -> {out}/current (run {summary.run_id}"
        f"{'' if summary.is_new else ', as before'})  exit {code}"
    )


def _lines(summary: Summary) -> list[tuple[str, str]]:
    rate = f" ({summary.seen / summary.seconds:,.0f} documents a second)" if summary.seconds else ""
    return [
        *((f"{name}", f"{rows:,} rows") for name, rows in summary.rows.items()),
        ("unparsed lines", f"{summary.unparsed_lines:,}"),
        ("open cells", f"{summary.ambiguous_cells:,}"),
        *(("skipped", f"{count:,} {what}") for what, count in sorted(summary.skipped.items())),
        ("seconds", f"{summary.seconds:,.1f}{rate}"),
    ]


def _describe_quarantine(summary: Summary, out: Path | str) -> None:
    for code, count in sorted(summary.reasons.items(), key=lambda reason: (-reason[1], reason[0])):
        examples = [example for example in summary.examples if example.reason.partition(":")[0] == code]
        for example in examples:
            tell(f"{example.source}: {example.reason}", kind="warning")
        if count > len(examples):
            meaning = REASONS.get(code, code)
            tell(
                f"{'and ' if examples else ''}{count - len(examples):,} more {code} ({meaning}), "
                f"see {out}/documents.parquet",
                kind="warning",
            )
