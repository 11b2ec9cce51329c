#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C file looks as clang-format would write it.

usage: check_format.py ROOT CLANG_FORMAT [--fix]
"""

import subprocess
import sys

import source_tree


def main():
    root = source_tree.root_from_arguments()
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    mode = ["-i"] if "--fix" in sys.argv else ["--dry-run", "-Werror"]
    files = [str(file) for file in
             source_tree.find(root, ["src", "tests"], {".c", ".h"})]
    if files:
        result = subprocess.run([sys.argv[2], *mode, *files], check=False)
        sys.exit(1 if result.returncode != 0 else 0)


if __name__ == "__main__":
    main()
