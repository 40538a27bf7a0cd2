"""What a run did, in numbers and examples: the content of statistics.json, and of the first part of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from pipeline.report.database import Row, rows
from pipeline.tables import METRIC_UNITS

EXAMPLES = 100
"""Open cells, wordings, failed checks and quarantined documents that are listed; the others are counted."""

_ROWS = """
select (select count(*) from documents) as documents, (select count(*) from roles) as roles,
    (select count(*) from metrics) as metrics, (select count(*) from skills) as skills,
    (select count(*) from responsibilities) as responsibilities, (select count(*) from comparisons) as comparisons,
    (select count(*) from observations) as observations, (select count(*) from checks) as checks,
    (select count(*) from unparsed) as unparsed
"""
_DOCUMENTS = """
select status, page_kind, text_form, count(*) as documents
from documents group by all order by documents desc, status, page_kind, text_form
"""
_REASONS = """
select split_part(reason, ':', 1) as code, count(*) as documents
from documents where status = 'quarantined' group by all order by documents desc, code
"""
_QUARANTINED = """
select document_id, source, reason from documents where status = 'quarantined' order by source limit $limit
"""
_FACTS = 'select "table", method, count(*) as facts from observations group by all order by facts desc, "table", method'
_OPEN = """
select observation_id, document_id, role_id, field, category, line, raw, alternatives[:12] as readings,
    len(alternatives) as reading_count
from observations where method = 'ambiguous' order by role_id, field, category, observation_id limit $limit
"""
_UNPARSED = """
select skeleton, count(distinct (document_id, line)) as lines, count(distinct document_id) as documents,
    arg_min(struct_pack(document_id := document_id, line := line, start := start, "end" := "end", text := text[:400],
        reason := reason), struct_pack(document_id := document_id, start := start)) as example
from unparsed group by skeleton order by lines desc, skeleton limit $limit
"""
_RULES = """
select rule, count(*) as failures, count(distinct role_id) as roles, min(explanation) as explanation
from checks group by rule order by failures desc, rule
"""
_CHECKS = """
select rule, role_id, metric, category, expected, found, count(document_id) as documents,
    list(document_id order by document_id)[:3] as document_ids
from (select distinct * exclude (explanation) from checks)
group by rule, role_id, metric, category, expected, found order by rule, role_id, metric, category, expected, found limit $limit
"""
_FAILURES = "select count(distinct (rule, role_id, metric, category, expected, found)) as failures from checks"
_FILL = """
select metric, count(distinct role_id) as roles, count(*) as cells,
    count(*) filter (method = 'stated') as stated, count(*) filter (method = 'resolved') as resolved,
    count(*) filter (method = 'derived') as derived, count(*) filter (len(flags) > 0) as flagged
from metrics group by metric
"""
_OPEN_BY_METRIC = """
select field as metric, count(*) as open from observations where "table" = 'metrics' and method = 'ambiguous' group by all
"""
_LINES = """
select coalesce(sum(lines_extracted), 0)::bigint as extracted, coalesce(sum(lines_boilerplate), 0)::bigint as boilerplate,
    coalesce(sum(lines_unparsed), 0)::bigint as unparsed, coalesce(sum(char_count), 0)::bigint as characters
from documents where status <> 'duplicate'
"""


def gather(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The statistics of the tables in `connection`, as JSON has them. Lists come with the most frequent first."""
    limit = {"limit": EXAMPLES}
    return {
        "rows": rows(connection, _ROWS)[0],
        "documents": rows(connection, _DOCUMENTS),
        "reasons": rows(connection, _REASONS),
        "quarantined": rows(connection, _QUARANTINED, limit),
        "lines": rows(connection, _LINES)[0],
        "facts": rows(connection, _FACTS),
        "open": rows(connection, _OPEN, limit),
        "skeletons": rows(connection, "select count(distinct skeleton) as count from unparsed")[0]["count"],
        "unparsed": rows(connection, _UNPARSED, limit),
        "rules": rows(connection, _RULES),
        "checks": rows(connection, _CHECKS, limit),
        "failures": rows(connection, _FAILURES)[0]["failures"],
        "fill": _fill(connection),
    }


def _fill(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """For each metric how many roles have it, in the order of the contract; `rate` is their share of all roles."""
    found = {row["metric"]: row for row in rows(connection, _FILL)}
    still_open = {row["metric"]: row["open"] for row in rows(connection, _OPEN_BY_METRIC)}
    roles = rows(connection, _ROWS)[0]["roles"]
    nothing = dict.fromkeys(("roles", "cells", "stated", "resolved", "derived", "flagged"), 0)
    fill = [{"metric": metric, **nothing, **found.get(metric, {})} for metric in METRIC_UNITS]
    return [
        row | {"open": still_open.get(row["metric"], 0), "rate": row["roles"] / roles if roles else 0.0} for row in fill
    ]


def count_facts(statistics: Mapping[str, Any], method: str) -> int:
    """Facts with a method, over all tables."""
    return sum(row["facts"] for row in statistics["facts"] if row["method"] == method)


def count_documents(statistics: Mapping[str, Any], status: str) -> int:
    """Documents with a status."""
    return sum(row["documents"] for row in statistics["documents"] if row["status"] == status)
