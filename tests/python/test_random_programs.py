# SPDX-License-Identifier: Apache-2.0
"""Random programs, recorded, against a profile function in Python: the same
entries and exits in the same order, in every thread.

    PACKAGE=... PYTHON=... python3 test_random_programs.py [SEED...]

RANDOM_PROGRAMS of the environment is how many programs there are, RANDOM_SEED
the first one's seed ("any": a new one in each run). A seed that fails is
printed, and given as an argument runs alone.
"""
import collections
import marshal
import os
import random
import shutil
import sys
import tempfile
import unittest

import random_program
import recorded
from recorded import vzt_reader

RUNNER = os.path.join(recorded.PROGRAMS, "run_random.py")
VERSION = recorded.version()
BATCH = 40  # programs in one process
SEEDS = []
# Replaced where calls are counted.
STARTERS = ("start_new_thread", "start_joinable_thread")

KINDS = {vzt_reader.CALL: "call", vzt_reader.RESUME: "resume",
         vzt_reader.THROW_IN: "resume", vzt_reader.RETURN: "return",
         vzt_reader.YIELD: "yield", vzt_reader.UNWIND: "unwind",
         vzt_reader.C_CALL: "c_call", vzt_reader.C_RETURN: "c_return",
         vzt_reader.C_RAISE: "c_exception"}
ENTRIES = ("call", "resume", "c_call")

DEEP = """\
def thread_down(n):
    return 1 if n == 0 else thread_down(n - 1) + 1

def thread_fail(n):
    if n == 0:
        raise KeyError(n)
    thread_fail(n - 1)

def thread_catch(n):
    try:
        thread_fail(n)
    except KeyError:
        return 1

in_deep_thread(thread_down, 100000)
in_deep_thread(thread_catch, 100000)
"""


def short_name(function):
    """The part of a name that both sides know."""
    if function.kind == vzt_reader.FUNCTION_PYTHON and VERSION >= (3, 11):
        return function.name
    return function.name.rpartition(".")[2]


def program_events(process, stream):
    """[(kind, name)] of a stream as run_random.py counts them: without its own
    calls, and those of C functions that it makes, from the first call of
    begin_of_programs to that of end_of_programs."""
    result = []
    stack = []
    is_main = stream.id == recorded.main_stream(process).id
    for event in process.events(stream.id):
        if event.kind == vzt_reader.LONG:
            if event.record == vzt_reader.RECORD_GAP:
                del stack[:]
                result.append(("gap", ""))
            continue
        function = process.functions[event.function]
        is_own = function.file == RUNNER
        if event.kind in vzt_reader.PYTHON_ENTRIES:
            if is_main and is_own:
                name = short_name(function)
                if name == "begin_of_programs":
                    del result[:]
                elif name == "end_of_programs":
                    break
            stack.append((event.function, is_own))
        elif event.kind in vzt_reader.EXITS[:3]:
            # Not one of what was never entered, see unmatched_exits.
            if stack and stack[-1][0] == event.function:
                stack.pop()
        else:
            is_own = bool(stack) and stack[-1][1]
        if not is_own and short_name(function) not in STARTERS:
            result.append((KINDS[event.kind], short_name(function)))
    return result


def thread_name(events):
    """Which thread it is: the first function of its program."""
    return next((name for kind, name in events
                 if name.startswith("thread_")), "main")


def by_name(threads):
    result = collections.defaultdict(list)
    for events in map(without_unentered, threads):
        if events:
            result[thread_name(events)].append(events)
    return result


def without_unentered(events):
    """Without gaps, and without the exits of what was entered before: those of
    C functions are not reported by the interpreter, and nobody needs them."""
    result = []
    depth = 0
    for event in events:
        if event[0] == "gap":
            depth = 0
            continue
        depth += 1 if event[0] in ENTRIES else -1
        if depth >= 0:
            result.append(event)
        depth = max(depth, 0)
    return result


def unmatched_exits(events):
    """How many exits are not of the call that was entered last: none, but on
    3.11. There a coroutine that goes on because what it awaits has taken the
    exception of throw() and returned is left without having been entered."""
    count = 0
    stack = []
    for kind, name in events:
        if kind in ENTRIES:
            stack.append(name)
        elif stack and stack[-1] == name:
            stack.pop()
        else:
            count += 1
    return count


def name_exits(counted, seen):
    """The counter cannot tell a return of None from an exception; where it
    says only "exit" either will do."""
    return [(actual[0], expected[1])
            if expected[0] == "exit" and actual[0] in ("return", "unwind")
            else expected for expected, actual in zip(counted, seen)
            ] + counted[len(seen):]


def first_difference(counted, seen):
    for i, pair in enumerate(zip(counted, seen)):
        if pair[0] != pair[1]:
            return i
    return min(len(counted), len(seen))


class RandomProgramsTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="viztracer-test-")
        self.addCleanup(shutil.rmtree, self.folder)

    def write_programs(self, seeds, is_inline):
        paths = []
        for seed in seeds:
            paths.append(os.path.join(self.folder, "program_%d.py" % seed))
            with open(paths[-1], "w") as file:
                file.write(random_program.program(seed, is_inline))
        return paths

    def run_counted(self, mode, paths, environment):
        output = os.path.join(self.folder, "counted")
        done = recorded.run([RUNNER, mode, output] + paths, environment)
        self.assertEqual(done.status, 0, done.stderr)
        with open(output, "rb") as file:
            return by_name(marshal.load(file)), done

    def compare(self, counted, path, what):
        """What was counted with the trace at path."""
        process, = vzt_reader.read(path).processes
        seen = by_name(program_events(process, stream)
                       for stream in process.streams.values())
        self.assertEqual(sorted(counted), sorted(seen), what)
        for name in counted:
            # A name may be there twice: a function that was started twice.
            for expected, actual in zip(sorted(counted[name]),
                                        sorted(seen[name])):
                self.compare_thread(expected, actual, "%s, thread %s"
                                    % (what, name))
            self.assertEqual(len(counted[name]), len(seen[name]), what)
        self.check_nesting(process, counted, what)

    def check_nesting(self, process, counted, what):
        unmatched = sum(process.check_nesting(stream)[0]
                        for stream in process.streams)
        self.assertEqual(process.status.mismatched_returns, unmatched, what)
        # One such exit closes calls that go on, whose exits are then others.
        if VERSION != (3, 11) or not any(
                unmatched_exits(events) for threads in counted.values()
                for events in threads):
            self.assertEqual(unmatched, 0, what)

    def compare_thread(self, expected, actual, what):
        expected = name_exits(expected, actual)
        if expected == actual:
            return
        i = first_difference(expected, actual)
        self.fail("%s: event %d of %d and %d\n  counted  %s\n  recorded %s"
                  "\n  before   %s" % (
                      what, i, len(expected), len(actual), expected[i:i + 6],
                      actual[i:i + 6], expected[max(0, i - 6):i]))

    def check_launched(self, seeds):
        self.check_paths(self.write_programs(seeds, False),
                         "seeds %d to %d" % (seeds[0], seeds[-1]))

    def check_paths(self, paths, what, is_both_too=VERSION >= (3, 12)):
        counted, plain = self.run_counted("count", paths,
                                          recorded.clean_environment())
        folder = tempfile.mkdtemp(dir=self.folder)
        _, done = recorded.record([RUNNER, "plain", ""] + paths, folder)
        self.assertEqual(done.stdout, plain.stdout)
        self.compare(counted, folder, what)
        if is_both_too:
            folder = tempfile.mkdtemp(dir=self.folder)
            counted, _ = self.run_counted(
                "count", paths, recorded.recording_environment(folder))
            self.compare(counted, folder, what + ", both")

    def check_inline(self, seeds):
        paths = self.write_programs(seeds, True)
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.dirname(recorded.PACKAGE)
        counted, plain = self.run_counted("count-inline", paths, environment)
        output = os.path.join(self.folder, "recorded.vzt")
        done = recorded.run([RUNNER, "inline", output] + paths, environment)
        self.assertEqual(done.status, 0, done.stderr)
        self.assertEqual(done.stdout, plain.stdout)
        self.compare(counted, output,
                     "inline, seeds %d to %d" % (seeds[0], seeds[-1]))

    def each_batch(self, check):
        """A batch that fails is run program by program, for its seed."""
        for i in range(0, len(SEEDS), BATCH):
            batch = SEEDS[i:i + BATCH]
            try:
                check(batch)
            except AssertionError:
                for seed in batch:
                    check([seed])
                raise

    def test_deep_recursion(self):
        path = os.path.join(self.folder, "program_deep.py")
        with open(path, "w") as file:
            file.write(DEEP)
        self.check_paths([path], "100000 deep", False)

    def test_recorded_from_outside(self):
        self.each_batch(self.check_launched)

    def test_recorded_inline(self):
        self.each_batch(self.check_inline)


def choose_seeds():
    first = os.environ.get("RANDOM_SEED", "0")
    first = random.randrange(1 << 30) if first == "any" else int(first)
    count = int(os.environ.get("RANDOM_PROGRAMS", "40"))
    print("%d programs from seed %d on" % (count, first), flush=True)
    return list(range(first, first + count))


if __name__ == "__main__":
    SEEDS = [int(seed) for seed in sys.argv[1:]] or choose_seeds()
    unittest.main(verbosity=2, argv=sys.argv[:1])
