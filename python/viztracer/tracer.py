# SPDX-License-Identifier: Apache-2.0
"""The recorder as a Python object.

What runs while the program is recorded must not be seen in the record: own
functions are not shown, and whoever calls others mutes the thread first.
"""

import builtins
import os
import sys

from viztracer import options, recorder
from viztracer.counter import Counter

__version__ = recorder.main().version

_METHODS_NOT_IN_THIS_VERSION = frozenset((
    "add_func_args", "add_raw", "add_variable", "dump",
    "enable_thread_tracing", "exit_routine", "fork_save", "get_base_time",
    "get_func_args", "get_sync_marker", "getts", "install", "log_event",
    "log_instant", "log_var", "pause", "register_exit", "resume",
    "set_afterfork", "set_sync_marker", "terminate",
))

_FLUSH_AS_FINISH = "flush_as_finish"

_Function = type(lambda: None)

_registered_tracer = None


def get_tracer():
    """The VizTracer made last with register_global; in a program that the
    viztracer command records there always is one. Otherwise None."""
    if _registered_tracer is None and recorder.main().is_launched():
        VizTracer()
    return _registered_tracer


def _split(path):
    """(all but the extension, the extension)"""
    for suffix in options.SUFFIXES:
        if path.endswith(suffix):
            return path[:-len(suffix)], suffix
    return os.path.splitext(path)


def _with_addition(path, addition):
    """The path with something before its extension."""
    base, extension = _split(path)
    return base + addition + extension


def _flame_graph_name(path):
    return _split(path)[0] + "_flamegraph.html"


class _temporary_file:
    """A with block gets the path of a file of this name that may be written;
    after it the file is gone."""

    def __init__(self, name):
        self._name = name

    def __enter__(self):
        import tempfile

        self._folder = tempfile.mkdtemp(prefix="viztracer-")
        return os.path.join(self._folder, self._name)

    def __exit__(self, *exception):
        import shutil

        shutil.rmtree(self._folder)


class VizTracer:
    """Record the calls between start() and stop(), then save() them.

    tracer_entries    keep the latest so many calls of each process; None: all
    verbose           0 silences what save() says on stderr
    max_stack_depth   leave out calls that are deeper below start(), whose own
                      calls have depth 1; 0 records none, -1 all
    include_files,    lists of files and folders: record only their functions,
    exclude_files     or all but theirs. What a function that is left out calls
                      is left out, too, unless keep_descendants is True. Only
                      one of the two may be set when start() is called
    ignore_c_function record only functions written in Python
    log_print         what print() writes becomes an instant, too
    ignore_multiprocess
                      True: forked processes are left out of the report
    pid_suffix        "_<pid>" goes before the extension of the output file,
                      which then is result.json by default
    file_info         the sources of the functions go into the report
    register_global   get_tracer() gives this object
    min_duration      leave out calls that are shorter, in microseconds
    process_name      what the process is called in the report; None: as
                      multiprocessing does, else after its program
    dump_raw          True: as file_info=False
    output_file       where save() writes; its suffix (.html, .json, .json.gz,
                      .vzt, .folded and all others of viztracer-export(1))
                      picks the format. None: VIZTRACER_OUTPUT_FILE of
                      the environment, else result.html, a page for a browser
                      (result.json when viztracer was built without pages)
    tui               True: stop(), and leaving a with block, open the viewer on
                      what was recorded and return when it is closed. A with
                      block then saves only when output_file is given, or when
                      there is no terminal
    tracer            "c", or "python": the recorder that needs no extension.
                      May be given as the first argument, too

    minimize_memory and sanitize_function_name are accepted: a report always
    takes little memory and is valid whatever a function is called.

    Each of these is an attribute, which may be set until start(); what bounds a
    recording (tracer_entries, min_duration) counts when it begins, not when it
    goes on after a pause. A value of a
    wrong type is a TypeError, an impossible one a ValueError. The options of
    other versions are known by name; to use one raises NotImplementedError.

    There is one recording in a process: two VizTracer share it. Inside a
    program that the viztracer command records, that recording goes on whatever
    start() and stop() say, with the command's options. A report then has the
    calls of this process that began between them; a .vzt report has all of this
    process so far.
    """

    tracer_entries = options.Option(options.entries)
    verbose = options.Option(options.integer)
    max_stack_depth = options.Option(options.integer)
    include_files = options.Option(options.paths)
    exclude_files = options.Option(options.paths)
    ignore_c_function = options.Option(options.boolean)
    ignore_frozen = options.Option(options.only(False))
    log_func_retval = options.Option(options.only(False))
    log_func_args = options.Option(options.only(False))
    log_func_repr = options.Option(options.only(None))
    log_func_with_objprint = options.Option(options.only(False))
    log_print = options.Option(options.boolean)
    log_gc = options.Option(options.only(False))
    log_sparse = options.Option(options.only(False))
    log_async = options.Option(options.only(False))
    log_torch = options.Option(options.only(False))
    log_audit = options.Option(options.only(None))
    ignore_multiprocess = options.Option(options.boolean)
    pid_suffix = options.Option(options.yes_or_no)
    file_info = options.Option(options.boolean)
    report_endpoint = options.Option(options.only(None))
    trace_self = options.Option(options.only(False))
    min_duration = options.Option(options.microseconds)
    minimize_memory = options.Option(options.boolean)
    dump_raw = options.Option(options.boolean)
    sanitize_function_name = options.Option(options.boolean)
    process_name = options.Option(options.text_or_none)
    plugins = options.Option(options.only(None))
    keep_descendants = options.Option(options.boolean)
    tui = options.Option(options.boolean)

    def __init__(self, tracer_entries=None, verbose=1, max_stack_depth=-1,
                 include_files=None, exclude_files=None,
                 ignore_c_function=False, ignore_frozen=False,
                 log_func_retval=False, log_func_args=False,
                 log_func_repr=None, log_func_with_objprint=False,
                 log_print=False, log_gc=False, log_sparse=False,
                 log_async=False, log_torch=False, log_audit=None,
                 ignore_multiprocess=False, pid_suffix=False, file_info=True,
                 register_global=True, report_endpoint=None, trace_self=False,
                 min_duration=0, minimize_memory=False, dump_raw=False,
                 sanitize_function_name=False, process_name=None,
                 output_file=None, plugins=None, tracer="c",
                 keep_descendants=False, tui=False):
        recorder.mute()
        try:
            self._set_up(locals())
        finally:
            recorder.unmute()

    def _set_up(self, given):
        global _registered_tracer
        is_registered = options.boolean("register_global",
                                        given.pop("register_global"))
        tracer = given.pop("tracer")
        if isinstance(given["tracer_entries"], str):
            tracer = given["tracer_entries"]
            given["tracer_entries"] = None
        del given["self"]
        self._wanted_tracer = tracer.lower()
        self._module = recorder.named(tracer)
        self._recorder = self._module.Tracer()
        self._counters = {}
        self._ends_open_calls = False
        self.data = None
        self.parsed = False
        self.total_entries = 0
        for name, value in given.items():
            setattr(self, name, value)
        if is_registered:
            _registered_tracer = self

    @property
    def tracer(self):
        """Which recorder this is: "c" or "python"."""
        return recorder.name_of(self._module)

    @property
    def enable(self):
        """Whether calls are being recorded."""
        return self._recorder.enable

    @property
    @recorder.muted
    def output_file(self):
        """Where save() writes."""
        if self._output_file is not None:
            return self._output_file
        if self.pid_suffix or not self._module.has_html:
            default = "result.json"
        else:
            default = "result.html"
        return os.environ.get("VIZTRACER_OUTPUT_FILE") or default

    @output_file.setter
    @recorder.muted
    def output_file(self, value):
        if value is not None:
            self._check_output_file(value)
        self._output_file = value

    def _check_output_file(self, path):
        options.output_file("output_file", path)
        if path.endswith(".html") and not self._module.has_html:
            raise ValueError("%s: this viztracer was built without HTML "
                             "reports (-DVIZTRACER_HTML=OFF)" % path)

    @recorder.muted
    def _options(self):
        """What to record: a text for the recorder."""
        if self.include_files and self.exclude_files:
            raise Exception(
                "include_files and exclude_files can't be both specified!")
        if self.verbose > 0:
            recorder.say_substitute(self._wanted_tracer)
        return options.recording_text(self)

    def start(self):
        """Record from now on, in all threads; nothing changes while that is
        so. After a save() a new recording begins, else what was recorded before
        goes on. Raises Exception when include_files and exclude_files are both
        set, RuntimeError when other tools have taken all that
        sys.monitoring has to offer."""
        text = self._options()
        self.parsed = False
        self._ends_open_calls = False
        self._recorder.start(text)
        if self.process_name is not None:
            self._module.name_process(self.process_name)

    def stop(self, stop_option=None, output_file=None):
        """Stop recording; save what there is when output_file is given. With
        stop_option "flush_as_finish" a .json or .vzt report has the calls that
        are still open as if they ended now."""
        if stop_option is not None and stop_option != _FLUSH_AS_FINISH:
            raise ValueError("stop_option must be None or '%s'"
                             % _FLUSH_AS_FINISH)
        was_running = self._recorder.enable
        self._recorder.stop()
        if stop_option is not None:
            self._ends_open_calls = True
        if output_file is not None:
            self.save(output_file)
        if self.tui and was_running:
            self._view()

    @recorder.muted
    def _view(self):
        """Open the viewer; False when there is no terminal."""
        from viztracer import terminal

        if not terminal.is_there():
            sys.stderr.write(
                "viztracer: there is no terminal for the viewer (tui=True)\n")
            return False
        with _temporary_file("recording.vzt") as path:
            self._export(path)
            terminal.view(path)
        return True

    def clear(self):
        """Forget what was recorded and not parsed. While it is running a new
        recording begins."""
        text = self._options() if self._recorder.enable else ""
        self.parsed = False
        self._recorder.clear(text)

    def cleanup(self):
        """Stop, forget what was recorded and parsed, and give its memory
        back."""
        self._recorder.stop()
        self.clear()
        self.data = None
        self.total_entries = 0

    def run(self, code, output_file=None):
        """Run the text of a program, record it and save; also when it raises.
        """
        program = self._compile(code)
        self.start()
        try:
            program()
        finally:
            self.stop()
            self.save(output_file)

    @staticmethod
    @recorder.muted
    def _compile(code):
        """The text as a function of its own __main__: to call it, other than
        exec(), is no call of a C function."""
        return _Function(compile(code, "<string>", "exec"),
                                  {"__name__": "__main__",
                                   "__builtins__": builtins})

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        """What was recorded is saved also when the block raised."""
        self._recorder.stop()
        if not self.tui or self._output_file is not None:
            self.save()
        if self.tui and not self._view() and self._output_file is None:
            self.save()

    def parse(self):
        """Stop, and convert what was recorded into data: a dict that is what
        the JSON report would be. Returns the number of its entries without
        metadata, also when called again before a start()."""
        self._recorder.stop()
        if not self.parsed:
            self._parse()
        return self.total_entries

    @recorder.muted
    def _parse(self):
        import json

        self.data = json.loads(self.generate_json())
        self.total_entries = sum(event["ph"] != "M"
                                 for event in self.data["traceEvents"])
        self.parsed = True

    def generate_json(self):
        """What was recorded as the text of a JSON report."""
        return self._generate("report.json")

    def generate_report(self):
        """What was recorded as the text of an HTML report."""
        return self._generate("report.html")

    @recorder.muted
    def _generate(self, name):
        with _temporary_file(name) as path:
            self._check_output_file(path)
            self._export(path)
            with open(path, encoding="utf-8") as file:
                return file.read()

    def _export(self, path, file_info=None, is_flame_graph=False):
        """Write what was recorded; the number of events."""
        if file_info is None:
            file_info = self.file_info and not self.dump_raw
        return self._module.save(path, file_info, self._ends_open_calls,
                                 is_flame_graph)

    @recorder.muted
    def save(self, output_file=None, save_flamegraph=False, file_info=None,
             verbose=None):
        """Write what was recorded to output_file, None: the attribute. Folders
        are made. While it is running it goes on. The other arguments, unless
        None, stand for the attributes of that name. Raises ValueError for a
        name that does not say a format, OSError when it cannot be written.
        save_flamegraph: another page beside it, see the method."""
        path = self.output_file if output_file is None else output_file
        self._check_output_file(path)
        if self.pid_suffix:
            path = _with_addition(path, "_%d" % os.getpid())
        self._write(path, file_info, verbose)
        if save_flamegraph:
            self._write(_flame_graph_name(path), file_info, verbose, True)

    @recorder.muted
    def save_flamegraph(self, output_file=None):
        """Write what was recorded as an HTML report that shows the flame graph
        first: to output_file, whose name ends in .html; None: the attribute of
        that name with "_flamegraph.html" for its extension."""
        if output_file is None:
            path = self.output_file
            if self.pid_suffix:
                path = _with_addition(path, "_%d" % os.getpid())
            path = _flame_graph_name(path)
        else:
            path = output_file
        self._check_output_file(path)
        self._write(path, None, None, True)

    def _write(self, path, file_info, verbose, is_flame_graph=False):
        """Write a report and say so."""
        path = os.path.abspath(path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        count = self._export(path, file_info, is_flame_graph)
        self.total_entries = count
        if (self.verbose if verbose is None else verbose) > 0:
            hint = ""
            if path.endswith((".vzt", ".vzt.gz")):
                hint = ", see them with: viztracer view " + path
            if count == 0:
                hint += options.advice(self)
            sys.stderr.write("%s: %d events%s\n" % (path, count, hint))

    def add_instant(self, name, args=None, scope="g"):
        """Mark this moment: for the thread ("t"), the process ("p") or all
        ("g"). args may be anything that can be shown: a dict best. Does
        nothing while nothing is recorded."""
        self._recorder.add_instant(name, args, scope)

    def add_counter(self, name, args):
        """Record the numbers in the dict args, now. Does nothing while nothing
        is recorded."""
        self._recorder.add_counter(name, args)

    def add_object(self, ph, obj_id, name, args=None):
        """Record that an object was created (ph is "N"), what it is now ("O",
        with args {"snapshot": {...}}) or that it was deleted ("D"). obj_id is
        any number or text. Does nothing while nothing is recorded."""
        self._recorder.add_object(ph, obj_id, name, args)

    @recorder.muted
    def register_counter(self, name):
        """Make the counter of this name and return it."""
        if not isinstance(name, str):
            raise Exception("name of counter has to be string")
        if name in self._counters:
            raise Exception("name %s already exists in counters" % name)
        self._counters[name] = Counter(self.add_counter, name)
        return self._counters[name]

    @recorder.muted
    def get_counter(self, name):
        """The registered counter of this name, or None."""
        return self._counters.get(name)

    def update_counter(self, name, *values):
        """Update the registered counter: with a dict, or a key and a value."""
        counter = self.get_counter(name)
        if counter is None:
            raise Exception("No counter named %s" % name)
        counter.update(*values)

    def __getattr__(self, name):
        if name in _METHODS_NOT_IN_THIS_VERSION:
            raise NotImplementedError("%s is not in this version" % name)
        raise AttributeError("%r object has no attribute %r"
                             % (type(self).__name__, name))
