"""Where the tables of a run go, and where readers find them: all tables of a run appear together or not at all.

    out/
        roles.parquet ...    -> current/roles.parquet   stable names for people and notebooks
        manifest.json        -> current/manifest.json
        current              -> .runs/<folder>           the one pointer; swapped atomically
        .runs/<folder>/      an immutable run: its tables and its manifest
        .runs/.staging/      a run in the making; left behind by a killed run, cleaned by the next
        .lock                held by the run that is writing

A reader that resolves `current` once never mixes two runs; :func:`open_tables` does. In the mode without links `current`
is a small file that names the run folder, and the stable names are copies, which are replaced one by one.
"""

from pipeline.store.contract import ContractError
from pipeline.store.manifest import InputFile, Origin
from pipeline.store.output import Output, RunInfo, open_output, publish
from pipeline.store.reader import Tables, open_tables

__all__ = [
    "ContractError",
    "InputFile",
    "Origin",
    "Output",
    "RunInfo",
    "Tables",
    "open_output",
    "open_tables",
    "publish",
]
