"""Pages made up at random, in every supported form: what is published must be what the page was made from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pagegen import (
    FORMS,
    Firm,
    Options,
    Page,
    ProfileOptions,
    RoleName,
    RoleTruth,
    Term,
    comparison_page,
    expected,
    left_over,
    make_dump,
    mismatches,
    open_rows,
    profile_page,
    random_role,
    seeds,
    visible_roles,
    wordings,
    words,
)
from benchmarks.pagegen.comparison import SECTIONS
from benchmarks.pagegen.names import compose
from benchmarks.pagegen.oracle import readings
from pipeline import parse_text

RAW = Path(__file__).parent.parent / "raw"
COMPARISON_FORMS = ("bulleted", "bulleted_older", "pipe_a", "pipe_a_items", "pipe_b", "pipe_c")
PROFILE_FORMS = ("bulleted", "bulleted_older", "dashed", "stripped")
RARE_FORMS = (
    "tabbed", "spaced", "lines", "wet", "one_line", "one_line_glued_rows", "glued_page", "padded", "wrapped", "bars_below",
    "markdown", "markdown_underlined", "markdown_wrapped", "tei", "csv",
)  # fmt: skip

WRAPPED_FORMS = ("wrapped", "markdown_wrapped")


def raw_text(number: str) -> str:
    return next(RAW.glob(f"{number}_*.txt")).read_bytes().decode()


# --- the generator is like the real pages --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "first", "second"),
    [
        ("000", seeds.senior_specialist, seeds.collector),
        ("001", seeds.specialist, seeds.coordinator),
        ("003", seeds.collector, seeds.coordinator),
    ],
)
def test_generator_prints_real_comparison_byte_for_byte(number, first, second) -> None:
    text = raw_text(number)
    assert FORMS["bulleted"].render(comparison_page(first(text), second(text))) == text


@pytest.mark.parametrize("number", ["002", "004"])
def test_generator_words_profiles_as_real_ones(number) -> None:
    """Every wording that the real page uses has its sentence in the generator, and none is left over."""
    text = raw_text(number)
    years = "recent" if number == "002" else "older"
    tables = (wordings.PAY, wordings.SHARED, wordings.DISTINCT, wordings.INDUSTRY, wordings.EDUCATION)
    used = [wording for table in tables for key, wording in table.items() if f"/{years}" in key]
    used += [wordings.PROFICIENT, wordings.SHARES_LEAD]
    used += [wordings.COMMON["PL1"], *wordings.SOFT, wordings.HIRING_LEAD, wordings.BUILDER] if number == "002" else []
    used += [wordings.COMMON["PL2"]] if number == "004" else []
    for wording in used:
        pattern = "".join(
            ".+?" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{.*?\})", wording.strip())
        )
        assert re.search(pattern, text), wording


def test_oracle_reads_glued_cells_of_real_pages() -> None:
    assert readings("Number of jobs", "24,81723,948") == (("24,817", "23,948"),)
    assert readings("Years of experience", "1212") == (("12", "12"),)
    assert readings("Years of experience", "612") == (("6", "12"), ("61", "2"))
    assert readings("Growth rate", "--10%") == (("-", "-10%"),)
    assert readings("Job satisfaction", "-5") == (("-", "5"),)
    assert len(readings("Number of jobs", "4668,658")) == 3
    assert len(readings("Best paying company", "InfosysPublicServiceUniversity of California, Berkeley")) == 3


def test_dump_is_repeatable_and_as_sparse_as_real_ones() -> None:
    pages = list(make_dump(seed=3, pages=600))
    assert [page.data for page in make_dump(seed=3, pages=600)] == [page.data for page in pages]
    mentions = Counter(role.role_id for page in pages for role in page.page.roles)
    assert median(mentions.values()) == 2
    assert max(mentions.values()) <= 12
    truth = visible_roles(pages)
    assert 0.05 < sum(role.jobs is not None and role.jobs < 1000 for role in truth.values()) / len(truth) < 0.12
    assert 0.10 < sum(role.satisfaction is None for role in truth.values()) / len(truth) < 0.20
    assert 0.07 < sum(page.is_older for page in pages) / len(pages) < 0.13
    assert {page.form for page in pages} >= {"bulleted", "pipe_a", "pipe_b", "dashed", "stripped"}
    rows = open_rows(pages)
    assert rows
    assert all(row.row.truth[0] for row in rows)


# --- random pages --------------------------------------------------------------------------------------------------

counts = st.one_of(
    st.none(), st.integers(1, 9), st.integers(10, 999), st.integers(1_000, 9_999), st.integers(1, 5_000_000)
)
growths = st.one_of(st.none(), st.integers(-60, 120))
scores = st.one_of(st.none(), st.integers(0, 50).map(lambda tenths: tenths / 10))
terms = st.one_of(
    st.none(),
    st.sampled_from([Term(6, 12, "months"), Term(1, 2, "years"), Term(2, 3, "years"), Term(2, 4, "years")]),
    st.sampled_from([Term(4, 6, "years"), Term(6, 8, "years"), Term(8, 10, "years"), Term(10, 12, "years")]),
)
firms = st.one_of(
    st.none(),
    st.sampled_from(words.CAPITAL_FIRMS + words.LOWER_FIRMS).map(lambda name: Firm(name, name)),
    st.tuples(st.sampled_from(words.CAPITAL_FIRMS), st.sampled_from(words.BLURBS)).map(
        lambda pair: Firm(pair[0], pair[1].format(firm=pair[0], adjective="large", adjective2="innovative"))
    ),
)
shares = st.integers(0, 1000).map(lambda tenths: tenths / 10)


@st.composite
def role_names(draw: st.DrawFn, count: int) -> list[RoleName]:
    """Names of any shape, no two of which are one name in another number or spelling."""
    rng = Random(draw(st.integers(0, 10_000_000)))
    names: dict[str, RoleName] = {}
    while len(names) < count:
        name = compose(rng)
        names.setdefault(name.key, name)
    return list(names.values())


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RoleTruth, RoleTruth]:
    """Two roles of a random world whose figures hypothesis chooses; no two roles of one page earn the same."""
    a, b = (draw(roles(name)) for name in draw(role_names(2)))
    return a, b if a.salary != b.salary else replace(b, salary=b.salary + 1, high=b.high + 1000)


@st.composite
def roles(draw: st.DrawFn, name: RoleName) -> RoleTruth:
    role = random_role(Random(draw(st.integers(0, 10_000_000))), name, tricky=0.1)
    salary = draw(st.integers(12_000, 400_000))
    return replace(
        role,
        salary=salary,
        low=draw(st.integers(8, salary // 1000)) * 1000,
        high=draw(st.integers(salary // 1000 + 1, 999)) * 1000,
        growth=draw(growths),
        jobs=draw(counts),
        satisfaction=draw(scores),
        degree_share=draw(st.integers(1, 100)),
        age=draw(st.integers(18, 79)),
        term=draw(terms),
        city=draw(st.none() | st.sampled_from(words.CITIES)),
        state=draw(st.none() | st.sampled_from(sorted(words.STATES.values()))),
        company=draw(firms),
        industry=draw(st.none() | st.sampled_from(words.INDUSTRIES)),
        college=draw(st.none() | st.sampled_from(words.COLLEGES)),
        male=draw(shares),
    )


comparison_options = st.builds(
    Options,
    sections=st.permutations(SECTIONS).flatmap(
        lambda order: st.integers(1, len(order)).map(lambda n: tuple(order[:n]))
    ),
    has_title=st.booleans(),
    has_post_job=st.booleans(),
    has_top_skills=st.booleans(),
    has_browse=st.booleans(),
)


def check(page: Page, form: str) -> None:
    """Parses the page in that form and fails with all that is wrong, and with the text."""
    text = FORMS[form].render(page)
    parsed = parse_text(text)
    problems = mismatches(parsed, expected(page, FORMS[form]))
    if form in WRAPPED_FORMS:
        # A page with one broken line shows no width; what is on it may be lost, and nothing may be wrong.
        problems = [problem for problem in problems if not problem.startswith(("missing", "open cell lost"))]
    elif not FORMS[form].blurs:
        problems += left_over(parsed)
    if problems:
        pytest.fail("\n".join([*problems[:20], "", text]), pytrace=False)


@pytest.mark.parametrize("form", COMPARISON_FORMS)
@settings(max_examples=40)
@given(pair=pairs())
def test_whole_comparison_page(form, pair) -> None:
    check(comparison_page(*pair), form)


@pytest.mark.parametrize("form", COMPARISON_FORMS)
@settings(max_examples=25)
@given(pair=pairs(), options=comparison_options)
def test_comparison_page_with_sections_missing_and_moved(form, pair, options) -> None:
    check(comparison_page(*pair, options), form)


@pytest.mark.parametrize("form", COMPARISON_FORMS)
@settings(max_examples=15)
@given(pair=pairs(), section=st.sampled_from(("overview", "salary")))
def test_comparison_page_without_title_takes_names_from_headings_and_header_row(form, pair, section) -> None:
    options = Options((section,), has_title=False, has_post_job=False, has_top_skills=False)
    check(comparison_page(*pair, options), form)


@st.composite
def profiles(draw: st.DrawFn, wording: str | None = None) -> Page:
    """A profile page of a random world, whole or not."""
    names = draw(role_names(5))
    rng = Random(draw(st.integers(0, 10_000_000)))
    role, *peers = (random_role(rng, name, tricky=0.05) for name in names)
    peers = [peer for peer in peers if peer.salary != role.salary]
    options = ProfileOptions.random(rng, wording)
    return profile_page(role, tuple(peers[: draw(st.integers(0, 4))]), options)


ODD_NAMES = (Path(__file__).parent / "fixtures/cases/odd_names.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("form", ["bulleted", "html", "one_line", "padded"])
@pytest.mark.parametrize("number", range(len(ODD_NAMES)), ids=ODD_NAMES)
def test_pages_of_roles_with_odd_names(number, form) -> None:
    """Each beside its neighbour, and beside one from the middle of the list."""
    rng = Random(number)
    name, *others = (ODD_NAMES[(number + step) % len(ODD_NAMES)] for step in (0, 1, len(ODD_NAMES) // 2))
    role = random_role(rng, RoleName.of(name))
    for other in others:
        peer = random_role(rng, RoleName.of(other))
        peer = peer if peer.salary != role.salary else replace(peer, salary=peer.salary + 1, high=peer.high + 1000)
        check(comparison_page(role, peer), form)
        check(profile_page(role, (peer,), ProfileOptions.random(rng)), form)


@pytest.mark.parametrize("form", PROFILE_FORMS)
@settings(max_examples=40)
@given(data=st.data())
def test_profile_page(form, data) -> None:
    check(data.draw(profiles("older" if form == "stripped" else None)), form)


# --- what other tools make of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", RARE_FORMS)
@settings(max_examples=12)
@given(pair=pairs())
def test_comparison_page_in_the_form_of_another_tool(form, pair) -> None:
    check(comparison_page(*pair), form)


@pytest.mark.parametrize("form", sorted(form for form in RARE_FORMS if "profile" in FORMS[form].pages))
@settings(max_examples=12)
@given(data=st.data())
def test_profile_page_in_the_form_of_another_tool(form, data) -> None:
    check(data.draw(profiles()), form)
