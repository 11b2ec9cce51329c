# SPDX-License-Identifier: Apache-2.0
"""Where things are. ctest says it; the defaults are for runs by hand:

    python3 tests/e2e/terminal/test_screens.py
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", "..", ".."))
BUILD = os.path.join(ROOT, "build/dev")
VIZTRACER = os.path.abspath(os.environ.get(
    "VIZTRACER", os.path.join(BUILD, "bin/viztracer")))
WRITE_TRACE = os.path.abspath(os.environ.get(
    "WRITE_TRACE", os.path.join(BUILD, "tests/e2e/terminal/write_trace")))
PYTHON = os.environ.get("PYTHON", sys.executable)

# When a wait has failed. Nothing waits for time to pass.
DEADLINE_S = 60
