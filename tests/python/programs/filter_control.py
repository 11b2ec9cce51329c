# SPDX-License-Identifier: Apache-2.0
"""Run the cases of test_filters.py in this interpreter, under one of two
witnesses that are told the same:

    filter_control.py recorder OUTPUT CASE...   the recorder with its filters
    filter_control.py oracle OUTPUT CASE...     filter_oracle.py

OUTPUT.N gets what each has of case N. A case is a folder with case.json and
the modules of a generated program, which calls back: turn() stops, and starts
with the next options; mark() has a function ignored from now on; spawn() runs
one in a thread.
"""
import _thread
import json
import os
import sys


class Recorder:
    """Its methods are the recorder's own: they call nothing that shows."""

    enter_thread = None

    def __init__(self):
        from viztracer import VizTracer, recorder

        self.saver = VizTracer(verbose=0)
        module = recorder.main()
        self.tracer = module.Tracer()
        self.start = self.tracer.start
        self.stop = self.tracer.stop
        self.ignore = module.ignore
        if recorder._tracer is None and sys.version_info < (3, 12):
            # It does not see all threads by itself.
            self.enter_thread = self.begin_thread
            self.module = module

    def begin_thread(self, function):
        """What a thread does that wants to be recorded before 3.12."""
        sys.setprofile(self.module.profile)
        function()

    def save(self, path):
        self.saver.save(path + ".vzt")


class Control:
    """What a case's program calls."""

    def __init__(self, witness, case):
        self.witness = witness
        self.texts = [options["text"] for options in case["options"]]
        self.turns = 0
        self.functions = {}

    def begin(self):
        self.witness.start(self.texts[0])

    def turn(self):
        self.turns += 1
        self.witness.stop()
        self.witness.start(self.texts[self.turns % len(self.texts)])

    def mark(self, number):
        self.witness.ignore(self.functions[number].__code__)

    def spawn(self, function, number):
        is_over = _thread.allocate_lock()
        is_over.acquire()

        def body():
            try:
                function(number)
            except ValueError:
                pass
            is_over.release()

        enter_thread = self.witness.enter_thread
        if enter_thread is None:
            _thread.start_new_thread(body, ())
        else:
            _thread.start_new_thread(enter_thread, (body,))
        is_over.acquire()


def run_case(folder, witness, output):
    os.chdir(folder)
    with open("case.json") as file:
        case = json.load(file)
    if not isinstance(witness, Recorder):
        witness.options_by_text = {options["text"]: options
                                   for options in case["options"]}
    control = Control(witness, case)
    names = {"control": control, "F": control.functions, "budget": [150]}
    modules = [compile(text, path, "exec") for path, text in case["modules"]]
    for module in modules[:-1]:
        exec(module, names)
    for number in case["ignored"]:
        control.mark(number)
    control.begin()
    try:
        control.functions[0](7)
    except ValueError:
        pass
    exec(modules[-1], names)
    witness.stop()
    witness.save(output)


def main():
    kind, output = sys.argv[1:3]
    if kind == "recorder":
        witness = Recorder()
    else:
        import filter_oracle
        witness = filter_oracle.Oracle()
    for i, folder in enumerate(sys.argv[3:]):
        run_case(folder, witness, "%s.%d" % (output, i))
    sys.setprofile(None)


main()
