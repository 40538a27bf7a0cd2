"""Pages that nobody wrote in good faith: no exception, nothing lost, and time linear in size."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.pagegen import FORMS, World, comparison_page, profile_page
from pipeline import parse_text
from pipeline.model import Page

WORLD = World(seed=7, size=6)
COMPARISON = FORMS["bulleted"].render(comparison_page(*WORLD.roles[:2]))
PROFILE = FORMS["dashed"].render(profile_page(WORLD.roles[0], tuple(WORLD.roles[1:5])))
STRIPPED = FORMS["stripped"].render(profile_page(WORLD.roles[0], tuple(WORLD.roles[1:5])))
PIPE = FORMS["pipe_b"].render(comparison_page(*WORLD.roles[:2]))
TEXTS = {"comparison": COMPARISON, "profile": PROFILE, "stripped": STRIPPED, "pipe": PIPE}


def check(page: Page, text: str) -> None:
    """What holds for every page: spans replay, values are finite, and every line is accounted for once."""
    if "\n" not in text:
        text = re.sub("[\r\x85\u2028\u2029]", "\n", text)
    assert page.text == text
    for fact in page.facts:
        assert 0 <= fact.start < fact.end <= len(text), fact
        assert fact.value is None or abs(fact.value) < 1e15, fact
        for reading in fact.readings:
            assert 0 <= reading.start < reading.end <= len(text), fact
        assert fact.example is None or 0 <= fact.example[0] < fact.example[1] <= len(text), fact
    for left in page.unparsed:
        assert 0 <= left.start < left.end <= len(text), left
        assert text[left.start : left.end].strip(), left
        assert left.line == text.count("\n", 0, left.start) + 1, left
    unparsed = len({left.line for left in page.unparsed})
    lines = sum(bool(line.strip()) for line in text.split("\n"))
    assert page.lines_extracted + page.lines_boilerplate + unparsed == lines


# --- any text ------------------------------------------------------------------------------------------------------

fragments = st.sampled_from([
    "Number of jobs", "Yearly salary", "$", "%", "-", "--", ",", ".", "|", "\n", "\n\n", "  • ", "- ", "\t", " ", "1", "12",
    "612", "4668,658", "$12,345", "Between ", " And ", "Male, 1%", "Bachelor's Degree, ", " vs ", " vs. ", " do?", "What does a ",
    "The differences between ", "Additionally, ", " has an average salary of ", '"', '," ', "They’re ", "Collector", "usher",
    "We calculated that ", " are proficient in ", "Here are examples of responsibilities from real ", " resumes:", "\r\n", "\x00",
    "\u2028", "\x85", "\ufeff", "\u202e", "٣", "½", "Ⅷ", "\ud800", "é", "ß", "İ", "It typically takes 6-12 months to become both ",
])  # fmt: skip


@settings(max_examples=150)
@given(text=st.one_of(st.text(max_size=400), st.lists(fragments, max_size=60).map("".join)))
def test_any_text(text: str) -> None:
    check(parse_text(text), text)


@settings(max_examples=100)
@given(data=st.data(), name=st.sampled_from(sorted(TEXTS)))
def test_pages_with_pieces_cut_out_doubled_and_spoilt(data: st.DataObject, name: str) -> None:
    text = TEXTS[name]
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + data.draw(st.sampled_from([1, 10, 300, 9_000])))))
        piece = data.draw(st.one_of(st.just(""), st.just(text[start:end] * 2), fragments, st.text(max_size=5)))
        text = text[:start] + piece + text[end:]
    check(parse_text(text), text)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(sorted(TEXTS)))
def test_shuffled_lines(seed: int, name: str) -> None:
    lines = TEXTS[name].split("\n")
    Random(seed).shuffle(lines)
    text = "\n".join(lines)
    check(parse_text(text), text)


@pytest.mark.parametrize("text", ["Race ratio,</p></h3></p>"])
def test_what_the_fuzzer_found(text: str) -> None:
    check(parse_text(text), text)


# --- size ----------------------------------------------------------------------------------------------------------


def cpu_seconds(text: str) -> float:
    """CPU time of one parse; short ones are measured three times, since a cache or another process may cost some.

    The garbage collector is off: what it costs depends on all the tests that ran before.
    """
    gc.collect()
    gc.disable()
    try:
        times: list[float] = []
        while len(times) < 3 and sum(times) < 1:
            start = time.process_time()
            parse_text(text)
            times.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(times)


TITLE = "Usher vs baker\n\n"
ROW = "Number of jobs24,81723,948\n"
HOSTILE: dict[str, Callable[[int], str]] = {
    # each makes a text of about so many characters
    "one line of words": lambda size: TITLE + "words and more " * (size // 15),
    "one line of sentences": lambda size: TITLE + "Additionally, an usher has an average salary of $1. " * (size // 52),
    "one line of digits": lambda size: TITLE + "Number of jobs" + "1" * size,
    "one line of commas and digits": lambda size: TITLE + "Number of jobs" + "1,234" * (size // 5),
    "one line of spaces": lambda size: TITLE + "Number of jobs" + " " * size + "1",
    "one line of commas": lambda size: TITLE + "Gender ratioMale" + "," * size,
    "one line of dollars": lambda size: TITLE + "Yearly salary" + "$" * size,
    "one line of money": lambda size: TITLE + "Yearly salary" + "$12,345" * (size // 7),
    "one line of percent": lambda size: TITLE + "Growth rate" + "-8%" * (size // 3),
    "one line of dashes": lambda size: TITLE + "Job satisfaction" + "-" * size,
    "one line of shares": lambda size: TITLE + "Race ratio" + "White, 1.0% " * (size // 12),
    "one line of capitals": lambda size: TITLE + "Best paying company" + "Ab" * (size // 2),
    "one line of quotes": lambda size: TITLE + 'Most ushers list "' + '"a," ' * (size // 5),
    "one line of the page": lambda size: COMPARISON.replace("\n", " ") * (size // len(COMPARISON)),
    "one line of the profile": lambda size: PROFILE.replace("\n", " ") * (size // len(PROFILE)),
    "one line of a title": lambda size: "Usher vs " * (size // 9),
    "one line of openings": lambda size: TITLE + "We calculated that 6% of " * (size // 25),
    "bars": lambda size: TITLE + "| " * (size // 2),
    "table rows": lambda size: TITLE + "UsherBaker\n" + ROW * (size // len(ROW)),
    "pipe rows": lambda size: TITLE + "| Usher | Baker | |\n" + "| Growth rate | -8% | - |\n" * (size // 26),
    "different headers": lambda size: TITLE + "".join(f"Role {n} vs baker\n" for n in range(size // 16)),
    "profile peers": lambda size: PROFILE + "".join(f"\nUsher vs. Role {n}\nText." for n in range(size // 25)),
    "blank lines": lambda size: TITLE + "\n" * size,
    "items": lambda size: COMPARISON + "\n  • Item, 5%" * (size // 13),
    "pages one below the other": lambda size: (COMPARISON + "\n") * (size // len(COMPARISON)),
}
SIZES = (10_000, 40_000, 160_000, 640_000)


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_time_is_linear_in_size(make: Callable[[int], str]) -> None:
    """Four times the text may take eight times as long: quadratic time would take sixteen."""
    parse_text(make(1_000))
    before = cpu_seconds(make(SIZES[0]))
    for size in SIZES[1:]:
        now = cpu_seconds(make(size))
        # Below a tenth of a second there is nothing to fear, and clocks say little.
        assert now < max(8 * before, 0.1), f"{size // 4:,} characters {before:.3f} s, {size:,} {now:.3f} s"
        before = now


@pytest.mark.slow
@pytest.mark.parametrize("name", ["one line of sentences", "one line of the page", "one line of digits"])
def test_five_megabytes_on_one_line(name: str) -> None:
    text = HOSTILE[name](5_000_000)
    start = time.process_time()
    page = parse_text(text)
    assert time.process_time() - start < 60
    check(page, text)


@pytest.mark.slow
def test_hundred_thousand_table_rows() -> None:
    text = TITLE + "UsherBaker\n" + ROW * 100_000
    start = time.process_time()
    page = parse_text(text)
    assert time.process_time() - start < 60
    assert page.lines_extracted + page.lines_boilerplate + len({left.line for left in page.unparsed}) == 100_002
