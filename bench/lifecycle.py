# SPDX-License-Identifier: Apache-2.0
"""What a user waits for, and what a recording costs on disk: start-up of a
Python process, from the end of a program to its timeline, bytes per call,
export to JSON."""
import os
import time

from measure import (HERE, Unavailable, cpu_timed, interleave, load_json,
                     median, other_viztracer, run, timed)

WORKLOAD = os.path.join(HERE, "workload.py")
CALLS_PER_FIB = 13529


def newest_recording(environment):
    folder = environment["VIZTRACER_DIR"]
    entries = [entry for entry in os.scandir(folder)
               if not entry.name.startswith(".") and not entry.is_symlink()]
    if not entries:
        raise Unavailable("nothing was recorded")
    return max(entries, key=lambda entry: entry.stat().st_mtime).path


def size_of(path):
    """Bytes in use on the disk: what is reserved and not written counts."""
    if not os.path.isdir(path):
        return os.stat(path).st_blocks * 512
    return sum(os.stat(os.path.join(path, name)).st_blocks * 512
               for name in os.listdir(path))


def start_up(bench, version):
    """`python -c pass`, as it is and recorded. The launcher's own time is told
    apart: a program that it starts pays it once, each further Python process
    pays only the difference inside."""
    python = bench.pythons[version]
    recording = bench.recording_environment(python)
    untraced = {name: value for name, value in recording.items()
                if not name.startswith("VIZTRACER")}
    shell = "i=0; while [ $i -lt 10 ]; do %s -c pass; i=$((i+1)); done"
    command = ["sh", "-c", shell % python]

    def ten_under_one_launcher():
        times = cpu_timed([bench.viztracer, "--quiet", "--"] + command,
                          env=recording)
        bench.remove_recordings()
        return times

    def launcher_alone():
        return cpu_timed([bench.viztracer, "--quiet", "--", "sh", "-c", ":"],
                         env=recording)

    results = interleave({
        "untraced": lambda: cpu_timed(command, env=untraced),
        "recorded": ten_under_one_launcher,
        "launcher": launcher_alone,
    }, 2 if bench.is_quick else 20)
    wall, cpu = ({name: median(times[i] for times in runs)
                  for name, runs in results.items()} for i in range(2))
    return {
        "name": "start-up %s" % version,
        "python_ms": wall["untraced"] * 100,
        "added_ms_per_process": added_per_process(wall),
        "python_cpu_ms": cpu["untraced"] * 100,
        "added_cpu_ms_per_process": added_per_process(cpu),
        "launcher_ms": wall["launcher"] * 1000,
        "budget": "added <= 5 ms",
    }


def added_per_process(seconds):
    """Milliseconds; each way but the launcher started ten processes."""
    return (seconds["recorded"] - seconds["launcher"]
            - seconds["untraced"]) * 100


def show_start_up(result):
    yield ("%(name)s: python -c pass %(python_ms).1f ms; recording adds "
           "%(added_ms_per_process).1f ms a process (budget: %(budget)s), the "
           "launcher %(launcher_ms).1f ms once" % result)
    yield ("    in processor time: %(python_cpu_ms).1f ms, "
           "+%(added_cpu_ms_per_process).1f ms" % result)


def end_to_screen(bench, version):
    """From the last line of a program of 3 million calls until its timeline is
    printed; and what a call takes on the disk."""
    python = bench.pythons[version]
    environment = bench.recording_environment(python)
    rounds = 2 if bench.is_quick else 3 * 10 ** 6 // CALLS_PER_FIB
    calls = rounds * CALLS_PER_FIB
    bench.remove_recordings()
    output = load_json(run([bench.viztracer, "--quiet", WORKLOAD, "none",
                            "fib", str(rounds)], env=environment))
    exited = monotonic_ns()
    recording = newest_recording(environment)
    screen = run([bench.viztracer, "view", recording, "--headless", "80x24",
                  "--dump", "text"], env=environment)
    shown = monotonic_ns()
    result = {
        "name": "end of program to screen %s" % version,
        "calls": calls,
        "program_end_to_exit_ms": (exited - output["end_ns"]) / 1e6,
        "view_ms": (shown - exited) / 1e6,
        "end_to_screen_ms": (shown - output["end_ns"]) / 1e6,
        "bytes_per_call": size_of(recording) / calls,
        "viztracer_save_ms": None,
        "budget": "<= 300 ms, 16 bytes a call",
    }
    if len(screen.splitlines()) != 24:
        raise Unavailable("the screen has %d lines" % len(screen.splitlines()))
    result.update(export(bench, recording, environment))
    bench.remove_recordings()
    try:
        result["viztracer_save_ms"] = other_save(bench, version, rounds)
    except Unavailable as reason:
        print("bench: VizTracer 1.1.1 is left out: %s" % reason)
    return result


def export(bench, recording, environment):
    path = os.path.join(bench.folder, "export.json")
    seconds = timed([bench.viztracer, "export", recording, "-o", path],
                    env=environment)[0]
    size = os.path.getsize(path)
    os.unlink(path)
    return {"export_mb": size / 1e6, "export_mb_per_s": size / 1e6 / seconds}


def other_save(bench, version, rounds):
    python = other_viztracer(bench, version)
    path = os.path.join(bench.folder, "viztracer.json")
    output = load_json(run(
        [python, "-m", "viztracer", "--quiet", "--tracer_entries",
         str(4 * 10 ** 6), "-o", path, "--", WORKLOAD, "none", "fib",
         str(rounds)]))
    saved = monotonic_ns()
    os.unlink(path)
    return (saved - output["end_ns"]) / 1e6


def monotonic_ns():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def show_end_to_screen(result):
    yield "%s, %d calls: %.0f ms (budget: %s)" % (
        result["name"], result["calls"], result["end_to_screen_ms"],
        result["budget"])
    yield "    to the process' exit %.0f ms, viztracer view %.0f ms" % (
        result["program_end_to_exit_ms"], result["view_ms"])
    if result["viztracer_save_ms"] is not None:
        yield "    VizTracer 1.1.1 saves for %.0f ms, before any viewer" % (
            result["viztracer_save_ms"])
    yield "    %.2f bytes a call on disk" % result["bytes_per_call"]
    yield "    export to JSON: %.0f MB at %.0f MB/s (budget: >= 400)" % (
        result["export_mb"], result["export_mb_per_s"])
