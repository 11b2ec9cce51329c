# SPDX-License-Identifier: Apache-2.0
"""Opening and drawing large traces: generate_trace makes them, bench_model
opens them and prints a JSON object of what it took."""
import os

from measure import load_json, run, timed


def rows(bench):
    for calls in (10 ** 5,) if bench.is_quick else (10 ** 7, 10 ** 8):
        yield row(bench, calls)


def row(bench, calls):
    path = os.path.join(bench.folder, "generated-%d.vzt" % calls)
    try:
        generated = timed([bench.tool("generate_trace"), str(calls), path])[0]
        size = os.path.getsize(path)
        measured = load_json(run([bench.tool("bench_model"), path]))
        screen = timed([bench.viztracer, "view", path, "--headless", "80x24",
                        "--dump", "text"])[0]
    finally:
        if os.path.exists(path):
            os.unlink(path)
    return {"name": "model, %d calls" % calls, "calls": calls,
            "generate_s": generated, "bytes": size, "view_s": screen,
            "measured": measured,
            "budget": "at 10^8: open <= 1.5 s, frame <= 16 ms, <= 150 MB"}


def show(result):
    yield "%s, %.0f MB, generated in %.1f s (budget: %s)" % (
        result["name"], result["bytes"] / 1e6, result["generate_s"],
        result["budget"])
    for name, value in result["measured"].items():
        yield "    %-28s %s" % (name, value)
    yield "    viztracer view, whole: %.2f s" % result["view_s"]
