# SPDX-License-Identifier: Apache-2.0
"""Filters: random programs under random filters, each call compared with an
oracle that knows the rules; and what the rules say, one by one.

    SEED=7 CASES=500 PYTHON=python3.12 PACKAGE=... test_filters.py
"""
import json
import os
import random
import shutil
import tempfile
import unittest
import urllib.parse

import recorded
from recorded import vzt_reader

CONTROL = os.path.join(recorded.PROGRAMS, "filter_control.py")
SEED = int(os.environ.get("SEED", "1"))
CASES = int(os.environ.get("CASES", "25"))
MODULES = ("one/first.py", "one/deep/second.py", "one_more/third.py",
           "link/second_by_link.py", "../outside.py", "<string>", "one/gone.py")
PATHS = ("one", "one/", "./one/deep", "one/deep/../deep/second.py", "one_more",
         "link", "on", "../outside.py", "nowhere", "", "one/gone.py")


class Generator:
    """A program: functions that call those with higher numbers, and themselves
    as long as the budget lasts. `n` counts down; sums stay numbers."""

    def __init__(self, source, count=12):
        self.source = source
        self.count = count
        self.kinds = [source.choice(("plain", "plain", "plain", "generator",
                                     "coroutine")) for _ in range(count)]
        self.kinds[0] = "plain"
        self.turning = set(source.sample(range(count), 3))
        self.name_count = 0

    def new_name(self):
        """Never given again: a witness may keep a variable's value alive."""
        self.name_count += 1
        return "v%d" % self.name_count

    def pick(self, i, kind):
        """The number of a function that i may call, or None."""
        found = [j for j in range(i + 1, self.count) if self.kinds[j] == kind]
        return self.source.choice(found) if found else None

    def calls(self, i):
        """Lines that call, as an expression or a statement."""
        source = self.source
        plain = self.pick(i, "plain")
        generator = self.pick(i, "generator")
        coroutine = self.pick(i, "coroutine")
        name = self.new_name()
        yield ["len('x')", "abs(n)"]
        yield ["try:", "    int('x')", "except ValueError:", "    'a'.upper()"]
        yield ["(lambda x: len(str(x)))(n)"]
        yield ["sum(x for x in [1, 2, abs(n)])"]
        if plain is not None:
            yield ["F[%d](n - 1)" % plain]
            yield ["F[%d](n - 1)" % plain, "F[%d](n - 2)" % plain]
            yield ["sorted([2, 1], key=F[%d])" % plain]
            yield ["sum(map(F[%d], [n, 1]))" % plain]
            yield ["try:", "    F[%d](n - 1)" % plain, "except ValueError:",
                   "    len('caught')"]
            yield ["control.spawn(F[%d], n)" % plain]
        if self.kinds[i] == "plain":
            yield ["if n > 3:", "    F[%d](n - 3)" % i]
        if generator is not None:
            yield ["for %s in F[%d](n):" % (name, generator), "    abs(n)"]
            yield ["%s = F[%d](n)" % (name, generator), "next(%s, 0)" % name,
                   "%s.close()" % name]
            yield ["%s = F[%d](n)" % (name, generator), "next(%s, 0)" % name,
                   "try:", "    %s.throw(ValueError())" % name,
                   "except (ValueError, StopIteration):", "    len('thrown')"]
        if coroutine is not None and self.kinds[i] == "plain":
            yield ["%s = F[%d](n)" % (name, coroutine), "try:",
                   "    while True:", "        %s.send(None)" % name,
                   "except StopIteration:", "    pass"]
        if coroutine is not None and self.kinds[i] == "coroutine":
            yield ["await F[%d](n)" % coroutine]
        if generator is not None and self.kinds[i] == "generator":
            yield ["yield from F[%d](n)" % generator]
        if self.kinds[i] == "generator":
            yield ["yield n"]
        if i in self.turning and source.random() < 0.5:
            yield ["control.turn()"]
        quiet = [j for j in range(i + 1, self.count) if j not in self.turning]
        if quiet and source.random() < 0.2:
            yield ["control.mark(%d)" % source.choice(quiet)]
        if source.random() < 0.3:
            yield ["if n % 3 == 1:", "    raise ValueError(n)"]

    def function(self, i):
        lines = ["budget[0] -= 1", "if budget[0] < 0 or n < 0:", "    return 0"]
        if self.kinds[i] == "generator":
            lines.append("yield n")
        choices = list(self.calls(i))
        for _ in range(self.source.randint(1, 5)):
            lines += self.source.choice(choices)
        if i in self.turning:
            lines += self.source.choice(choices)
        if self.kinds[i] == "generator" and self.source.random() < 0.5:
            lines = ["try:"] + ["    " + line for line in lines] + [
                "finally:", "    len('last')"]
        head = "async def" if self.kinds[i] == "coroutine" else "def"
        return ["%s f%d(n):" % (head, i)] + [
            "    " + line for line in lines] + [
            "    return n", "F[%d] = f%d" % (i, i), ""]

    def modules(self):
        """[[path, text]]; the last one runs while it is recorded."""
        texts = {path: [] for path in MODULES}
        for i in range(self.count):
            texts[self.source.choice(MODULES)] += self.function(i)
        result = [[path, "\n".join(lines)] for path, lines in texts.items()]
        late = ["n = 2", "len('late')"]
        plain = self.pick(0, "plain")
        if plain is not None:
            late += ["try:", "    F[%d](n)" % plain, "except ValueError:",
                     "    pass"]
        return result + [[self.source.choice(MODULES), "\n".join(late) + "\n"]]


def random_options(source, folder):
    paths = []
    if source.random() < 0.7:
        paths = source.sample(PATHS, source.randint(1, 3))
    absolute = [os.path.join(folder, path) for path in paths]
    options = {
        "paths": absolute,
        "is_include": source.random() < 0.5,
        "keep_descendants": source.random() < 0.4,
        "c_functions": source.random() < 0.7,
        "max_depth": source.choice((None, None, None, 0, 1, 2, 3, 4, 6, 9)),
    }
    items = ["c_functions=%d" % options["c_functions"],
             "keep_descendants=%d" % options["keep_descendants"]]
    if options["max_depth"] is not None:
        items.append("max_depth=%d" % options["max_depth"])
    if paths:
        written = source.choice((paths, absolute))
        items.append("%s=%s" % (
            "include" if options["is_include"] else "exclude",
            ",".join(urllib.parse.quote(path or ".", safe="/")
                     for path in written)))
    options["text"] = " ".join(items)
    return options


def make_case(source, folder):
    """Write a program and its filters into a new folder."""
    for name in ("one/deep", "one_more"):
        os.makedirs(os.path.join(folder, name))
    os.symlink("one/deep", os.path.join(folder, "link"))
    generator = Generator(source)
    modules = generator.modules()
    for path, _ in modules:
        if path != "<string>" and not path.endswith("gone.py"):
            with open(os.path.join(folder, path), "w"):
                pass  # only whether it is there matters
    written = [[path if path.startswith("<") or source.random() < 0.2
                else os.path.join(folder, path), text]
               for path, text in modules]
    options = [random_options(source, folder)
               for _ in range(source.randint(1, 3))]
    case = {"modules": written, "options": options,
            "ignored": source.sample(range(1, generator.count),
                                     source.choice((0, 0, 1, 2)))}
    with open(os.path.join(folder, "case.json"), "w") as file:
        json.dump(case, file, indent=1)


def entries(segment):
    """["+name", "-name"] as [(depth, name)] of the entries. A thread's last
    exits may come after the stop that follows: they say nothing more."""
    stack = []
    result = []
    for event in segment:
        if event[0] == "+":
            result.append((len(stack), event[1:]))
            stack.append(event[1:])
        elif stack:
            if stack[-1] != event[1:]:
                raise AssertionError("%s leaves %s" % (event[1:], stack[-1]))
            stack.pop()
    return result


def name_of(function):
    name = function.name.rpartition(".")[2]
    if function.kind == vzt_reader.FUNCTION_PYTHON:
        return "%s %s:%d" % (name, os.path.basename(function.file),
                             function.line)
    return name


def stream_segments(process, stream):
    segments = [[]]
    for event in process.events(stream.id):
        if event.record == vzt_reader.RECORD_GAP:
            segments.append([])
        elif event.kind in vzt_reader.ENTRIES:
            segments[-1].append("+" + name_of(process.functions[event.function]))
        elif event.kind in vzt_reader.EXITS:
            segments[-1].append("-" + name_of(process.functions[event.function]))
    return segments


def tidy(threads):
    """What is left of threads and segments in which nothing was recorded."""
    threads = [[entries(segment) for segment in segments if entries(segment)]
               for segments in threads]
    return [segments for segments in threads if segments]


class RandomTest(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.folder = os.path.realpath(
            tempfile.mkdtemp(prefix="viztracer-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def witness(self, kind, cases):
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.dirname(recorded.PACKAGE)
        environment["TMPDIR"] = self.folder
        output = os.path.join(self.folder, kind)
        done = recorded.run([CONTROL, kind, output] + cases, environment)
        self.assertEqual((done.status, done.stderr), (0, ""))
        return [output + ".%d" % i for i in range(len(cases))]

    def recorded_threads(self, path):
        trace = vzt_reader.read(path + ".vzt")
        process, = trace.processes
        self.assertEqual(process.status.mismatched_returns, 0)
        streams = sorted(process.streams.values(),
                         key=lambda stream: stream.id)
        return tidy(stream_segments(process, stream) for stream in streams)

    def expected_threads(self, path):
        with open(path) as file:
            return tidy(json.load(file))

    def test_random_programs(self):
        cases = []
        for i in range(CASES):
            folder = os.path.join(self.folder, "case%d" % i)
            make_case(random.Random("%d %d" % (SEED, i)), folder)
            cases.append(folder)
        records = self.witness("recorder", cases)
        wanted = self.witness("oracle", cases)
        count = 0
        for i in range(CASES):
            expected = self.expected_threads(wanted[i])
            with open(os.path.join(cases[i], "case.json")) as file:
                texts = [options["text"]
                         for options in json.load(file)["options"]]
            with self.subTest(case=i, options=texts):
                self.assertEqual(self.recorded_threads(records[i]), expected)
            count += sum(len(segment) for thread in expected
                         for segment in thread)
        self.assertGreater(count, 20 * CASES)  # or it has tested nothing


class RulesTest(unittest.TestCase):
    """What random programs do not come to."""

    def setUp(self):
        self.folder = os.path.realpath(
            tempfile.mkdtemp(prefix="viztracer-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def record(self, text, options, status=0):
        """[Process] of a program that the command's environment records."""
        self.write("program.py", text)
        folder = tempfile.mkdtemp(dir=self.folder)
        environment = recorded.recording_environment(
            folder, options, os.path.dirname(recorded.PACKAGE))
        done = recorded.run(["program.py"], environment, self.folder)
        self.assertEqual(done.status, status, done.stderr)
        processes = vzt_reader.read(folder).processes
        for process in processes:
            self.assertEqual(process.status.mismatched_returns, 0)
        return sorted(processes, key=lambda process: process.parent is not None)

    def calls(self, process):
        """{thread's name: ["f", ...] in order of the calls}"""
        return {stream.name: [name_of(process.functions[event.function])
                              .partition(" ")[0]
                              for event in process.events(stream.id)
                              if event.kind in vzt_reader.ENTRIES]
                for stream in process.streams.values()}

    def calls_of_main(self, text, options):
        process, = self.record(text, options)
        calls = self.calls(process)["MainThread"]
        # What site's packages import may have something to do at the end.
        if "_shutdown" in calls:
            del calls[calls.index("_shutdown"):]
        return calls

    def test_depth_begins_with_the_module_of_main(self):
        text = """
def a(): b()
def b(): len("")
a()
"""
        for depth, expected in ((0, []), (1, ["<module>"]),
                                (2, ["<module>", "a"]),
                                (3, ["<module>", "a", "b"]),
                                (4, ["<module>", "a", "b", "len"])):
            self.assertEqual(self.calls_of_main(text, "max_depth=%d" % depth),
                             expected)

    def test_a_forked_child_goes_on(self):
        text = """
import os
from viztracer import ignore_function
def a(): b()
def b():
    child = os.fork()
    c()
    if child:
        os.waitpid(child, 0)
    else:
        os._exit(0)
def c():
    d()
    hidden()
def d(): e()
def e(): pass
@ignore_function
def hidden(): d()
a()
"""
        parent, child = self.record(text, "max_depth=5 c_functions=0 "
                                    "include=program.py")
        self.assertEqual(self.calls(parent)["MainThread"],
                         ["<module>", "a", "b", "c", "d"])
        self.assertEqual(self.calls(child)["MainThread"], ["c", "d"])
        parent, child = self.record(text, "c_functions=0 include=program.py")
        self.assertEqual(self.calls(child)["MainThread"], ["c", "d", "e"])

    def test_a_fork_below_an_ignored_function(self):
        processes = self.record("""
import os
from viztracer import ignore_function
def seen(): pass
def inner():
    return os.fork()
@ignore_function
def hidden():
    child = inner()
    seen()
    return child
child = hidden()
seen()
if child:
    os.waitpid(child, 0)
""", "include=program.py keep_descendants=1 c_functions=0")
        self.assertEqual([self.calls(process)["MainThread"]
                          for process in processes],
                         [["<module>", "seen"], ["seen"]])

    def test_each_thread_has_its_depth(self):
        process, = self.record("""
import threading
def a(): b()
def b(): c()
def c(): pass
def work(): a()
threads = [threading.Thread(target=work, name="worker") for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
""", "max_depth=5 include=program.py c_functions=0 keep_descendants=1")
        # Of threading there are _bootstrap, _bootstrap_inner and run.
        streams = [stream.name for stream in process.streams.values()]
        self.assertEqual(streams.count("worker"), 3)
        self.assertEqual(self.calls(process)["worker"], ["work", "a"])

    def test_open_when_it_is_ignored(self):
        text = """
from viztracer import ignore_function
def a(n):
    b(n)
    return n
def b(n):
    if n == 1:
        ignore_function(a)
    if n:
        a(n - 1)
    c()
def c(): pass
a(1)
a(1)
"""
        expected = ["<module>", "a", "b", "c"]
        self.assertEqual([name for name in self.calls_of_main(
            text, "c_functions=0 include=program.py keep_descendants=1")],
            expected)
        process, = self.record(text, "c_functions=0 max_depth=1000")
        self.assertEqual(
            process.check_nesting(recorded.main_stream(process).id), (0, []))

    def test_ignored_in_later_recordings_too(self):
        self.write("inline.py", """
from viztracer import VizTracer, ignore_function
def seen(): pass
@ignore_function
def hidden(): seen()
def make():
    @ignore_function
    def made(): seen()
    return made
tracer = VizTracer(verbose=0)
for i in range(3):
    tracer.start()
    hidden()
    for _ in range(100):
        make()()
    seen()
    tracer.stop()
    tracer.save("%d.vzt" % i)
""")
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.dirname(recorded.PACKAGE)
        environment["TMPDIR"] = self.folder
        done = recorded.run(["inline.py"], environment, self.folder)
        self.assertEqual((done.status, done.stderr), (0, ""))
        for i in range(3):
            process, = vzt_reader.read(
                os.path.join(self.folder, "%d.vzt" % i)).processes
            names = recorded.names(process)
            self.assertEqual((names["seen"], names["hidden"]), (1, 0))

    def test_the_next_code_at_an_address_is_not_ignored(self):
        calls = self.calls_of_main("""
from viztracer import ignore_function
def make(i):
    names = {}
    exec("def made%d(): pass" % i, names)
    return names["made%d" % i]
for i in range(500):
    function = make(i)
    if i % 2:
        ignore_function(function)
    function()
    function = None
""", "include=program.py keep_descendants=1 c_functions=0")
        self.assertEqual([name for name in calls if "made" in name], [])
        calls = self.calls_of_main("""
from viztracer import ignore_function
def make(i):
    names = {}
    exec("def made%d(): pass" % i, names)
    return names["made%d" % i]
for i in range(500):
    function = make(i)
    if i % 2:
        ignore_function(function)
    function()
    function = None
""", "max_depth=1000 c_functions=0")
        self.assertEqual([name for name in calls if "made" in name],
                         ["made%d" % i for i in range(0, 500, 2)])

    def test_a_least_duration(self):
        calls = self.calls_of_main("""
import time
def short(): len("")
def long():
    end = time.perf_counter() + 0.1
    while time.perf_counter() < end:
        short()
def outer(): long()
outer()
""", "min_duration_ns=50000000 max_depth=4 c_functions=0")
        self.assertEqual(calls, ["<module>", "outer", "long"])

    def test_the_end_by_exit_is_noted_where_nothing_is_recorded(self):
        process, = self.record("""
import os
def leave():
    for _ in range(3):
        len("")
    os._exit(3)
leave()
""", "include=nowhere", 3)
        self.assertEqual(process.status.stop_reason, vzt_reader.STOP_EXIT_CALL)
        self.assertEqual(self.calls(process)["MainThread"], [])

    def test_a_save_without_calls_says_what_to_widen(self):
        self.write("inline.py", """
from viztracer import VizTracer
def f(): pass
for options in ({"max_stack_depth": 0}, {"include_files": ["nowhere"]},
                {"exclude_files": ["inline.py"], "keep_descendants": True,
                 "min_duration": 5}, {}):
    tracer = VizTracer(output_file="out.json", ignore_c_function=True,
                       **options)
    if options:
        tracer.start()
    f()
    tracer.stop()
    tracer.save()
""")
        environment = recorded.clean_environment()
        environment["PYTHONPATH"] = os.path.dirname(recorded.PACKAGE)
        done = recorded.run(["inline.py"], environment, self.folder)
        self.assertEqual(done.status, 0, done.stderr)
        said = os.path.join(self.folder, "out.json") + ": 0 events"
        lines = [line for line in done.stderr.splitlines()
                 if not line.startswith("viztracer: ")]  # which recorder it is
        self.assertEqual(lines, [
            said + "; to see more: raise max_stack_depth",
            said + "; to see more: name more files in include_files; set "
            "keep_descendants, since what is left out hides what it calls",
            said + "; to see more: name fewer files in exclude_files; lower "
            "min_duration",
            said])

    @unittest.skipUnless((3, 8) <= recorded.version() < (3, 12),
                         "there is one slot, and news of it")
    def test_depth_after_the_program_took_the_slot(self):
        calls = self.calls_of_main("""
import sys
def quiet(*event): pass
def a():
    sys.setprofile(quiet)
    b()
    c()
def b():
    unseen()
    e()
    c()
def unseen(): c()
def e():
    sys.setprofile(None)
    c()
def c(): d()
def d(): pass
a()
c()
""", "max_depth=5")
        # a and b are closed where the gap begins; what they call has its depth.
        self.assertEqual(calls, ["<module>", "a", "setprofile", "c",
                                 "c", "d", "c", "d", "c", "d"])

    def test_ignoring_begins_while_all_is_recorded(self):
        self.write("lib.py", "def call(function): function()\n")
        text = """
from viztracer import ignore_function
import lib
def seen(): pass
lib.call(seen)
lib.call(seen)
ignore_function(lib.call)
lib.call(seen)
seen()
"""
        for options in ("", "exclude=lib.py keep_descendants=1"):
            calls = self.calls_of_main(text, options + " c_functions=0")
            self.assertEqual([name for name in calls if name == "seen"],
                             ["seen"] * 3, options)
            self.assertEqual(calls.count("call"), 0 if options else 2)

    def test_all_together(self):
        """Depth, files and ignored functions each count what others hide."""
        self.write("lib.py", """
def enter(then): then()
def raises():
    raise KeyError
""")
        calls = self.calls_of_main("""
import lib
from viztracer import ignore_function
def a():
    lib.enter(b)
    hidden()
    try:
        hidden_raises()
    except KeyError:
        b()
def b(): c()
def c(): d()
def d(): pass
@ignore_function
def hidden(): lib.enter(b)
@ignore_function
def hidden_raises(): lib.raises()
a()
try:
    lib.raises()
except KeyError:
    pass
c()
""", "max_depth=3 exclude=lib.py c_functions=0")
        self.assertEqual(calls[0], "<module>")
        self.assertEqual(calls[calls.index("a"):], ["a", "b", "c", "d"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
