"""Why a file or a part of it cannot be read, as exceptions inside the readers; callers see records with a problem."""

from __future__ import annotations

from pipeline.model import Problem


class ReadError(Exception):
    """Base of the three; carries the problem that the record will show."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(code, detail)


class CutError(ReadError):
    """Compressed data ends early, but what came before it is intact and is kept."""


class BrokenError(ReadError):
    """Compressed data contradicts itself; what its checksum does not confirm is withheld."""


class GaveUpError(ReadError):
    """The file is not read any further: a limit is reached, or nothing in it can be read."""
