#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone, and twice.

usage: check_headers.py ROOT COMPILER [FLAG...]

Headers of tracer/python need Python's own; they are checked with those of the
interpreter that runs this script, when it has them.
"""

import concurrent.futures
import pathlib
import subprocess
import sys
import sysconfig

import source_tree

FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra",
         "-Werror", "-x", "c", "-"]


def python_flags():
    """Where Python.h is, or None when it is not installed."""
    folder = pathlib.Path(sysconfig.get_paths()["include"])
    return ["-isystem", str(folder)] if (folder / "Python.h").is_file() \
        else None


def check(root, file, compiler):
    """The compiler's complaint about one header; None when it is well."""
    folder = "src" if (root / "src") in file.parents else "tests"
    name = file.relative_to(root / folder).as_posix()
    flags = compiler[1:] + [f"-I{root / 'src'}", f"-I{root / 'tests'}"]
    if name.startswith("tracer/python/"):
        if python_flags() is None:
            print(f"{name}: not checked, Python.h is not installed")
            return None
        flags += python_flags()
    result = subprocess.run(
        [compiler[0], *flags, *FLAGS], text=True, check=False,
        input=f'#include "{name}"\n#include "{name}"\n',
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0:
        return f"{folder}/{name}: does not compile alone\n{result.stdout}"
    return None


def main():
    root = source_tree.root_from_arguments()
    compiler = sys.argv[2:]
    if not compiler:
        sys.exit(__doc__)
    files = list(source_tree.find(root, ["src", "tests"], {".h"}))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        problems = pool.map(lambda file: check(root, file, compiler), files)
        source_tree.finish([problem for problem in problems if problem])


if __name__ == "__main__":
    main()
