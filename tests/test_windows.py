"""Rows of bundles in windows of ids: all of them, each once, whatever the windows and the files."""

from hashlib import blake2b
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cache import PageSet, windows

KEY = "observation_id"


def ids(seed: int, count: int) -> list[str]:
    return [blake2b(f"{seed} {number}".encode(), digest_size=16).hexdigest() + "-0001" for number in range(count)]


def write(path: Path, keys: list[str], groups: int) -> None:
    """A file as bundles have them: row groups by ranges of ids, in no order inside."""
    parts: list[list[str]] = [[] for _ in range(groups)]
    for key in keys:
        parts[int(key[:2], 16) * groups // 256].append(key)
    schema = pa.schema([(KEY, pa.string()), ("word", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for part in parts:
            Random(1).shuffle(part)
            table = pa.table([part, [key[:1] for key in part]], schema=schema)
            writer.write_table(table, max(len(part), 1))


@given(
    files=st.lists(st.tuples(st.integers(0, 400), st.sampled_from((1, 4, 64))), min_size=1, max_size=4),
    size=st.sampled_from((1, 7, 100, 1000)),
    most=st.sampled_from((1, 100, 10_000)),
    threads=st.sampled_from((1, 3)),
)
def test_every_row_comes_once_in_its_window(files, size, most, threads):
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) for number in range(len(files))]
        for number, (path, (count, groups)) in enumerate(zip(paths, files, strict=True)):
            write(path, ids(number, count), groups)
        found, below = [], ""
        for window in windows(paths, KEY, size, most, ("word",), threads=threads):
            for rows in window.rows:
                keys = rows[KEY].to_pylist()
                assert all(below <= key and (not window.end or key < window.end) for key in keys)
                assert rows["word"].to_pylist() == [key[:1] for key in keys]
                found += keys
            below = window.end
    assert sorted(found) == sorted(key for number, (count, _) in enumerate(files) for key in ids(number, count))


@pytest.mark.parametrize(
    ("least", "most", "largest"),
    [
        (6000, 6000, 6000),
        (400, 10_000, 460),  # ids are hashes, so windows are of about one size
        (1, 10_000, 130),  # as narrow as the ranges of large files
        (1, 50, 70),  # and narrower where these are too much
    ],
)
def test_windows_have_the_size_asked_for_where_files_are_cut_at_wider_ranges(tmp_path, least, most, largest):
    write(tmp_path / "file", ids(0, 6000), 4)
    found = windows([tmp_path / "file"], KEY, least, most)
    sizes = [sum(rows.num_rows for rows in window.rows) for window in found]
    assert sum(sizes) == 6000
    assert largest / 2 < max(sizes) <= largest


@given(st.sets(st.integers(0, 60)), st.lists(st.integers(0, 60)))
def test_a_set_of_pages_knows_its_own(held, asked):
    base = 0x2D6D5CD100000000
    numbers = pa.chunked_array([pa.array([base + number for number in asked], pa.int64())])
    mask = PageSet(np.array(sorted(held, key=hash), np.int64) + base).mask(numbers)
    assert mask.to_pylist() == [number in held for number in asked]


def test_the_rows_of_a_window_are_let_go_before_more_are_read(tmp_path):
    write(tmp_path / "file", ids(0, 600), 4)
    found = windows([tmp_path / "file"], KEY, 100, 100)
    first = next(found)
    assert first.rows
    next(found)
    assert not first.rows


def test_nothing_waits_where_windows_are_narrower_than_ranges(tmp_path):
    write(tmp_path / "file", ids(0, 6000), 1)
    before = pa.total_allocated_bytes()
    windows_of_it = windows([tmp_path / "file"], KEY, 50, 50)
    held = [pa.total_allocated_bytes() - before for window in windows_of_it if not window.rows.clear()]
    assert len(held) == 128
    assert median(held) < 6000 * len(ids(0, 1)[0]) / 10  # a thread may be letting go of its part at that moment
