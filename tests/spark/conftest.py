from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.spark.session import make_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """The one session of this process, local[2]."""
    with pytest.MonkeyPatch.context() as patch:
        session = make_session(tmp_path_factory.mktemp("hazards"), patch)
        yield session
        session.stop()
