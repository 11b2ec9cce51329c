# SPDX-License-Identifier: Apache-2.0
"""What a program can say to the package and get from it, beside recording."""
import os
import re
import subprocess
import unittest

import recorded
from inline_program import ProgramTest

CHECK = '''
def check(error, text, function, *arguments, **options):
    try:
        function(*arguments, **options)
    except error as raised:
        assert type(raised) is error and text in str(raised), repr(raised)
    else:
        raise AssertionError("nothing raised")

'''


class ApiTest(ProgramTest):
    def events(self, phases, name="result.json"):
        """What is in a report beside times and ids."""
        return [{key: value for key, value in event.items()
                 if key not in ("pid", "tid", "ts", "id", "cat")}
                for event in self.report(name)["traceEvents"]
                if event["ph"] in phases]

    def test_parse_converts_once(self):
        self.run_program('''
def f(): abs(1)

tracer = VizTracer(verbose=0)
tracer.start()
assert not tracer.parsed and tracer.enable
f()
tracer.add_instant("i")
tracer.add_counter("c", {"a": 1})
assert tracer.parse() == 4 and tracer.parsed and not tracer.enable
data = tracer.data
f()
assert tracer.parse() == 4 and tracer.data is data
assert sum(event["ph"] != "M" for event in data["traceEvents"]) == 4
tracer.save()
assert tracer.total_entries == 4
tracer.start()
f()
assert tracer.parse() == 2 == tracer.total_entries
assert tracer.data is not data
tracer.clear()
assert tracer.parse() == 0
''')
        self.assertEqual(self.names(), ["f", "builtins.abs"])

    def test_parse_gives_what_save_writes(self):
        self.run_program('''
import json

def f(n): return n and f(n - 1)

tracer = VizTracer(verbose=0)
tracer.start()
f(5)
tracer.parse()
tracer.save()
with open("result.json") as file:
    assert json.load(file) == tracer.data
assert json.loads(tracer.generate_json()) == tracer.data
''')

    def test_a_report_as_a_text(self):
        self.run_program('''
tracer = VizTracer(verbose=0)
tracer.start()
abs(1)
tracer.stop()
from viztracer import recorder
if recorder.main().has_html:
    tracer.save("result.html")
    with open("result.html", encoding="utf-8") as file:
        page = file.read()
    assert tracer.generate_report() == page, len(page)
else:
    try:
        tracer.generate_report()
    except ValueError as error:
        assert "VIZTRACER_HTML" in str(error)
''')

    def test_stop_saves_when_it_is_told_where(self):
        self.run_program('''
def f(): pass

tracer = VizTracer(verbose=0)
tracer.start()
f()
tracer.stop(output_file="a/b.json")
try:
    tracer.stop("now")
except ValueError as error:
    assert "flush_as_finish" in str(error)
else:
    raise AssertionError("nothing raised")
''')
        self.assertEqual(self.names("a/b.json"), ["f"])

    def test_run_records_a_text(self):
        self.run_program('''
tracer = VizTracer(verbose=0)
tracer.run("""
def f(n):
    return n and f(n - 1)
assert __name__ == "__main__" and f(2) == 0
a = [f for b in (1,)]
""", output_file="1.json")
try:
    tracer.run("1/0")
except ZeroDivisionError:
    pass
else:
    raise AssertionError("nothing raised")
try:
    tracer.run("1 1", "3.json")
except SyntaxError:
    pass
''')
        self.assertEqual([name for name in self.names("1.json")
                          if "listcomp" not in name],
                         ["<module>", "f", "f", "f"])
        self.assertEqual(self.names(), ["<module>"])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "3.json")))

    def test_the_pid_goes_into_the_name(self):
        done = self.run_program('''
import os

print(os.getpid())
tracer = VizTracer(verbose=0, pid_suffix=True)
assert tracer.output_file == "result.json", tracer.output_file
tracer.save()
tracer.save("a.b/x.json.gz")
tracer.save("y.vzt")
''', output="")
        pid = done.stdout.strip()
        for name in ("result_%s.json", "a.b/x_%s.json.gz", "y_%s.vzt"):
            self.assertTrue(os.path.exists(os.path.join(
                self.folder, name % pid)), name)

    def test_every_format_is_saved(self):
        suffixes = (".json", ".gz", ".vzt", ".vzt.gz", ".folded", ".csv.gz",
                    ".speedscope.json", ".speedscope.json.gz", ".pftrace",
                    ".pstats", ".callgrind")
        done = self.run_program('''
import os

print(os.getpid())
tracer = VizTracer(verbose=0, pid_suffix=True)
tracer.start()
sorted([1])
tracer.stop()
for suffix in %r:
    tracer.save("x" + suffix)
''' % (suffixes,), output="")
        pid = done.stdout.strip()
        for suffix in suffixes:
            path = os.path.join(self.folder, "x_%s%s" % (pid, suffix))
            with open(path, "rb") as file:
                data = file.read()
            self.assertEqual(data[:2] == b"\x1f\x8b",
                             suffix.endswith(".gz"), suffix)
            self.assertGreater(len(data), 10, suffix)
            if suffix == ".speedscope.json":
                self.assertIn(b'"$schema"', data)

    def test_attributes_may_be_set_later(self):
        self.run_program(CHECK + '''
import os

def f(): abs(1)

tracer = VizTracer("c", verbose=0)
from viztracer import recorder
assert tracer.tracer == recorder.name_of(recorder.main())
assert tracer.tracer_entries is None
tracer.min_duration = 2.5
assert tracer.min_duration == 2.5
assert "min_duration_ns=2500" in tracer._options().split()
tracer.min_duration = -1
assert tracer.min_duration == 0
tracer.include_files = ["a", os.path.abspath("b")]
assert tracer.include_files == [os.path.abspath("a"), os.path.abspath("b")]
tracer.exclude_files = ["c"]
check(Exception, "include_files and exclude_files can't be both specified!",
      tracer.start)
tracer.clear()
tracer.include_files = None
tracer.exclude_files = []
check(AttributeError, "verbose", lambda: VizTracer.__new__(VizTracer).verbose)
tracer.ignore_c_function = True
tracer.start()
f()
tracer.save()
check(TypeError, "verbose must be an integer", setattr, tracer, "verbose", "1")
check(TypeError, "max_stack_depth must be an integer", setattr, tracer,
      "max_stack_depth", True)
check(TypeError, "min_duration must be a float or an integer", setattr, tracer,
      "min_duration", "1")
check(ValueError, "10^12", setattr, tracer, "min_duration", float("nan"))
check(TypeError, "exclude_files must be a list or None", setattr, tracer,
      "exclude_files", ("a",))
check(TypeError, "exclude_files must be a list of paths", setattr, tracer,
      "exclude_files", [1])
check(TypeError, "log_print must be a boolean", setattr, tracer, "log_print", 1)
check(TypeError, "log_async must be a boolean", setattr, tracer, "log_async", 1)
check(NotImplementedError, "log_async is not in this version", setattr, tracer,
      "log_async", True)
check(ValueError, "tracer_entries must be greater than 0", VizTracer, -5)
check(TypeError, "tracer_entries must be an integer", VizTracer, 5.0)
check(TypeError, "register_global must be a boolean", VizTracer,
      register_global=None)
for name in ("ignore_frozen", "log_func_args", "log_func_retval", "log_gc",
             "log_func_with_objprint", "log_sparse", "log_torch",
             "trace_self"):
    check(NotImplementedError, name, VizTracer, **{name: True})
for name in ("log_func_repr", "log_audit", "report_endpoint", "plugins"):
    check(NotImplementedError, name, VizTracer, **{name: [1]})
for method in ("add_raw", "log_instant", "fork_save", "getts", "install"):
    check(NotImplementedError, method, getattr, tracer, method)
''')
        self.assertEqual(self.names(), ["f"])

    def test_the_registered_tracer(self):
        self.run_program('''
assert get_tracer() is None
one = VizTracer()
assert get_tracer() is one
VizTracer(register_global=False)
assert get_tracer() is one
''')

    def test_a_subclass_may_have_its_own_start(self):
        self.run_program('''
class Mine(VizTracer):
    def start(self):
        self.count = 1
        super().start()

def f(): pass

with Mine(verbose=0) as tracer:
    f()
assert tracer.count == 1
''')
        self.assertEqual(self.names(), ["f"])

    def test_the_manual_has_every_name(self):
        done = self.run_program('''
import viztracer
for thing in (viztracer.VizTracer, viztracer.LogObject, viztracer.FlameGraph):
    print(*(name for name in vars(thing) if not name.startswith("_")))
print(*(name for name in viztracer.__all__ if name != "__version__"))
''')
        page = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..",
                            "..", "man", "viztracer.3")
        with open(page) as file:
            words = set(re.findall(r"\w+", file.read()))
        self.assertEqual(set(done.stdout.split()) - words, set())

    def test_names_of_other_versions(self):
        self.run_program(CHECK + '''
import viztracer

for name in viztracer.__all__:
    assert hasattr(viztracer, name), name
for name in ("trace_and_save", "log_sparse", "load_ipython_extension"):
    check(NotImplementedError, name, getattr(viztracer, name))
    assert name not in viztracer.__all__
''')

    def test_the_print_of_the_recorder_in_python(self):
        done = self.run_program(self.PRINTING + '''
from viztracer import print_log

plain = print
expected = use()
seen = []
print_log.install(seen.append)
print_log.install(None)
recorded = use()
print_log.remove()
print_log.remove()
assert print is plain
assert recorded == expected, (recorded, expected)
print(ascii(seen))
''')
        self.assertEqual(done.stdout.splitlines()[-1], ascii(self.PRINTED))

    def test_a_process_may_be_named(self):
        self.run_program('''
import multiprocessing, os

def f(): pass

tracer = VizTracer(verbose=0, process_name="my\u00e9 name")
for i in range(2):
    tracer.start()
    f()
    child = multiprocessing.get_context("fork").Process(target=f, name="kid")
    child.start()
    child.join()
    tracer.stop()
    tracer.save("%d.json" % i)
try:
    tracer.process_name = 5
except TypeError as error:
    assert str(error) == "process_name must be a string"
''')
        for i in range(2):
            self.assertEqual(
                [event["args"]["name"] for event in self.events(
                    "M", "%d.json" % i) if event["name"] == "process_name"],
                ["my\u00e9 name", "kid"])

    def test_counters(self):
        self.run_program(CHECK + '''
from viztracer import Counter

tracer = VizTracer(verbose=0)
with tracer:
    counter = tracer.register_counter("a")
    assert tracer.get_counter("a") is counter
    assert tracer.get_counter("b") is None
    counter.update({"x": 1, "y": 2.5})
    counter.update("x", 3)
    tracer.update_counter("a", "z", 0.5)
    tracer.update_counter("a", {"z": 1})
    Counter(tracer.add_counter, "b").update("k", True)
    usage = ("Counter.update() takes a dict update(dict) or a key value pair "
             "set_value(key, value)")
    check(Exception, "name of counter has to be string",
          tracer.register_counter, 1)
    check(Exception, "name a already exists in counters",
          tracer.register_counter, "a")
    check(Exception, "No counter named c", tracer.update_counter, "c", "k", 1)
    for wrong in ((5,), ("a", "b"), ("a",), (), (1, 2)):
        check(Exception, usage, counter.update, *wrong)
seen = []
Counter(lambda name, values: seen.append((name, values)), "n").update("k", 3)
assert seen == [("n", {"k": 3.0})] and isinstance(seen[0][1]["k"], float)
''')
        self.assertEqual([(event["name"], event["args"])
                          for event in self.events("C")],
                         [("a", {"x": 1, "y": 2.5}), ("a", {"x": 3}),
                          ("a", {"z": 0.5}), ("a", {"z": 1}), ("b", {"k": 1})])
        self.assertEqual(set(self.names()), {"check"})

    def test_flame_graphs_sum_paths(self):
        self.run_program('''
import json
from viztracer import FlameGraph

def f(): g(); g()
def g(): h(100)
def h(n): abs(n); n and h(n // 10)

tracer = VizTracer(verbose=0)
tracer.start()
f()
g()
f()
tracer.parse()
tracer.save()
(thread, root), = FlameGraph(tracer.data).parse(tracer.data).items()
event = [event for event in tracer.data["traceEvents"] if event["ph"] == "X"][0]
assert thread == "p%d_t%d" % (event["pid"], event["tid"])

calls = [(round(e["ts"] * 1000), round((e["ts"] + e["dur"]) * 1000), e["name"])
         for e in tracer.data["traceEvents"] if e["ph"] == "X"]
expected = {}
for call in calls:  # by brute force: the path is what a call lies in
    around = sorted(other for other in calls if other is not call
                    and other[0] <= call[0] and call[1] <= other[1])
    path = tuple(other[2] for other in around) + (call[2],)
    expected[path] = expected.get(path, 0) + call[1] - call[0]

def paths(node, above):
    for child in node["children"]:
        path = above + (child["name"],)
        yield path, round(child["value"] * 1000)
        yield from paths(child, path)

found = list(paths(root, ()))
assert len(found) == len(expected) and dict(found) == expected, (found, expected)
assert root["name"] == "__root__"
assert round(root["value"] * 1000) == sum(
    value for path, value in expected.items() if len(path) == 1)
graph = FlameGraph()
graph.load("result.json")
assert graph.parse(tracer.data) == {thread: root}
begins = {"traceEvents": [
    dict(ph=ph, name=name, ts=ts, pid=1, tid=2) for ph, name, ts in (
        ("B", "a", 1), ("B", "b", 2), ("E", "b", 4), ("B", "b", 4),
        ("E", "b", 6), ("E", "a", 10))]}
assert FlameGraph().parse(begins) == {"p1_t2": {
    "name": "__root__", "value": 9, "children": [{
        "name": "a", "value": 9, "children": [{
            "name": "b", "value": 4, "children": []}]}]}}
deep = {"traceEvents": [
    dict(ph="X", name="f", ts=i, dur=200000 - 2 * i, pid=1, tid=2)
    for i in range(50000)]}
FlameGraph(deep)
''')

    def test_open_calls_may_end_with_the_recording(self):
        self.run_program('''
tracer = VizTracer(verbose=0)

def outer(option, name):
    tracer.start()
    inner(option)
    tracer.save(name + ".json")
    tracer.save(name + ".vzt")

def inner(option):
    leaf()
    def left_open():
        tracer.stop(option)
    left_open()

def leaf(): pass

outer(None, "open")
outer("flush_as_finish", "ended")
''')
        for name, phase in (("open", "B"), ("ended", "X")):
            found = {event["name"].partition(" ")[0].rpartition(".")[2]:
                     event["ph"] for event in self.events("XB", name + ".json")}
            self.assertEqual(found, {"inner": phase, "left_open": phase,
                                     "leaf": "X"})
            process, = recorded.vzt_reader.read(
                os.path.join(self.folder, name + ".vzt")).processes
            self.assertEqual(process.status.state, {"B": 0, "X": 2}[phase])

    def test_a_trace_says_no_more_that_it_goes_on(self):
        self.run_program('''
import os, subprocess, sys

tracer = VizTracer(verbose=0)
tracer.start()
abs(1)
tracer.stop()
tracer.save("running.vzt")
''')
        viewer = os.path.join(recorded.PACKAGE, "..", "..", "..", "..", "bin",
                              "viztracer")
        done = subprocess.run(
            [viewer, "view", "--headless", "100x12",
             os.path.join(self.folder, "running.vzt")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b"")
        self.assertNotIn(b"ended", done.stdout)
        self.assertNotIn(b"running  ", done.stdout)

    def test_pages_that_show_a_flame_graph(self):
        self.run_program(CHECK + '''
from viztracer import FlameGraph, recorder

def f(): g()
def g(): pass

check(ValueError, "parse() or load()", FlameGraph().save)
tracer = VizTracer(verbose=0, output_file="x.json.gz")
tracer.start()
f()
tracer.stop()
if recorder.main().has_html:
    tracer.save_flamegraph()
    tracer.save_flamegraph("a/b.html")
    tracer.save("y.html", save_flamegraph=True)
    graph = FlameGraph()
    tracer.save("x.json")
    graph.load("x.json")
    graph.save()
    graph.save("z.html")
    with open("y.html", encoding="utf-8") as file:
        plain = file.read()
    for name in ("x_flamegraph", "a/b", "y_flamegraph", "result_flamegraph",
                 "z"):
        with open(name + ".html", encoding="utf-8") as file:
            page = file.read()
        assert page.startswith("<!DOCTYPE") and page != plain, name
    check(OSError, "z.json", graph.save, "z.json")
    check(OSError, "x.json", tracer.save_flamegraph, "x.json")
''')

    def test_ignored_functions(self):
        self.run_program(CHECK + '''
from viztracer import ignore_function

def inner(): abs(1)
def seen(): pass

@ignore_function
def ignored(fail=False):
    """What it does."""
    inner()
    if fail:
        raise KeyError("x")
    return 5

@ignore_function(tracer=None)
def generator():
    inner()
    yield 1
    inner()
    yield 2

class C:
    @ignore_function
    def method(self): inner()

    @ignore_function
    @staticmethod
    def static(): inner()

assert ignored.__name__ == "ignored" and ignored.__doc__ == "What it does."
check(TypeError, "written in Python, not builtin_function_or_method",
      ignore_function, abs)
tracer = VizTracer(verbose=0)
tracer.start()
assert ignored() == 5
try:
    ignored(True)
except KeyError:
    seen()
C().method()
C.static()
numbers = [number for number in generator()]
seen()

@ignore_function(tracer=tracer)
def late(): inner()

late()
seen()
tracer.stop()
tracer.save()
assert numbers == [1, 2]
''')
        self.assertEqual([name for name in self.names()
                          if "listcomp" not in name], ["seen"] * 3)

    def test_the_filters(self):
        with open(os.path.join(self.folder, "other.py"), "w") as file:
            file.write("def other(then): abs(1); then()\n")
        self.run_program('''
import time
from other import other

def a(): b(); time.sleep(0)
def b(): c()
def c(): abs(1)
def nothing(): pass
def long():
    end = time.perf_counter() + 0.002
    while time.perf_counter() < end: pass

def record(name, function, *arguments, **options):
    tracer = VizTracer(verbose=0, output_file=name + ".json", **options)
    tracer.start()
    function(*arguments)
    tracer.stop()
    tracer.save()

record("depth", a, max_stack_depth=2)
record("none", a, max_stack_depth=0)
record("python", a, ignore_c_function=True)
record("include", other, nothing, include_files=["other.py"])
record("exclude", other, nothing, exclude_files=["other.py"])
record("judged", other, nothing, exclude_files=["other.py"],
       keep_descendants=True)
record("short", long, min_duration=1000)
record("latest", lambda: [nothing() for i in range(100)] and a(),
       tracer_entries=3)
''')
        for name, expected in (
                ("depth", ["a", "b", "time.sleep"]), ("none", []),
                ("python", ["a", "b", "c"]),
                ("include", ["other", "builtins.abs"]),
                ("exclude", []), ("judged", ["nothing"])):
            self.assertEqual(self.names(name + ".json"), expected, name)
        self.assertEqual(len(self.names("latest.json")), 3)
        # Hardly ever is a C function interrupted for so long.
        names = self.names("short.json")
        self.assertEqual(names[0], "long")
        self.assertLess(len(names), 5)

    def test_objects_that_log_themselves(self):
        self.run_program(CHECK + '''
from viztracer import LogObject

class Thing(LogObject):
    def __init__(self, tracer, name=None):
        super().__init__(tracer, name)
        self.set_viztracer_attributes(["x", "double", "y"])
        self.x = 1
        self.y = [1, (2, "z")]

    @property
    def double(self):
        helper()
        return 2.0 * self.x

    @LogObject.snapshot
    def after(self, x):
        """Doc."""
        self.x = x
        return x

    @LogObject.snapshot(when="before")
    def before(self): self.x = 10

    @LogObject.snapshot(when="both")
    def both(self): self.x = 20

    @LogObject.snapshot(when="both")
    def fail(self): raise KeyError("x")

def helper(): pass

assert Thing.after.__name__ == "after" and Thing.after.__doc__ == "Doc."
check(Exception,
      "when has to be one of 'after', 'before' or 'both', not never",
      LogObject.snapshot, when="never")
tracer = VizTracer(verbose=0)
tracer.start()
thing = Thing(tracer)
named = Thing(tracer, "named")
assert thing.after(5) == 5
thing.before()
thing.both()
try:
    thing.fail()
except KeyError:
    pass
for wrong in ("x", [1], None):
    check(Exception, "You need to pass a list of string to "
          "set_viztracer_attributes!", thing.set_viztracer_attributes, wrong)
del thing
named.after(True)
del named
tracer.stop()
tracer.save()

class Odd(LogObject):
    def __init__(self): pass

Odd()  # has no tracer to tell of its end
''')
        name = "<class '__main__.Thing'>"
        y = "[1, (2, 'z')]"
        self.assertEqual(
            [(event["ph"], event["name"], event.get("args", {}).get("snapshot"))
             for event in self.events("NOD")],
            [("N", name, None), ("N", "named", None)]
            + [("O", name, {"x": x, "double": 2 * x, "y": y})
               for x in (5, 5, 10, 20, 20)]
            + [("D", name, None),
               ("O", "named", {"x": True, "double": 2, "y": y}),
               ("D", "named", None)])
        self.assertEqual(
            [name for name in self.names() if name != "check"],
            ["Thing.__init__"] * 2 + ["Thing.after", "Thing.before",
                                      "Thing.both", "Thing.fail",
                                      "Thing.after"])

    PRINTING = '''
import io, sys

class File:
    def __init__(self): self.pieces = []
    def write(self, text): self.pieces.append(text); return 5
    def flush(self): self.pieces.append(None)

class Shown:
    count = 0
    def __str__(self):
        self.count += 1
        return "shown"

class Bad:
    def __str__(self): raise KeyError("bad")

def error_of(*arguments, **options):
    try:
        print(*arguments, **options)
    except BaseException as error:
        return type(error).__name__, str(error)

def use():
    file = File()
    shown = Shown()
    results = [
        print("to stdout", 1, sep=", ", end=".\\n"),
        print("to stderr", file=sys.stderr),
        print("pieces", shown, file=file, flush=True),
        print(file=file), print(end=""), print("", end=""),
        print("\\u00e9\\u4e2d", file=file),
        error_of("half", Bad(), file=file),
        error_of("x", file=5), error_of("x", sep=1), error_of("x", no=1),
        error_of("closed", file=closed)]
    stdout, sys.stdout = sys.stdout, None
    results.append(print("nowhere"))
    del sys.stdout
    results.append(error_of("lost"))
    sys.stdout = stdout
    return results, file.pieces, shown.count

closed = io.StringIO()
closed.close()
'''

    PRINTED = ["to stdout, 1.\n", "to stderr\n", "pieces shown\n", "\n",
               "\u00e9\u4e2d\n", "half "]

    def test_what_is_printed_is_recorded_and_printed(self):
        done = self.run_program(self.PRINTING + '''
plain_print = print
plain = use()
tracer = VizTracer(verbose=0, log_print=True)
tracer.start()
assert print is not plain_print and repr(print) == repr(plain_print)
assert print.__module__ == "builtins" and print.__name__ == "print"
recorded = use()
tracer.stop()
assert print is plain_print
assert recorded == plain, (plain, recorded)
print("not recorded")
tracer.save()
tracer = VizTracer(verbose=0)
tracer.start()
print("not asked for")
tracer.stop()
tracer.save("2.json")
''')
        self.assertEqual(done.stdout, "to stdout, 1.\n" * 2
                         + "not recorded\nnot asked for\n")
        self.assertEqual(done.stderr, "to stderr\n" * 2)
        self.assertEqual(self.events("i"), [
            {"ph": "i", "s": "g", "name": "print - " + text, "args": None}
            for text in self.PRINTED])
        self.assertEqual(self.names().count("builtins.print"), 14)
        self.assertEqual(set(self.names()) - {
            "builtins.print", "use", "error_of", "builtins.repr",
            "File.__init__", "File.write", "File.flush", "Shown.__str__",
            "Bad.__str__", "list.append"}, set())
        self.assertEqual(self.events("i", "2.json"), [])

    def test_who_replaces_print_later_keeps_it(self):
        self.run_program('''
import builtins

plain = print
tracer = VizTracer(verbose=0, log_print=True)
for i in range(2):
    tracer.start()
    ours = print
    assert ours is not plain
    builtins.print = lambda *values: ours(">", *values)
    print(i)
    tracer.stop()
    print("again")
    builtins.print = plain
tracer.save()
''')
        self.assertEqual([event["name"] for event in self.events("i")],
                         ["print - > 0\n", "print - > 1\n"])

    def test_the_command_logs_print_too(self):
        program = os.path.join(self.folder, "program.py")
        with open(program, "w") as file:
            file.write(self.PRINTING + "print(use()[0])\n")
        trace, done = recorded.record(
            [program], os.path.join(self.folder, "trace"), "log_print=1")
        plain = recorded.run([program], recorded.clean_environment())
        self.assertEqual(done, plain)
        process, = trace.processes
        found = [event.payload.name
                 for event in process.events(recorded.main_stream(process).id)
                 if isinstance(event.payload, recorded.vzt_reader.Instant)]
        self.assertEqual(found[:-1], ["print - " + text
                                      for text in self.PRINTED])
        self.assertEqual(found[-1][:9], "print - [")

    def test_cleanup_gives_the_memory_back(self):
        self.run_program('''
import os

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

def call(): pass

def calls(count):
    for i in range(count):
        call()

tracer = VizTracer(verbose=0)
tracer.start()
calls(10)
tracer.cleanup()
before = resident()
tracer.start()
calls(1000000)
tracer.stop()
tracer.cleanup()
after = resident()
assert abs(after - before) <= 1 << 20, (before, after)
assert tracer.parse() == 0
''')

    def test_a_pause_is_drawn(self):
        self.run_program('''
def first(): pass
def second(): pass

tracer = VizTracer(verbose=0, output_file="result.vzt")
tracer.start()
first()
tracer.stop()
for i in range(1000000): pass
tracer.start()
second()
tracer.stop()
tracer.save()
''')
        viewer = os.path.join(recorded.PACKAGE, "..", "..", "..", "..", "bin",
                              "viztracer")
        screen = subprocess.check_output(
            [viewer, "view", "--headless", "100x12",
             os.path.join(self.folder, "result.vzt")]).decode()
        self.assertRegex(screen, "MainThread +.?\u2591{10}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
