# SPDX-License-Identifier: Apache-2.0
"""Time that recording adds to a program, per event (an entry or an exit).

Ours is measured as shipped, `viztracer workload.py`, and once more inline. The
others are started by the workload itself, so none of them is charged for its
start or for saving. The budgets are ratios: to a callback that only reads the
clock, and to VizTracer 1.1.1. As shipped, all of the program is recorded, its
imports, too: after that the interpreter takes longer for each event, whoever
hears of it. So that is compared with a clock that is read from the start, and
inline with one that is started when recording is.
"""
import os

from measure import (HERE, Unavailable, build_null_callback,
                     interleave, load_json, other_viztracer, run)

WORKLOAD = os.path.join(HERE, "workload.py")
# (workload, -no-c or nothing, events of a way in all)
ROWS = (("fib", "", 2 * 10 ** 7), ("fib", "-no-c", 2 * 10 ** 7),
        ("fib-c", "", 2 * 10 ** 7), ("fib-c", "-no-c", 2 * 10 ** 7),
        ("c-calls", "", 2 * 10 ** 7), ("hanoi", "", 4 * 10 ** 6),
        ("qsort", "", 10 ** 6), ("slow-fib", "", 5 * 10 ** 5),
        ("generators", "", 4 * 10 ** 6), ("asyncio", "", 4 * 10 ** 6),
        ("threads", "", 4 * 10 ** 6), ("difflib", "", 2 * 10 ** 6),
        ("ast", "", 4 * 10 ** 6))
QUICK_ROWS = ("fib", "c-calls")
REPEATS = 5
# (key of a result, the two whose ratio it is)
RATIOS = (("ours_to_clock", "ours", "clock from the start"),
          ("inline_to_clock", "ours inline", "clock callback"),
          ("ours_to_viztracer", "ours", "VizTracer 1.1.1"))


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

    def in_python():
        result = inside("ours-python" + suffix, path=our_path)()
        bench.remove_recordings()
        return result

    result = {
        "untraced": inside("none" + suffix),
        "null callback": inside("null" + suffix, path=null_path),
        "clock callback": inside("clock" + suffix, path=null_path),
        "clock from the start": inside("clock-first" + suffix,
                                       path=null_path),
        "cProfile": inside("cprofile" + suffix),
        "ours": as_shipped,
        "ours inline": inline,
        "ours in Python": in_python,
    }
    try:
        result["VizTracer 1.1.1"] = inside("viztracer" + suffix,
                                           other_viztracer(bench, version))
    except Unavailable as reason:
        print("bench: VizTracer 1.1.1 on %s is left out: %s"
              % (version, reason))
    return result


def count_events(bench, version, workload, suffix):
    counts = load_json(run([bench.pythons[version], WORKLOAD, "count",
                            workload, "1"]))
    return counts["python_events"] + (0 if suffix else counts["c_events"])


def row(bench, version, workload, suffix, events_in_all):
    repeats = 1 if bench.is_quick else REPEATS
    in_a_round = count_events(bench, version, workload, suffix)
    rounds = max(2, events_in_all // REPEATS // in_a_round)
    if bench.is_quick:
        rounds = max(2, rounds // 50)
    events = rounds * in_a_round
    results = interleave(ways(bench, version, workload, suffix, rounds),
                         repeats)
    whole = added_times(results, "ns", events)
    return {
        "name": "overhead %s %s%s" % (version, workload,
                                      ", C functions ignored" if suffix
                                      else ""),
        "calls": events // 2 * repeats,
        "untraced_ns_per_call":
            min(result["ns"] for result in results["untraced"]) * 2 / events,
        "added_ns_per_event": whole,
        "added_ns_per_event_best_round":
            added_times(results, "best_round_ns", in_a_round),
        "slowdown": slowdowns(results),
        **{key: ratio(whole, ours, other) for key, ours, other in RATIOS},
        "budget": budget(version, workload, suffix),
    }


def slowdowns(results):
    """{name: how many times as long as untraced}, of the best rounds."""
    best = {name: min(result["best_round_ns"] for result in runs)
            for name, runs in results.items()}
    return {name: ns / best["untraced"] for name, ns in best.items()}


def added_times(results, key, events):
    """{name: nanoseconds an event}: the smallest time of each way less the
    smallest untraced one."""
    best = {name: min(result[key] for result in runs)
            for name, runs in results.items()}
    return {name: (ns - best["untraced"]) / events
            for name, ns in best.items() if name != "untraced"}


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
        for workload, suffix, events in ROWS:
            if not bench.is_quick or workload in QUICK_ROWS and not suffix:
                yield row(bench, version, workload, suffix, events)


def show(result):
    """The best round is what the code costs, on a busy machine too; whole runs
    also have the disk and the scheduler in them."""
    best = result["added_ns_per_event_best_round"]
    yield "%s (%d calls a way, untraced %.1f ns a call)" % (
        result["name"], result["calls"], result["untraced_ns_per_call"])
    for name, ns in result["added_ns_per_event"].items():
        yield ("    %-18s +%6.1f ns an event, in the best round +%6.1f "
               "(%.2f times as long)" % (name, ns, best[name],
                                         result["slowdown"][name]))
    for key, ours, other in RATIOS:
        if result[key] is not None:
            yield "    %s / %-20s %.2f, in the best round %.2f (budget: %s)" % (
                ours, other, result[key], ratio(best, ours, other) or 0,
                result["budget"])
