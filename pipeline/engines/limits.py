"""How much one document may take before it is given up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of the engine; those of the readers are :class:`pipeline.readers.ReadOptions`."""

    document_seconds: float = 10.0
    """Processor time for one document. A worker that gets no processor time either is given up after six times that."""
    document_memory: int = 1536 << 20
    """Bytes of memory that a worker may take on top of what it starts with."""
    batch_bytes: int = 1 << 20
    """Bytes of records that a worker gets at a time."""
    batch_records: int = 1000
    """Records that a worker gets at a time."""

    @property
    def stalled_seconds(self) -> float:
        """Time by the clock after which a worker that uses no processor time is given up."""
        return self.document_seconds * 6

    def of_documents(self) -> dict[str, float]:
        """The limits that decide what becomes of a document."""
        return {"document_seconds": self.document_seconds, "document_memory": self.document_memory}
