"""The part of the tables that the report's reader searches, filters and draws: the largest roles with all their values.

Sent as columns, with texts and documents as numbers into lists, so that 5,000 roles take a few megabytes.
"""

from __future__ import annotations

from typing import Any

import duckdb

from pipeline.report.database import columns, rows
from pipeline.tables import METRIC_UNITS

ROLES = 5_000
"""Roles that the report lets one search: those on most pages, and of them those with most jobs."""
COMPANIES = 3
"""Hiring companies of each role that are shown."""
SKILLS = 12
"""Skills of each role that are shown and compared."""
METHODS = ("stated", "resolved", "derived")

_ROLES = """
create or replace temp table shown as
select row_number() over (order by document_count desc, coalesce(jobs, 0) desc, role_id) - 1 as role, role_id, name,
    coalesce(job_category, '') as category, document_count as documents
from roles left join (select role_id, value as jobs from metrics where metric = 'job_count') using (role_id)
qualify role < $limit
"""
# Evidence of a value: of the observations that say the same the surest, those of the value's own number before others.
# A derived value has none of its own and leads to what it was derived from, in its own document where that is possible.
_VALUES = """
with
best as (
    select o.role_id, o.field as metric, o.category, first(
        coalesce(
            case when starts_with(o.derived_from[2], o.document_id) then o.derived_from[2] else o.derived_from[1] end,
            o.observation_id
        )
        order by o.value is not distinct from m.value desc, o.text is not distinct from m.text desc, o.confidence desc,
            o.observation_id
    ) as observation_id
    from observations o join metrics m on m.role_id = o.role_id and m.metric = o.field and m.category = o.category
    where o."table" = 'metrics' and o.method <> 'ambiguous' and o.role_id in (select role_id from shown)
    group by all
),
ranked as (
    select shown.role, m.*, observation_id,
        row_number() over (partition by shown.role, m.metric order by m.value desc, m.category) as place
    from metrics m join shown using (role_id)
        left join best on best.role_id = m.role_id and best.metric = m.metric and best.category = m.category
)
select role, metric, category, value, coalesce(text, '') as text, method, confidence, flags, observation_id
from ranked where metric <> 'hiring_company_jobs' or place <= $companies
order by role, metric, category
"""
_SKILLS = """
with best as (
    select role, skill_id, any_value(skill) as skill, max(share) as share, min(rank) as rank
    from skills join shown using (role_id) where relation <> 'distinctive' group by role, skill_id
)
select role, skill, share from best
qualify row_number() over (partition by role order by share desc nulls last, rank nulls last, skill_id) <= $skills
order by role, share desc nulls last, rank nulls last, skill
"""
_OPEN_ROLES = """
select role, count(*) as cells from observations join shown using (role_id) where method = 'ambiguous' group by role
"""


def collect(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What the report's script draws from: see `assets/report.js`, which reads it."""
    connection.execute(_ROLES, {"limit": ROLES})
    roles = rows(connection, "select * from shown order by role")
    skills = columns(connection, _SKILLS, {"skills": SKILLS})
    names, categories = _Numbers(), _Numbers()
    return {
        "roles": {
            "id": [row["role_id"] for row in roles],
            "name": [row["name"] for row in roles],
            "category": [categories[row["category"]] for row in roles],
            "documents": [row["documents"] for row in roles],
            "open": _open_cells(connection, len(roles)),
        },
        "roleCategories": categories.texts,
        "metrics": list(METRIC_UNITS),
        "units": list(METRIC_UNITS.values()),
        "methods": METHODS,
        "values": _values(connection),
        "skills": {
            "role": skills["role"],
            "skill": [names[skill] for skill in skills["skill"]],
            "share": skills["share"],
        },
        "skillNames": names.texts,
    }


def _open_cells(connection: duckdb.DuckDBPyConnection, roles: int) -> list[int]:
    counts = [0] * roles
    for row in rows(connection, _OPEN_ROLES):
        counts[row["role"]] = row["cells"]
    return counts


def _values(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """All values of the roles, column by column; `observation` is the number of the fact in its document."""
    found = columns(connection, _VALUES, {"companies": COMPANIES})
    metrics = {metric: number for number, metric in enumerate(METRIC_UNITS)}
    texts, flags, documents = _Numbers(), _Numbers(), _Numbers()
    evidence = [_evidence(observation_id) for observation_id in found["observation_id"]]
    return {
        "role": found["role"],
        "metric": [metrics[metric] for metric in found["metric"]],
        "category": [texts[category] for category in found["category"]],
        "value": [_short(value) for value in found["value"]],
        "text": [texts[text] for text in found["text"]],
        "method": [METHODS.index(method) for method in found["method"]],
        "confidence": [round(confidence, 3) for confidence in found["confidence"]],
        "flags": [flags[", ".join(names)] for names in found["flags"]],
        "document": [documents[document] for document, _ in evidence],
        "observation": [number for _, number in evidence],
        "texts": texts.texts,
        "flagTexts": flags.texts,
        "documents": documents.texts,
    }


def _evidence(observation_id: str | None) -> tuple[str, int]:
    """Document and number of an observation; ("", 0) where there is none."""
    document, _, number = (observation_id or "").rpartition("-")
    return (document, int(number)) if len(document) == 32 and number.isdigit() else ("", 0)


def _short(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value


class _Numbers:
    """Texts as numbers into a list; 0 is the empty text."""

    def __init__(self) -> None:
        self.texts = [""]
        self._places = {"": 0}

    def __getitem__(self, text: str) -> int:
        place = self._places.setdefault(text, len(self.texts))
        if place == len(self.texts):
            self.texts.append(text)
        return place
