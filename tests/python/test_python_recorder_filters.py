# SPDX-License-Identifier: Apache-2.0
"""The filters of the recorder in Python: all that is asked of the recorder in
C, compared with the same oracle."""
import os
import unittest

import without_extension  # noqa: F401  comes first

os.environ.setdefault("CASES", "8")

import test_filters  # noqa: E402
from test_filters import RandomTest  # noqa: E402,F401


class RulesTest(test_filters.RulesTest):
    # Once taken, the slot is not ours again.
    test_depth_after_the_program_took_the_slot = None
    # There stderr has a line more, that there is no extension.
    test_a_save_without_calls_says_what_to_widen = None


if __name__ == "__main__":
    unittest.main(verbosity=2)
