#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files of tests/data/import made again now, and put through test_releases.py.

usage: test_made_now.py VIZTRACER CACHE
"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MAKE = HERE.parents[1] / "data/import/make.py"


def main():
    viztracer, cache = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", MAKE, cache, folder], check=True)
        sys.exit(subprocess.run(
            [sys.executable, "-B", HERE / "test_releases.py", viztracer,
             folder], check=False).returncode)


main()
