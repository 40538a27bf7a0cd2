"""Every table that a run writes: columns, types, units, keys and what they mean.

This file is the single source of the schemas: the writers, the data dictionary and the descriptor for catalogs are made
from it. Names, types, keys and order of rows are a contract with users' notebooks (:data:`CONTRACT_VERSION`): columns may
be added at the end, none may change or go without a new version.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

CONTRACT_VERSION = "1"

_STRING = pa.string()
_FLOAT = pa.float64()
_INT32 = pa.int32()
_INT64 = pa.int64()
_DATE = pa.date32()
_TIMESTAMP = pa.timestamp("us", tz="UTC")
_STRINGS = pa.list_(pa.field("item", pa.string(), nullable=False))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `unit` only where the numbers have one, `nullable` only where a cell may be empty."""

    name: str
    type: pa.DataType
    description: str
    unit: str = ""
    nullable: bool = False

    def to_arrow(self) -> pa.Field:
        """The Arrow field, with description and unit in its metadata."""
        metadata = {"description": self.description}
        if self.unit:
            metadata["unit"] = self.unit
        return pa.field(self.name, self.type, nullable=self.nullable, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows are unique by `key` and sorted by it."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def to_arrow(self) -> pa.Schema:
        """The Arrow schema, with the contract version in its metadata."""
        metadata = {"contract_version": CONTRACT_VERSION, "table": self.name, "description": self.description}
        return pa.schema([column.to_arrow() for column in self.columns], metadata=metadata)

    def column_names(self) -> list[str]:
        """The names of the columns in the order of the contract."""
        return [column.name for column in self.columns]


def _optional(name: str, type_: pa.DataType, description: str, unit: str = "") -> Column:
    return Column(name, type_, description, unit, nullable=True)


_ROLE_ID = Column("role_id", _STRING, "The role: slug of its singular name.")
_DOCUMENT_ID = Column("document_id", _STRING, "First 32 hex digits of BLAKE2b over the document's bytes.")
_OTHER_ROLE_ID = Column("other_role_id", _STRING, 'The role that this one is compared with; "" when there is none.')
_OBSERVATION_COUNT = Column("observation_count", _INT64, "Number of observations behind the row.")
_DOCUMENT_COUNT = Column("document_count", _INT64, "Number of documents behind the row.")
_CONFIDENCE = Column(
    "confidence", _FLOAT, "0 to 1; 1.0 only where the page's text admits no other reading and no page disagrees."
)

DOCUMENTS = Table(
    "documents",
    "One row per input document, whatever became of it.",
    ("document_id", "source"),
    (
        _DOCUMENT_ID,
        Column("source", _STRING, "Path below the raw folder, `#n` for the n-th record of a container."),
        _optional("url", _STRING, "Where the page came from, when the dump or the page says so."),
        Column(
            "page_kind",
            _STRING,
            "Page family: `comparison`, `profile`, one of which nothing is read (`main`, `trends`, `how-to-hire`, `skills` ...),"
            " or `unknown`.",
        ),
        Column(
            "text_form",
            _STRING,
            "The text form that the page came in: `html`, `bulleted`, `dashed`, `stripped`, `pipe` ...",
        ),
        Column("status", _STRING, "`parsed`, `duplicate` or `quarantined`."),
        _optional("reason", _STRING, "Why it is quarantined or what it duplicates: a code, a colon, one sentence."),
        _optional("updated_on", _DATE, 'The page\'s own "Updated ..." date.'),
        _optional("fetched_at", _TIMESTAMP, "When the page was fetched, when the dump says so."),
        Column(
            "char_count", _INT64, "Characters of the page's text: decoded, or of HTML the canonical one.", "characters"
        ),
        Column("line_count", _INT64, "Lines of the page's text, blank ones included.", "lines"),
        Column("lines_extracted", _INT64, "Non-blank lines that hold facts, and nothing of note beside them.", "lines"),
        Column("lines_boilerplate", _INT64, "Non-blank lines of known boilerplate.", "lines"),
        Column("lines_unparsed", _INT64, "Non-blank lines listed in `unparsed`.", "lines"),
        Column("encoding", _STRING, 'Character encoding that the bytes were decoded with; "" when they were not.'),
    ),
)

ROLES = Table(
    "roles",
    "One row per role.",
    ("role_id",),
    (
        _ROLE_ID,
        Column("name", _STRING, "Title Case, as the pages head their columns."),
        _optional("name_plural", _STRING, "Title Case plural, as pages show it."),
        Column("aliases", _STRINGS, "Other spellings of the name, sorted; case and number aside."),
        _optional("description", _STRING, "The page's own paragraph on what the role does."),
        _optional(
            "job_category", _STRING, 'The field of work that pages file the role under ("office and administrative").'
        ),
        _DOCUMENT_COUNT,
    ),
)

METRICS = Table(
    "metrics",
    "One row per role, metric and category: the best-supported value.",
    ("role_id", "metric", "category"),
    (
        _ROLE_ID,
        Column("metric", _STRING, "What is measured; see the list of metrics."),
        Column("category", _STRING, 'The group, industry or company that the value is for; "" when there is none.'),
        _optional("value", _FLOAT, "The number, in `unit`."),
        _optional("text", _STRING, "The words, where the value is words."),
        Column("unit", _STRING, "`USD/year`, `USD/hour`, `percent`, `jobs`, `years`, `months`, `score` or `text`."),
        Column("method", _STRING, "Strongest method behind the value: `stated`, `resolved`, `derived`."),
        _CONFIDENCE,
        _OBSERVATION_COUNT,
        Column("agreeing_count", _INT64, "Number of observations that agree with the value."),
        _DOCUMENT_COUNT,
        _optional("as_of", _DATE, "Newest date among the agreeing evidence."),
        Column("flags", _STRINGS, "Names of the consistency rules that the value fails, sorted; see `checks`."),
    ),
)

SKILLS = Table(
    "skills",
    "One row per role, skill, relation and other role.",
    ("role_id", "skill_id", "relation", "other_role_id"),
    (
        _ROLE_ID,
        Column("skill_id", _STRING, "The skill: slug of its name."),
        Column("skill", _STRING, "Title Case, as listed."),
        Column("relation", _STRING, "`listed`, `top`, `soft`, `distinctive` or `shared`."),
        _OTHER_ROLE_ID,
        _optional("share", _FLOAT, "Share of the role's resumes that list the skill.", "percent"),
        _optional("rank", _INT32, "Place in the list, from 1."),
        _optional("example", _STRING, "The resume sentence under the skill."),
        _OBSERVATION_COUNT,
        _DOCUMENT_COUNT,
        _CONFIDENCE,
    ),
)

RESPONSIBILITIES = Table(
    "responsibilities",
    "One row per role and responsibility.",
    ("role_id", "text"),
    (
        _ROLE_ID,
        Column("position", _INT32, "Place in the list where it was first seen, from 1."),
        Column("text", _STRING, "The responsibility in the page's words."),
        _OBSERVATION_COUNT,
        _DOCUMENT_COUNT,
    ),
)

COMPARISONS = Table(
    "comparisons",
    "One row per ordered pair of roles and measure: a difference that a page states, listed from both sides.",
    ("role_id", "other_role_id", "measure"),
    (
        _ROLE_ID,
        _OTHER_ROLE_ID,
        Column(
            "measure", _STRING, "What is compared: `salary_yearly`, `masters_degree_share`, `doctoral_degree_share`."
        ),
        Column("difference", _FLOAT, "The role's value minus the other role's, signed, in `unit`."),
        Column("unit", _STRING, "`USD/year`, or `percent` (percentage points)."),
        _OBSERVATION_COUNT,
        _DOCUMENT_COUNT,
    ),
)

OBSERVATIONS = Table(
    "observations",
    "Every fact as one page states it, with its evidence.",
    ("observation_id",),
    (
        Column(
            "observation_id", _STRING, "The document's id and the fact's number in it; `derived-...` for derived facts."
        ),
        _DOCUMENT_ID,
        Column("table", _STRING, "The table that the fact belongs to: `metrics`, `skills`, ..."),
        _ROLE_ID,
        Column("field", _STRING, "The metric, the skill's relation, the measure, or the role's attribute."),
        Column("category", _STRING, 'As in `metrics`; "" when there is none.'),
        _OTHER_ROLE_ID,
        _optional("value", _FLOAT, "The number, in `unit`; null where the page has none or leaves it open."),
        _optional("text", _STRING, "The words, in the page's own case."),
        Column("unit", _STRING, 'As in `metrics`; "" where the fact has no number.'),
        Column("method", _STRING, "`stated`, `resolved`, `derived` or `ambiguous`."),
        _CONFIDENCE,
        Column(
            "alternatives",
            _STRINGS,
            "The readings that were not taken; all readings of an ambiguous cell, the k-th of one cell beside the k-th of its neighbour.",
        ),
        Column("derived_from", _STRINGS, "Ids of the observations that a derived fact was computed from."),
        _optional("line", _INT64, "Line of the document, from 1."),
        _optional("start", _INT64, "Offset of the first character in the document's text.", "characters"),
        _optional("end", _INT64, "Offset behind the last character.", "characters"),
        _optional("raw", _STRING, "Exactly the document's text from start to end."),
        _optional("rank", _INT32, "Place in the list that the fact was read from, from 1."),
        _optional("example", _STRING, "The resume sentence under a skill."),
        _optional("example_start", _INT64, "Offset of the example's first character.", "characters"),
        _optional("example_end", _INT64, "Offset behind the example's last character.", "characters"),
    ),
)

CHECKS = Table(
    "checks",
    "One row per consistency rule that failed.",
    ("rule", "role_id", "metric", "category", "document_id"),
    (
        Column("rule", _STRING, "Name of the rule."),
        _ROLE_ID,
        Column("metric", _STRING, "The metric that the rule looks at."),
        Column("category", _STRING, 'As in `metrics`; "" when there is none.'),
        _optional("document_id", _STRING, "The document that fails the rule; null where the merged tables do."),
        Column("expected", _STRING, "What the rule expects."),
        Column("found", _STRING, "What was found instead."),
        Column("explanation", _STRING, "Why that is worth a look, in one sentence."),
    ),
)

UNPARSED = Table(
    "unparsed",
    "Every non-blank line that is neither a fact nor known boilerplate.",
    ("document_id", "start"),
    (
        _DOCUMENT_ID,
        Column("line", _INT64, "Line of the document, from 1."),
        Column("start", _INT64, "Offset of the first character in the document's text.", "characters"),
        Column("end", _INT64, "Offset behind the last character.", "characters"),
        Column("text", _STRING, "The line, or what is left of it beside its facts."),
        Column("reason", _STRING, "Why it was not parsed."),
        Column("skeleton", _STRING, "The text with numbers, money, role names and quoted skills as placeholders."),
    ),
)

TABLES: tuple[Table, ...] = (
    DOCUMENTS,
    ROLES,
    METRICS,
    SKILLS,
    RESPONSIBILITIES,
    COMPARISONS,
    OBSERVATIONS,
    CHECKS,
    UNPARSED,
)
"""All published tables, in the order in which people meet them."""

READINGS = Table(
    "readings",
    "Internal, between the parsers and the resolver: every legal reading of every ambiguous cell.",
    ("observation_id", "reading"),
    (
        Column("observation_id", _STRING, "The ambiguous cell."),
        Column("run_id", _STRING, "The run of cells that it was cut from: equal for the cells that are read together."),
        Column("reading", _INT32, "Number of the joint reading of the run, from 0."),
        _optional("value", _FLOAT, "What the cell says under this reading."),
        _optional("text", _STRING, "What the cell says under this reading."),
        Column("start", _INT64, "Offset of the cell's first character under this reading.", "characters"),
        Column("end", _INT64, "Offset behind the cell's last character.", "characters"),
    ),
)

METRIC_UNITS: dict[str, str] = {
    "salary_yearly": "USD/year",
    "salary_hourly": "USD/hour",
    "salary_low": "USD/year",
    "salary_high": "USD/year",
    "job_growth": "percent",
    "job_count": "jobs",
    "job_satisfaction": "score",
    "most_common_degree": "percent",
    "age": "years",
    "experience_years": "years",
    "highest_paying_city": "text",
    "highest_paying_state": "text",
    "best_paying_company": "text",
    "best_paying_industry": "text",
    "most_common_major": "text",
    "most_common_college": "text",
    "gender_share": "percent",
    "race_share": "percent",
    "lgbt_share": "percent",
    "time_to_become_low": "months",
    "time_to_become_high": "months",
    "industry_salary": "USD/year",
    "hiring_company_jobs": "jobs",
}
"""Every metric of the contract and the unit of its value."""
