"""Settings that all tests share."""

import os

from hypothesis import HealthCheck, settings

# No deadlines: the machines are slow and shared, and speed is measured in benchmarks/. CI draws the same examples each time.
settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")
