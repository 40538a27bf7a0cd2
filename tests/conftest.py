"""Settings that all tests share."""

import os
import signal

from hypothesis import HealthCheck, settings

# No deadlines: the machines are slow and shared, and speed is measured in benchmarks/. CI draws the same examples each time.
settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# In the background of a shell without job control Ctrl-C is ignored, and so it is by every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
