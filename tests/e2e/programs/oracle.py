# SPDX-License-Identifier: Apache-2.0
"""Run a program under a plain sys.setprofile counter, and read its result.

The program runs in its own interpreter, unchanged; oracle_site/sitecustomize.py
puts the counter in. One result per process that ran to its end; a forked child
that ends without executing another program is not counted by itself.
"""
import collections
import glob
import marshal
import os

SITE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle_site")

# kind is "python" or "c"; a C function has no file and line 0.
Function = collections.namedtuple("Function", "kind name file line")
# calls: {Function: entries}; the resumes of a generator count as entries.
Thread = collections.namedtuple("Thread", "name calls")


def environment(base, output):
    """What the counted program needs on top of `base`; the counts are read
    from `output` by load()."""
    result = dict(base)
    result["CALL_ORACLE_OUTPUT"] = output
    result["CALL_ORACLE_FOLDER"] = SITE
    result["PYTHONPATH"] = SITE
    return result


def load(output):
    """{pid: [Thread, ...]}, the main thread first."""
    result = {}
    for path in glob.glob(glob.escape(output) + ".*"):
        with open(path, "rb") as file:
            threads = marshal.load(file)
        result[int(path.rpartition(".")[2])] = [
            Thread(name, _calls(python, c)) for name, python, c in threads]
    return result


def _calls(python, c):
    calls = collections.Counter()
    for name, path, line, count in python:
        calls[Function("python", name, path, line)] += count
    for name, count in c:
        calls[Function("c", name, "", 0)] += count
    return calls
