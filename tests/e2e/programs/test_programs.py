# SPDX-License-Identifier: Apache-2.0
"""Real programs, recorded, must behave as untraced and have exactly the calls
that a plain sys.setprofile counter sees.

    PROGRAM=json PYTHON=python3.12 VIZTRACER=build/dev/bin/viztracer \\
        python3 test_programs.py

Each program runs three times in the same folder: untraced, under the oracle
(oracle.py), and recorded. The recording is read twice: the .vzt file by a
reader of the tests' own, and the JSON that `viztracer export` makes of it.
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

import oracle
import programs

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "python"))
import vzt_reader  # noqa: E402


# Before 3.10 tempfile draws each letter of a random name until it is one of 37
# of 64, some 600 letters in a program: six standard deviations.
RANDOM_NAMES = {"Random.getrandbits": 230}

# Functions whose number of calls may legitimately differ, by how much, and why.
# Everything else must be equal.
TOLERANCES = {
    "threads": dict.fromkeys((
        # Thread.start() waits for the new thread's "I am running" flag. How
        # long that takes, and so whether the flag is already set, is a race
        # between the two threads in every run, traced or not. Four threads.
        "Condition.wait", "Condition.__enter__", "Condition.__exit__",
        "Condition._is_owned", "Condition._release_save",
        "Condition._acquire_restore", "Condition.notify",
        "Condition.notify_all", "Event.wait", "Event.set",
        "_thread.allocate_lock", "lock.acquire", "lock.release",
        "lock.__enter__", "lock.__exit__", "deque.append", "deque.remove",
    ), 4),
    "unittest": RANDOM_NAMES,
    "pip": dict(dict.fromkeys((
        # Callbacks of weak references that die in the very last garbage
        # collection, when the interpreter has already taken sys.setprofile
        # back; on 3.12 and later sys.monitoring still sees them.
        "WeakSet.__init__.<locals>._remove", "set.discard",
        "WeakValueDictionary.__init__.<locals>.remove",
        "_weakref._remove_dead_weakref", "_removeHandlerRef", "list.remove",
        "_acquireLock", "_releaseLock", "RLock.acquire", "RLock.release",
        "RLock.__exit__",
    ), 2), **RANDOM_NAMES),
}

Run = collections.namedtuple("Run", "stdout stderr status")


def clean_environment(folder):
    """The same for every run: nothing of the user's, and no randomness. An
    instrumented recorder needs its sanitizer's library in every run."""
    sanitizer = {name: os.environ[name] for name in
                 ("LD_PRELOAD", "ASAN_OPTIONS") if name in os.environ}
    return {
        **sanitizer,
        "PATH": os.environ["PATH"],
        "HOME": folder,
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",  # the order of sets decides who calls whom
        "PYTHONDONTWRITEBYTECODE": "1",  # no run finds another's .pyc files
        "VIZTRACER_PYTHON": os.environ["PYTHON"],
    }


def with_padding(environment, count):
    """os.environ is a Python mapping: a program that walks over it makes
    calls for each variable, so each run must have the same number."""
    result = dict(environment)
    for i in range(count):
        result["TEST_PADDING_%d" % i] = ""
    return result


def run(command, environment, folder):
    done = subprocess.run(command, env=environment, cwd=folder,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=600)
    return Run(done.stdout, done.stderr, done.returncode)


def without_class(name):
    """Code objects have no qualified name before 3.11. There the recorder
    finds the class of a method by looking at its first argument, which the
    oracle does not imitate: names are compared without it."""
    head, parenthesis, place = name.partition(" (")
    return head.rpartition(".")[2] + parenthesis + place


def display_name(function):
    if function.kind == "c":
        return function.name
    return "%s (%s:%d)" % (function.name, function.file, function.line)


def displayed(calls):
    result = collections.Counter()
    for function, count in calls.items():
        result[display_name(function)] += count
    return result


def json_events(path):
    """The events of a Chrome trace, one at a time: all of a million at once
    would take a gigabyte."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    decoder = json.JSONDecoder()
    key = '"traceEvents"'
    at = text.index("[", text.index(key) + len(key)) + 1
    while True:
        while text[at] in " \t\r\n":
            at += 1
        if text[at] == "]":
            return
        event, at = decoder.raw_decode(text, at)
        yield event
        while text[at] in " \t\r\n,":
            at += 1


class ProgramTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="viztracer-e2e-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        work = os.path.join(cls.folder, "work")
        os.mkdir(work)
        cls.python = os.environ["PYTHON"]
        cls.viztracer = os.path.abspath(os.environ["VIZTRACER"])
        cls.program = programs.PROGRAMS[os.environ["PROGRAM"]](cls.python,
                                                               work)
        try:
            cls.program.prepare()
        except programs.Unavailable as reason:
            print("SKIPPED: %s" % reason, flush=True)
            raise unittest.SkipTest(str(reason))
        cls.has_qualified_names = cls.program.ask(
            "import sys; print(sys.version_info >= (3, 11))") == "True"
        cls.environment = clean_environment(cls.folder)
        cls.environment.update(cls.program.environment())
        cls.trace_path = os.path.join(cls.folder, "trace.vzt")
        oracle_output = os.path.join(cls.folder, "calls")
        cls.run_all(work, oracle_output)
        counted = list(oracle.load(oracle_output).values())
        if len(counted) != 1:
            raise AssertionError("%d processes counted" % len(counted))
        cls.expected = counted[0]
        cls.trace = vzt_reader.read(cls.trace_path)
        cls.process, = cls.trace.processes

    @classmethod
    def run_all(cls, work, oracle_output):
        command = cls.program.arguments()
        recording = [cls.viztracer, "-o", cls.trace_path, "--quiet"]
        listing = run(recording + ["-c", "import os; print(len(os.environ))"],
                      cls.environment, work)
        if listing.status != 0:
            raise AssertionError(listing.stderr.decode())
        os.unlink(cls.trace_path)
        counted = oracle.environment(cls.environment, oracle_output)
        missing = int(listing.stdout) - len(counted)
        cls.program.reset()
        cls.untraced = run([cls.python] + command,
                           with_padding(cls.environment, 1), work)
        cls.program.reset()
        cls.counted = run([cls.python] + command,
                          with_padding(counted, max(0, missing)), work)
        cls.program.reset()
        cls.traced = run(recording + command,
                         with_padding(cls.environment, max(0, -missing)),
                         work)

    def comparable(self, name):
        return name if self.has_qualified_names else without_class(name)

    def stream_calls(self, stream):
        result = collections.Counter()
        kinds = {vzt_reader.FUNCTION_PYTHON: "python",
                 vzt_reader.FUNCTION_C: "c"}
        for number, count in self.process.entry_counts(stream.id).items():
            function = self.process.functions[number]
            kind = kinds[function.kind]
            if kind == "python":
                key = oracle.Function(kind, self.comparable(function.name),
                                      function.file, function.line)
            else:
                key = oracle.Function(kind, function.name, "", 0)
            result[key] += count
        return result

    def pair_threads(self):
        """[(what the oracle counted, our stream)]. Threads have names where
        threading made them; the others are told apart by their calls."""
        streams = list(self.process.streams.values())
        self.assertEqual(len(self.expected), len(streams),
                         [stream.name for stream in streams])
        pairs = []
        unnamed = []
        for thread in self.expected:
            named = [stream for stream in streams
                     if thread.name and stream.name == thread.name]
            if named:
                streams.remove(named[0])
                pairs.append((thread, named[0]))
            else:
                self.assertEqual(thread.name, "")
                unnamed.append(thread)
        unnamed.sort(key=lambda thread: sum(thread.calls.values()))
        streams.sort(key=lambda stream: sum(
            self.process.entry_counts(stream.id).values()))
        return pairs + list(zip(unnamed, streams))

    def assert_same_calls(self, expected, actual, where):
        """Both are {name to show: calls}."""
        tolerances = TOLERANCES.get(self.program.name, {})
        wrong = ["%s: %d calls, the oracle has %d"
                 % (name, actual[name], expected[name])
                 for name in sorted(set(expected) | set(actual))
                 if abs(actual[name] - expected[name])
                 > tolerances.get(name.partition(" (")[0], 0)]
        self.assertEqual(wrong, [], "%s: %d functions differ" % (
            where, len(wrong)))

    def test_it_makes_many_calls(self):
        total = sum(sum(thread.calls.values()) for thread in self.expected)
        self.assertGreaterEqual(total, self.program.min_calls)

    def test_output_and_status_are_those_of_an_untraced_run(self):
        for stream in ("stdout", "stderr"):
            texts = [self.program.normalise(
                         getattr(result, stream).decode("utf-8", "replace"))
                     for result in (self.untraced, self.counted, self.traced)]
            self.assertEqual(texts[0], texts[1], stream + " of the oracle")
            self.assertEqual(texts[0], texts[2], stream)
        self.assertEqual(self.untraced.status, self.counted.status)
        self.assertEqual(self.untraced.status, self.traced.status)

    def test_calls_in_the_file_are_those_of_the_oracle(self):
        for thread, stream in self.pair_threads():
            self.assert_same_calls(displayed(thread.calls),
                                   displayed(self.stream_calls(stream)),
                                   "thread %r" % stream.name)

    def test_calls_in_the_export_are_those_of_the_oracle(self):
        path = os.path.join(self.folder, "trace.json")
        done = run([self.viztracer, "export", self.trace_path, "-o", path],
                   self.environment, self.folder)
        self.assertEqual(done.status, 0, done.stderr.decode())
        exported = collections.defaultdict(collections.Counter)
        for event in json_events(path):
            if event["ph"] in "XB":
                name = event["name"]
                if name.endswith(")"):  # a Python function
                    name = self.comparable(name)
                exported[event["tid"]][name] += 1
        os.unlink(path)
        for thread, stream in self.pair_threads():
            self.assert_same_calls(displayed(thread.calls),
                                   exported[stream.thread_id],
                                   "tid %d" % stream.thread_id)

    def test_every_return_matches_its_call(self):
        self.assertEqual(self.process.status.mismatched_returns, 0)
        for stream in self.process.streams.values():
            mismatches, still_open = self.process.check_nesting(stream.id)
            self.assertEqual(mismatches, 0, stream.name)
            self.assertEqual(still_open, [], stream.name)

    def test_the_recording_ended_cleanly_and_lost_nothing(self):
        status = self.process.status
        self.assertEqual(status.state, vzt_reader.STATE_ENDED)
        self.assertEqual(status.stop_reason, 0)
        self.assertEqual(status.dropped_calls, 0)
        self.assertEqual(status.lost_events, 0)


def main():
    for name in ("PROGRAM", "PYTHON", "VIZTRACER"):
        if not os.environ.get(name):
            sys.exit("test_programs.py: set %s" % name)
    unittest.main(verbosity=2, failfast=False)


if __name__ == "__main__":
    main()
