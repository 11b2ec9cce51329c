#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make the files of this folder again, with releases of VizTracer from PyPI.

usage: make.py CACHE [OUTPUT]

A virtual environment for each release goes into CACHE and stays there. Python
comes from pyenv, in the version that the release was made for; a release whose
Python is not there is left out, loudly. Prints the files that were made.
"""
import glob
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent

# (release, version of Python, what to record)
RELEASES = [
    ("0.3.1", "3.8", ["plain", "python"]),
    ("0.6.3", "3.8", ["plain"]),
    ("0.9.5", "3.9", ["plain"]),
    ("0.12.3", "3.9", ["plain"]),
    ("0.15.6", "3.10", ["plain"]),
    ("0.16.3", "3.11", ["plain"]),
    ("1.0.4", "3.12", ["plain"]),
    ("1.1.1", "3.12", ["plain", "sources", "command"]),
]


def find_python(version):
    home = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found = sorted(glob.glob(f"{home}/versions/{version}.*/bin/python3"))
    return found[0] if found else None


def install(cache, release, version):
    """The Python of an environment with the release, or None."""
    folder = cache / release
    python = folder / "bin/python"
    check = [python, "-c", "import viztracer"]
    if python.exists() and subprocess.run(check, check=False).returncode == 0:
        return python
    base = find_python(version)
    if base is None:
        print(f"left out: {release}, no Python {version}", file=sys.stderr)
        return None
    subprocess.run([base, "-m", "venv", "--clear", folder], check=True)
    subprocess.run([python, "-m", "pip", "-q", "--disable-pip-version-check",
                    "install", f"viztracer=={release}"], check=True)
    return python


def record(python, release, kind, folder, output):
    """Record what lies in a folder; its path goes into the file."""
    if kind == "command":
        path = output / f"{release}-command.json"
        command = ["-m", "viztracer", "--quiet", "-o", path, "plain.py"]
    else:
        suffix = ".json.gz" if kind == "sources" else ".json"
        name = release if kind == "plain" else f"{release}-{kind}"
        path = output / (name + suffix)
        command = ["program.py", path, kind]
    subprocess.run([python, "-B", *command], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    return path


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    cache = pathlib.Path(sys.argv[1]).resolve()
    output = pathlib.Path(sys.argv[2]).resolve() if sys.argv[2:] else HERE
    with tempfile.TemporaryDirectory(prefix="programs-") as folder:
        for program in ("program.py", "plain.py"):
            shutil.copy(HERE / program, folder)
        for release, version, kinds in RELEASES:
            python = install(cache, release, version)
            for kind in kinds if python else []:
                print(record(python, release, kind, folder, output))


if __name__ == "__main__":
    main()
