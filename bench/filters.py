# SPDX-License-Identifier: Apache-2.0
"""What filters cost and save: the time that recording adds to a program, per
event that it has (recorded or not), with each of them and without any. All
ways are measured in one run; what counts is their ratio to "no filter".
"""
import os

from measure import HERE, interleave, load_json, run
from overhead import added_times, count_events, ratio

WORKLOAD = os.path.join(HERE, "workload.py")
EVENTS = 4 * 10 ** 6
REPEATS = 5

# name: options
FILTERS = {
    "no filter": [],
    "all pass": ["--exclude_files", "/nowhere"],
    "one hides all": ["--exclude_files", WORKLOAD],
    "each by itself": ["--exclude_files", WORKLOAD, "--keep_descendants"],
    "depth 5": ["--max_stack_depth", "5"],
    "1 ms and longer": ["--min_duration", "1ms"],
}


def row(bench, version, workload):
    python = bench.pythons[version]
    in_a_round = count_events(bench, version, workload, "")
    rounds = max(2, EVENTS // in_a_round // (20 if bench.is_quick else 1))
    program = [WORKLOAD, "none", workload, str(rounds)]

    def recorded(options):
        def measure():
            output = run([bench.viztracer, "--quiet"] + options + ["--"]
                         + program, env=bench.recording_environment(python))
            bench.remove_recordings()
            return load_json(output)
        return measure

    ways = {"untraced": lambda: load_json(run([python] + program))}
    ways.update((name, recorded(options))
                for name, options in FILTERS.items())
    results = interleave(ways, 1 if bench.is_quick else REPEATS)
    added = added_times(results, "best_round_ns", in_a_round)
    return {
        "name": "filters %s %s" % (version, workload),
        "calls": rounds * in_a_round // 2,
        "added_ns_per_event_best_round": added,
        "to_no_filter": {name: ratio(added, name, "no filter")
                         for name in FILTERS},
    }


def rows(bench):
    for version in bench.pythons:
        for workload in ("fib-c", "c-calls"):
            yield row(bench, version, workload)


def show(result):
    yield "%s (%d calls a way)" % (result["name"], result["calls"])
    for name, ns in result["added_ns_per_event_best_round"].items():
        yield "    %-18s +%6.1f ns an event, %.2f of no filter" % (
            name, ns, result["to_no_filter"][name] or 0)
