# SPDX-License-Identifier: Apache-2.0
"""What the lints share: finding sources and reporting problems."""

import pathlib
import sys

SKIPPED_FOLDERS = {"build", ".git", "corpus", "__pycache__"}


def find(root, folders, suffixes):
    """Yield the files below root/folder with one of the suffixes, sorted."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.suffix in suffixes and path.is_file() and not (
                    SKIPPED_FOLDERS & set(inside.parts)):
                yield path


def root_from_arguments():
    """The tree to look at: the first argument."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} ROOT")
    return pathlib.Path(sys.argv[1]).resolve()


def finish(problems):
    """Print the problems; status 1 when there are any."""
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems")
    sys.exit(1 if problems else 0)
