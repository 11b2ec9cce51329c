# SPDX-License-Identifier: Apache-2.0
"""Opening and looking at large traces: generate_trace makes them, bench_viewer
opens them and prints a JSON object of what it took."""
import json
import os

import first_frame
from measure import run, timed


def rows(bench):
    for calls in (10 ** 5,) if bench.is_quick else (10 ** 7, 10 ** 8):
        yield row(bench, calls)


def row(bench, calls):
    path = os.path.join(bench.folder, "generated-%d.vzt" % calls)
    try:
        generated = timed([bench.tool("generate_trace"), str(calls), path])[0]
        size = os.path.getsize(path)
        measured = json.loads(run([bench.tool("bench_viewer"), path]
                                  + (["5"] if bench.is_quick else [])))
        screen = timed([bench.viztracer, "view", path, "--headless", "80x24",
                        "--dump", "text"])[0]
        first = first_frame.measure(bench.viztracer, path,
                                    2 if bench.is_quick else 7)
    finally:
        if os.path.exists(path):
            os.unlink(path)
    return {"name": "model, %d calls" % calls, "calls": calls,
            "generate_s": generated, "bytes": size, "view_s": screen,
            "first_frame": first,
            "measured": measured,
            "budget": "at 10^8: open <= 1.5 s, frame and key <= 16 ms, exact "
                      "<= 250 ms, search <= 100 ms, passes <= 2 s, <= 150 MB "
                      "after each"}


def show(result):
    yield "%s, %.0f MB, generated in %.1f s (budget: %s)" % (
        result["name"], result["bytes"] / 1e6, result["generate_s"],
        result["budget"])
    measured = dict(result["measured"])
    for name, row in measured.pop("rows").items():
        yield "    %-34s median %8.2f ms, p95 %8.2f, most %8.2f (of %d); " \
            "%.0f MB" % (name, row["median_ms"], row["p95_ms"],
                         row["most_ms"], row["count"], row["memory_mb"])
    for name, value in measured.items():
        yield "    %-34s %s" % (name, value)
    yield "    open to first frame with tracks: median %.0f ms, most %.0f " \
        "(budget: 100)" % (result["first_frame"]["median_ms"],
                           result["first_frame"]["most_ms"])
    yield "    viztracer view, whole: %.2f s" % result["view_s"]
