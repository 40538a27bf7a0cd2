"""What values of a metric look like."""

from __future__ import annotations

BOUNDS: dict[str, tuple[float, float]] = {
    "salary_yearly": (1_000, 5_000_000),
    "salary_hourly": (0.5, 2_500),
    "salary_low": (1_000, 5_000_000),
    "salary_high": (1_000, 10_000_000),
    "industry_salary": (1_000, 5_000_000),
    "job_growth": (-100, 300),
    "job_count": (0, 20_000_000),
    "job_satisfaction": (0, 5),
    "most_common_degree": (0, 100),
    "age": (14, 90),
    "experience_years": (0, 40),
    "gender_share": (0, 100),
    "race_share": (0, 100),
    "lgbt_share": (0, 100),
    "time_to_become_low": (0, 360),
    "time_to_become_high": (0, 360),
    "hiring_company_jobs": (0, 5_000_000),
}
"""Metric -> least and greatest value that a page of this kind can mean, in the metric's unit; wide on purpose."""
