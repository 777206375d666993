"""Property tests try the same examples everywhere, so that a passing tree passes again; `HYPOTHESIS_PROFILE=explore`
(`make explore`) tries new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
