# SPDX-License-Identifier: Apache-2.0
"""Time that recording adds to a program, per event (an entry or an exit).

Ours is measured as shipped, `viztracer workload.py`, and once more inline. The
others are started by the workload itself, so none of them is charged for its
start or for saving. The budgets are ratios: to a callback that only reads the
clock, and to VizTracer 1.1.1.
"""
import os

from measure import (HERE, Unavailable, build_null_callback,
                     interleave, load_json, other_viztracer, run)

WORKLOAD = os.path.join(HERE, "workload.py")
ROWS = (("fib", ""), ("fib", "-no-c"), ("fib-c", ""), ("fib-c", "-no-c"),
        ("c-calls", ""))
CALLS_PER_ROUND = {"fib": 13529, "fib-c": 27057, "c-calls": 100001}
CALLS_IN_ALL = 10 ** 7
REPEATS = 5


def ways(bench, version, workload, suffix, rounds):
    """{name: function that runs once and gives the workload's own result}"""
    python = bench.pythons[version]
    null_path = build_null_callback(bench, version)
    our_path = run([bench.viztracer, "--python_path"]).strip()

    def inside(tracer, python=python, path=""):
        def measure():
            return load_json(run(
                [python, WORKLOAD, tracer, workload, str(rounds)],
                env=bench.recording_environment(python, PYTHONPATH=path)))
        return measure

    def as_shipped():
        options = ["--ignore_c_function"] if suffix else []
        output = run([bench.viztracer, "--quiet"] + options
                     + [WORKLOAD, "none" + suffix, workload, str(rounds)],
                     env=bench.recording_environment(python))
        bench.remove_recordings()
        return load_json(output)

    def inline():
        result = inside("viztracer" + suffix, path=our_path)()
        bench.remove_recordings()
        return result

    result = {
        "untraced": inside("none" + suffix),
        "null callback": inside("null" + suffix, path=null_path),
        "clock callback": inside("clock" + suffix, path=null_path),
        "cProfile": inside("cprofile" + suffix),
        "ours": as_shipped,
        "ours inline": inline,
    }
    try:
        result["VizTracer 1.1.1"] = inside("viztracer" + suffix,
                                           other_viztracer(bench, version))
    except Unavailable as reason:
        print("bench: VizTracer 1.1.1 on %s is left out: %s"
              % (version, reason))
    return result


def row(bench, version, workload, suffix):
    repeats = 1 if bench.is_quick else REPEATS
    rounds = max(1, CALLS_IN_ALL // REPEATS // CALLS_PER_ROUND[workload])
    if bench.is_quick:
        rounds = max(1, rounds // 50)
    results = interleave(ways(bench, version, workload, suffix, rounds),
                         repeats)
    best = {name: min(result["ns"] for result in runs)
            for name, runs in results.items()}
    first = results["untraced"][0]
    events = 2 * (first["python_calls"] + first["c_calls"])
    added = {name: (ns - best["untraced"]) / events
             for name, ns in best.items() if name != "untraced"}
    return {
        "name": "overhead %s %s%s" % (version, workload,
                                      ", C functions ignored" if suffix
                                      else ""),
        "calls": events // 2,
        "untraced_ns_per_call": best["untraced"] / (events / 2),
        "added_ns_per_event": added,
        "ours_to_clock_callback": ratio(added, "ours", "clock callback"),
        "ours_to_viztracer": ratio(added, "ours", "VizTracer 1.1.1"),
        "budget": budget(version, workload, suffix),
    }


def ratio(added, ours, other):
    if ours not in added or other not in added or added[other] <= 0:
        return None
    return added[ours] / added[other]


def budget(version, workload, suffix):
    if version == "3.11":
        return "VizTracer <= 0.82"
    if workload == "c-calls":
        return "clock <= 1.20, VizTracer <= 0.58"
    return "clock <= 1.15, VizTracer <= 0.75"


def rows(bench):
    for version in bench.pythons:
        for workload, suffix in ROWS[:1] + ROWS[-1:] if bench.is_quick else ROWS:
            yield row(bench, version, workload, suffix)


def show(result):
    yield "%s (%d calls, untraced %.1f ns a call)" % (
        result["name"], result["calls"], result["untraced_ns_per_call"])
    for name, ns in result["added_ns_per_event"].items():
        yield "    %-18s +%6.1f ns an event" % (name, ns)
    for key, other in (("ours_to_clock_callback", "the clock callback"),
                       ("ours_to_viztracer", "VizTracer 1.1.1")):
        if result[key] is not None:
            yield "    ours / %-18s %.2f   (budget: %s)" % (
                other, result[key], result["budget"])
