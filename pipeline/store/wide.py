"""Turns the long table of metrics into one row per role."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd


def widen(roles: Any, metrics: Any, units: Mapping[str, str], skipped: Collection[str]) -> Any:
    """A DataFrame with one row per role and one column per metric and category.

    `roles` and `metrics` are the tables as DataFrames, `units` the unit of each metric in the order of the columns.
    """
    metrics = metrics[~metrics["metric"].isin(list(skipped))]
    order = {metric: place for place, metric in enumerate(units)}
    groups = sorted(
        metrics.groupby(["metric", "category"]), key=lambda group: (order.get(group[0][0], len(order)), group[0])
    )
    columns = [roles.set_index("role_id")["name"]]
    column_units: dict[str, str] = {}
    for (metric, category), group in groups:
        rows = group.set_index("role_id")
        name = f"{metric}/{category}" if category else metric
        unit = rows["unit"].iloc[0]
        column_units[name] = unit
        columns.append(rows["text" if unit == "text" else "value"].rename(name))
        if unit != "text" and rows["text"].notna().any():
            column_units[f"{name}/text"] = "text"
            columns.append(rows["text"].rename(f"{name}/text"))
    index = columns[0].index
    frame = pd.concat([column.reindex(index) for column in columns], axis="columns")
    frame.attrs["units"] = column_units
    return frame
