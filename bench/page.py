# SPDX-License-Identifier: Apache-2.0
"""The report page of a million calls: how long it takes to write, how large it
is, and how long after its start headless Chromium has painted a timeline that
answered a key.

The browser is driven as by the tests, with what their build fetched.
"""
import os
import sys

from export import export_once
from measure import ROOT, Unavailable, median, run

sys.path.insert(0, os.path.join(ROOT, "tests", "e2e", "html"))
from browser import CHROMIUM, Browser  # noqa: E402

ROUNDS = 3


def find_driver(bench):
    """The folder of modules that drive the browser."""
    for build in (bench.build, os.path.join(ROOT, "build", "dev")):
        folder = os.path.join(build, "tests", "e2e", "html", "modules")
        if os.path.exists(os.path.join(folder, "packages.stamp")):
            return folder
    raise Unavailable("what drives a browser is not built: make test does it")


def rows(bench):
    calls = 10 ** 4 if bench.is_quick else 10 ** 6
    trace = os.path.join(bench.folder, "page.vzt")
    page = os.path.join(bench.folder, "page.html")
    try:
        run([bench.tool("generate_trace"), str(calls), trace])
        exported = [export_once(bench, trace, page) for _ in range(ROUNDS)]
        yield row(bench, page, calls, exported)
    finally:
        for path in (trace, page):
            if os.path.exists(path):
                os.unlink(path)


def row(bench, page, calls, exported):
    if CHROMIUM is None:
        raise Unavailable("there is no chromium: tools/packages.sh test")
    browser = Browser(find_driver(bench))
    try:
        opened = [(browser.open(page, {}), browser.answer())
                  for _ in range(ROUNDS)]
    finally:
        browser.close()
    return {"name": "page of %d calls" % calls, "calls": calls,
            "bytes": os.path.getsize(page),
            "export_s": median([wall for wall, _, _ in exported]),
            "memory_bytes": max(memory for _, _, memory in exported),
            "ready_ms": median([ready for ready, _ in opened]),
            "answer_ms": median([answer for _, answer in opened]),
            "budget": "< 12 MB, answers within 3 s"}


def show(result):
    yield "%s: %.2f MB (budget: %s)" % (result["name"], result["bytes"] / 1e6,
                                        result["budget"])
    yield "    export      %7.2f s, at most %.0f MB of memory" % (
        result["export_s"], result["memory_bytes"] / 1e6)
    yield "    in Chromium %7.0f ms until it is ready, %.0f ms until it has " \
        "answered a key" % (result["ready_ms"], result["answer_ms"])
