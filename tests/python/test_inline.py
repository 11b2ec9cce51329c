# SPDX-License-Identifier: Apache-2.0
"""VizTracer inside a program: what is recorded, and what a wrong call says."""
import json
import os
import unittest

import recorded
from inline_program import ProgramTest
from recorded import vzt_reader


class InlineTest(ProgramTest):
    def test_without_an_output_file_there_is_a_report(self):
        has_html = self.run_program(
            "from viztracer import _tracer\nprint(_tracer.has_html)"
        ).stdout.strip() == "1"
        name = "result.html" if has_html else "result.json"
        done = self.run_program("VizTracer().save()", output="")
        self.assertIn(name + ": 0 events\n", done.stderr)
        done = self.run_program("""
with VizTracer() as tracer:
    abs(1)
print(tracer.output_file)
""", output="")
        self.assertEqual(done.stdout, name + "\n")
        with open(os.path.join(self.folder, name)) as file:
            self.assertEqual(file.read(9), "<!DOCTYPE" if has_html
                             else '{"traceEv')

    def test_only_what_is_between_start_and_stop_is_recorded(self):
        self.run_program('''
def before(): pass
def inside(): abs(1)
def after(): pass

tracer = VizTracer(verbose=0)
before()
tracer.start()
inside()
tracer.stop()
after()
tracer.save()
''')
        self.assertEqual(self.names(), ["inside", "builtins.abs"])

    def test_with_saves_and_names_the_file(self):
        done = self.run_program('''
def inside(): pass

with VizTracer(output_file="out/deep/x.json.gz") as tracer:
    assert tracer.enable
    inside()
assert not tracer.enable
''')
        self.assertEqual(self.names("out/deep/x.json.gz"), ["inside"])
        self.assertRegex(done.stderr, r"^/.*/out/deep/x.json.gz: 1 events\n$")

    def test_with_saves_when_the_block_raises(self):
        self.run_program('''
def inside(): raise KeyError("x")

try:
    with VizTracer(verbose=0):
        inside()
except KeyError:
    pass
''')
        self.assertEqual(self.names(), ["inside"])

    def test_start_and_stop_may_alternate(self):
        self.run_program('''
def f(n): pass

tracer = VizTracer(verbose=0)
for i in range(10):
    tracer.start()
    f(i)
    tracer.stop()
    f(i)
tracer.save()
''')
        self.assertEqual(self.names(), ["f"] * 10)

    def test_a_pause_closes_the_calls_that_are_open(self):
        self.run_program('''
import time

def outer():
    inner()
    outside()

def inner():
    tracer.add_instant("stop")
    tracer.stop()

def outside(): pass
def after(): abs(1)

def later():
    tracer.start()
    after()

tracer = VizTracer(verbose=0)
tracer.start()
outer()
end = time.monotonic() + 0.2
while time.monotonic() < end:
    pass
later()
tracer.add_instant("end")
tracer.stop()
tracer.save()
tracer.save("result.vzt")
''')
        slices = self.slices()
        instants = self.instants()
        self.assertEqual(self.names(), ["outer", "inner", "after",
                                        "builtins.abs"])
        pause = slices["inner"][1]
        self.assertEqual(slices["outer"][1], pause)
        self.assertGreaterEqual(pause, instants["stop"])
        self.assertLess(pause, instants["stop"] + 100000)
        self.assertGreater(slices["after"][0], pause + 190000)
        self.assertLess(slices["after"][1], instants["end"])
        trace = vzt_reader.read(os.path.join(self.folder, "result.vzt"))
        process, = trace.processes
        for stream in process.streams.values():
            self.assertEqual(process.check_nesting(stream.id), (0, []))

    def test_a_pause_closes_the_calls_of_all_threads(self):
        self.run_program('''
import threading

class Step:  # a lock that opens once: acquire and release are C functions
    def __init__(self):
        self.lock = threading.Lock()
        self.lock.acquire()

def work():
    before()
    third()

def before():
    started.lock.release()
    paused.lock.acquire()

def third():
    pass_by(resumed.lock.acquire())

def pass_by(value): pass

started, paused, resumed = Step(), Step(), Step()
tracer = VizTracer(verbose=0)
thread = threading.Thread(target=work)
tracer.start()
thread.start()
started.lock.acquire()
for i in range(3):  # pauses without an event between them
    tracer.stop()
    tracer.start()
tracer.stop()
tracer.add_instant("not seen")
paused.lock.release()
while thread.ident is None: pass
tracer.start()
resumed.lock.release()
thread.join()
tracer.stop()
tracer.save("result.vzt")
''')
        trace = vzt_reader.read(os.path.join(self.folder, "result.vzt"))
        process, = trace.processes
        for stream in process.streams.values():
            self.assertEqual(process.check_nesting(stream.id), (0, []))
            gaps = [event.payload.reason for event
                    in process.events(stream.id)
                    if isinstance(event.payload, vzt_reader.Gap)]
            self.assertEqual(gaps, [2] if stream.name != "MainThread"
                             else [2] * 4)

    def test_a_start_after_a_save_records_anew(self):
        self.run_program('''
def first(): pass
def second(): pass
def third(): pass

tracer = VizTracer(verbose=0)
tracer.start()
first()
tracer.stop()
tracer.save("1.json")
tracer.start()
second()
tracer.clear()
third()
tracer.stop()
tracer.save("2.json")
''')
        self.assertEqual(self.names("1.json"), ["first"])
        self.assertEqual(self.names("2.json"), ["third"])

    def test_saving_while_recording_goes_on_recording(self):
        self.run_program('''
def first(): pass
def second(): pass

tracer = VizTracer(verbose=0)
tracer.start()
first()
tracer.save("1.json")
second()
tracer.stop()
tracer.save("2.json")
''')
        self.assertEqual(self.names("1.json"), ["first"])
        self.assertEqual(self.names("2.json"), ["first", "second"])

    def test_stop_pauses_all_threads(self):
        self.run_program('''
import threading

def work():
    go.wait()
    inside()
    stopped.wait()
    outside()

def inside(): done.set()
def outside(): pass

go, done, stopped = (threading.Event() for i in range(3))
thread = threading.Thread(target=work)
tracer = VizTracer(verbose=0)
thread.start()
tracer.start()
go.set()
done.wait()
tracer.stop()
stopped.set()
thread.join()
tracer.save()
''')
        names = self.names()
        self.assertIn("inside", names)
        self.assertNotIn("outside", names)

    def test_c_functions_are_left_out_when_asked_for(self):
        self.run_program('''
def inside(): abs(1)

with VizTracer(verbose=0, ignore_c_function=True):
    inside()
''')
        self.assertEqual(self.names(), ["inside"])

    def test_own_functions_are_not_shown(self):
        self.run_program('''
def inside(): pass

class Odd:
    def __repr__(self):
        return inside() or "odd"

with VizTracer(verbose=0) as tracer:
    get_tracer()
    tracer.add_instant("here", {"value": Odd()})
    tracer.add_counter("count", {"a": 1})
    tracer.enable
''')
        self.assertEqual(self.names(), [])

    def test_instants_and_counters(self):
        self.run_program('''
with VizTracer(verbose=0) as tracer:
    tracer.add_instant("i1", {"a": [1, 2.5, None, True, "x\\"\\n\\u00e9"],
                              "b": (float("nan"), 10 ** 40, {1: set()})}, "t")
    tracer.add_instant("i2", scope="p")
    tracer.add_counter("c", {"a": 1, "b": 2.5})
''')
        events = {event["name"]: event
                  for event in self.report()["traceEvents"]}
        self.assertEqual(events["i1"]["s"], "t")
        self.assertEqual(events["i1"]["args"], {
            "a": [1, 2.5, None, True, 'x"\n\u00e9'],
            "b": ["nan", "1" + "0" * 40, {"1": "set()"}]})
        self.assertEqual(events["i2"]["s"], "p")
        self.assertEqual(events["c"]["args"], {"a": 1, "b": 2.5})

    def test_objects(self):
        self.run_program('''
class Id(int):
    def __str__(self):
        return "not a number"

tracer = VizTracer(verbose=0, output_file="result.vzt")
tracer.add_object("N", 1, "before")
with tracer:
    tracer.add_object("N", Id(140000000000000), "stack")
    tracer.add_object("O", 140000000000000, "stack",
                      {"snapshot": {"depth": 3, "top": "x" * 5000}})
    tracer.add_object("D", "140000000000000", "stack", None)
''')
        path = os.path.join(self.folder, "result.vzt")
        process, = vzt_reader.read(path).processes
        objects = [event.payload for stream in process.streams
                   for event in process.events(stream)
                   if event.record == vzt_reader.RECORD_OBJECT]
        self.assertEqual([(found.phase, found.id, found.name)
                          for found in objects],
                         [(phase, "140000000000000", "stack")
                          for phase in (1, 2, 3)])
        self.assertEqual([found.args and json.loads(found.args)
                          for found in objects],
                         ["", {"snapshot": {"depth": 3, "top": "x" * 5000}},
                          ""])

    def test_values_that_fight_back(self):
        self.run_program('''
class Bad:
    def __repr__(self):
        raise KeyError("no")

nested = []
for i in range(100):
    nested = [nested]
loop = []
loop.append(loop)
with VizTracer(verbose=0) as tracer:
    tracer.add_instant("bad", {"bad": Bad(), "lone": "\\ud800"})
    tracer.add_instant("deep", nested)
    tracer.add_instant("loop", loop)
    tracer.add_instant("long", "x" * 5000000)
''')
        events = {event["name"]: event
                  for event in self.report()["traceEvents"]}
        self.assertEqual(events["bad"]["args"],
                         {"bad": "<not displayable>", "lone": "?"})
        self.assertIn("deep", events)
        self.assertIn("loop", events)

    def test_wrong_calls_say_so(self):
        self.run_program('''
def check(error, text, function, *arguments, **options):
    try:
        function(*arguments, **options)
    except error as raised:
        assert text in str(raised), raised
    else:
        raise AssertionError("nothing raised")

tracer = VizTracer(verbose=0)
check(ValueError, "Scope must be one of 'g', 'p', 't'",
      tracer.add_instant, "x", None, "q")
check(TypeError, "Scope", tracer.add_instant, "x", None, 1)
check(TypeError, "name must be a string", tracer.add_instant, 1)
check(ValueError, "ph must be one of 'N', 'O', 'D'",
      tracer.add_object, "X", 1, "x")
check(TypeError, "ph must", tracer.add_object, 1, 1, "x")
check(TypeError, "id of an object", tracer.add_object, "N", 1.5, "x")
check(TypeError, "name must be a string", tracer.add_object, "N", 1, 1)
check(TypeError, "must be numbers", tracer.add_counter, "x", {"a": "b"})
check(TypeError, "must be a dict", tracer.add_counter, "x", 1)
check(TypeError, "keys", tracer.add_counter, "x", {1: 1})
check(ValueError, "at most 64", tracer.add_counter, "x",
      dict((str(i), i) for i in range(65)))
check(TypeError, "verbose must be an integer", VizTracer, verbose="1")
check(TypeError, "ignore_c_function must be a boolean", VizTracer,
      ignore_c_function=1)
check(TypeError, "max_stack_depth must be an integer", VizTracer,
      max_stack_depth="5")
check(ValueError, "tracer_entries must be greater than 0", VizTracer, 0)
check(TypeError, "min_duration must be a float or an integer", VizTracer,
      min_duration="5us")
check(TypeError, "include_files must be a list or None", VizTracer,
      include_files="x.py")
check(ValueError, "pid_suffix needs to be a boolean, not 1", VizTracer,
      pid_suffix=1)
check(ValueError, "tracer can only be c or python, not perl", VizTracer, "perl")
check(NotImplementedError, "log_gc is not in this version", VizTracer,
      log_gc=True)
check(TypeError, "'colour'", VizTracer, colour=1)
check(ValueError, ".json.gz", VizTracer, output_file="x.txt")
check(ValueError, "x.htm:", tracer.save, "x.htm")
check(ValueError, "x.html.gz:", tracer.save, "x.html.gz")
check(ValueError, "string", tracer.save, 5)
check(NotImplementedError, "add_raw is not in this version",
      lambda: tracer.add_raw({}))
check(AttributeError, "nothing_like_it", lambda: tracer.nothing_like_it)
check(OSError, "", tracer.save, "/proc/none/x.json")
VizTracer("c")
VizTracer(1000000)
assert get_tracer() is not tracer
''')

    def test_a_vzt_report_is_a_trace(self):
        done = self.run_program('''
def inside(): pass

with VizTracer(output_file="x.vzt"):
    inside()
''')
        self.assertRegex(done.stderr, r": 1 events, see them with: "
                         r"viztracer view /.*/x.vzt\n$")
        trace = vzt_reader.read(os.path.join(self.folder, "x.vzt"))
        self.assertEqual(recorded.names(trace.processes[0])["inside"], 1)

    def test_without_a_start_the_report_is_empty(self):
        self.run_program("VizTracer(verbose=0).save()\n")
        self.assertEqual(self.names(), [])

    def test_an_exit_without_a_save_leaves_nothing_behind(self):
        self.run_program("VizTracer().start()\n")

    def test_importing_is_light(self):
        self.run_program('''
import subprocess, sys
code = "import sys; a = set(sys.modules); import viztracer; " \\
       "print(sorted(set(sys.modules) - a))"
text = subprocess.check_output([sys.executable, "-c", code]).decode()
assert "'viztracer.tracer'" in text, text
assert text.count(",") + 1 == text.count("'viztracer"), text
''')

    def test_a_forked_child_goes_on_recording(self):
        self.run_program('''
import os

def in_child(): pass

tracer = VizTracer(verbose=0)
tracer.start()
pid = os.fork()
if pid == 0:
    in_child()
    os._exit(0)
os.waitpid(pid, 0)
tracer.stop()
tracer.save()
''')
        self.assertIn("in_child", self.names())

    @unittest.skipIf(recorded.version() < (3, 12), "no sys.monitoring")
    def test_the_tool_ids_of_others_are_left_alone(self):
        self.run_program('''
import sys

def inside(): pass

sys.monitoring.use_tool_id(4, "other")
tracer = VizTracer(verbose=0)
tracer.start()
inside()
tracer.stop()
tracer.save()
assert sys.monitoring.get_tool(3) == "viztracer"
assert sys.monitoring.get_tool(4) == "other"
for tool in (0, 1, 2, 5):
    assert sys.monitoring.get_tool(tool) is None
''')
        self.assertEqual(self.names(), ["inside"])

    @unittest.skipIf(recorded.version() < (3, 12), "no sys.monitoring")
    def test_without_a_free_tool_id_start_refuses(self):
        self.run_program('''
import sys

sys.monitoring.use_tool_id(3, "one")
sys.monitoring.use_tool_id(4, "other")
try:
    VizTracer().start()
except RuntimeError as error:
    assert "taken by other tools" in str(error), error
else:
    raise AssertionError("nothing raised")
''')

    def test_inside_a_recorded_program_an_interval_is_saved(self):
        trace, done = self.launch('''
def before(): pass
def inside(n): abs(n)
def between(): pass
def after(): pass

def stopping():
    tracer.stop()
    between()

tracer = VizTracer()
tracer.add_instant("before")
before()
tracer.start()
assert tracer.enable
tracer.add_instant("inside")
tracer.add_counter("count", {"a": 1})
inside(1)
stopping()
assert not tracer.enable
tracer.add_counter("count", {"a": 2})
tracer.start()
inside(2)
tracer.stop()
tracer.save("1.json")
after()
with VizTracer(output_file="2.json.gz"):
    inside(3)
    tracer.save("3.json", verbose=0)
    inside(4)
tracer.save("4.vzt")
VizTracer(verbose=0).save("5.json")
tracer.start()
tracer.clear()
tracer.stop()
tracer.save("6.json")
''')
        inside = ["inside", "builtins.abs"]
        self.assertEqual(self.names("1.json"), inside + ["stopping"] + inside)
        events = self.report("1.json")["traceEvents"]
        self.assertEqual([event["name"].partition(" (")[0]
                          for event in events if event["ph"] == "B"],
                         ["stopping"])
        self.assertEqual(list(self.instants("1.json")), ["inside"])
        self.assertEqual([event["args"] for event in events
                          if event["ph"] == "C"], [{"a": 1}])
        self.assertIn(b"1.json: 7 events\n", done.stderr)
        self.assertEqual(self.names("2.json.gz"), inside * 2)
        self.assertEqual(self.names("3.json"), inside)
        so_far, = vzt_reader.read(
            os.path.join(self.folder, "4.vzt")).processes
        self.assertEqual(recorded.names(so_far)["inside"], 4)
        self.assertEqual(recorded.names(so_far)["before"], 1)
        self.assertEqual(self.names("6.json"), [])
        process, = trace.processes
        names = recorded.names(process)
        for name, count in (("before", 1), ("inside", 4), ("between", 1),
                            ("stopping", 1), ("after", 1)):
            self.assertEqual(names[name], count, name)
        self.assertEqual([name for name in names if "Tracer.st" in name], [])
        for stream in process.streams.values():
            self.assertEqual(process.check_nesting(stream.id), (0, []))

    def test_inside_a_recorded_program_nothing_started_is_nothing_saved(self):
        self.launch("VizTracer(verbose=0).save('x.json')\n")
        self.assertEqual(self.names("x.json"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
