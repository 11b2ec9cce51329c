# SPDX-License-Identifier: Apache-2.0
"""The recorder as a Python object."""

import os
import sys

from viztracer import _tracer

__version__ = _tracer.version

# Names of other versions and what they are when they are not used. Using one
# is an error that says so, never a silent difference.
_NOT_IN_THIS_VERSION = {
    "tracer_entries": 1000000,
    "max_stack_depth": -1,
    "include_files": None,
    "exclude_files": None,
    "ignore_frozen": False,
    "log_func_retval": False,
    "log_func_args": False,
    "log_func_repr": None,
    "log_func_with_objprint": False,
    "log_print": False,
    "log_gc": False,
    "log_sparse": False,
    "log_async": False,
    "log_torch": False,
    "log_audit": None,
    "ignore_multiprocess": True,
    "pid_suffix": False,
    "register_global": True,
    "report_endpoint": None,
    "trace_self": False,
    "min_duration": 0,
    "minimize_memory": False,
    "dump_raw": False,
    "sanitize_function_name": False,
    "process_name": None,
    "plugins": None,
}

_METHODS_NOT_IN_THIS_VERSION = frozenset((
    "add_func_args", "add_raw", "add_variable", "cleanup", "dump",
    "enable_thread_tracing", "exit_routine", "fork_save", "generate_json",
    "generate_report", "get_base_time", "get_counter", "get_func_args",
    "get_sync_marker", "getts", "install", "log_event", "log_instant",
    "log_var", "parse", "pause", "register_counter", "register_exit", "resume",
    "run", "save_flamegraph", "set_afterfork", "set_sync_marker", "terminate",
    "update_counter",
))

_SUFFIXES = (".html", ".json", ".gz", ".vzt")

_last_tracer = None


def get_tracer():
    """The VizTracer made last; in a program that the viztracer command records
    there always is one. Otherwise None."""
    if _last_tracer is None and _tracer.is_launched():
        VizTracer()
    return _last_tracer


def _check_integer(name, value):
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("%s must be an integer" % name)
    return value


def _check_boolean(name, value):
    if not isinstance(value, bool):
        raise TypeError("%s must be a boolean" % name)
    return value


def _check_output_file(path):
    if not isinstance(path, str):
        raise ValueError("output_file must be a string")
    if not path.endswith(_SUFFIXES) or path.endswith(".html.gz"):
        raise ValueError("%s: the name of a report ends in .html, .json, "
                         ".json.gz or .vzt" % path)
    if path.endswith(".html") and not _tracer.has_html:
        raise ValueError("%s: this viztracer was built without HTML reports "
                         "(-DVIZTRACER_HTML=OFF)" % path)
    return path


def _default_output_file():
    """Where save() writes when nobody says so."""
    return (os.environ.get("VIZTRACER_OUTPUT_FILE")
            or ("result.html" if _tracer.has_html else "result.json"))


class VizTracer(_tracer.Tracer):
    """Record the calls between start() and stop(), then save() them.

    output_file is where save() writes; its suffix (.html, .json, .json.gz,
    .vzt) picks the format. When it is not given, that is VIZTRACER_OUTPUT_FILE
    of the environment, else ./result.html, a page for a browser (./result.json
    when viztracer was built without HTML reports). With ignore_c_function only
    Python functions are recorded. file_info keeps the sources in the report.
    verbose 0 silences what save() says. The first argument may be "c", or a
    number of entries as long as it is the default: there is one way to record,
    and it has no such limit.

    Inside a program that the viztracer command records, that recording goes on
    whatever start() and stop() say, with the command's options. A report then
    has the calls of this process that began between them; a .vzt report has
    all of this process so far.
    """

    def __init__(self, tracer_entries=1000000, verbose=1, max_stack_depth=-1,
                 include_files=None, exclude_files=None,
                 ignore_c_function=False, file_info=True,
                 output_file=None, **options):
        global _last_tracer
        if tracer_entries == "c":
            tracer_entries = 1000000
        elif tracer_entries == "python":
            raise NotImplementedError(
                "the recorder in Python is not in this version")
        _check_integer("tracer_entries", tracer_entries)
        _check_integer("max_stack_depth", max_stack_depth)
        options.update(tracer_entries=tracer_entries,
                       max_stack_depth=max_stack_depth,
                       include_files=include_files,
                       exclude_files=exclude_files)
        for name, value in options.items():
            if name not in _NOT_IN_THIS_VERSION:
                raise TypeError("VizTracer() has no option %r" % name)
            if value != _NOT_IN_THIS_VERSION[name]:
                raise NotImplementedError(
                    "%s is not in this version" % name)
        self.verbose = verbose
        self.ignore_c_function = ignore_c_function
        self.file_info = file_info
        self.output_file = (_default_output_file() if output_file is None
                            else output_file)
        _last_tracer = self

    @property
    def verbose(self):
        return self._verbose

    @verbose.setter
    def verbose(self, value):
        self._verbose = _check_integer("verbose", value)

    @property
    def ignore_c_function(self):
        return self._ignore_c_function

    @ignore_c_function.setter
    def ignore_c_function(self, value):
        self._ignore_c_function = _check_boolean("ignore_c_function", value)

    @property
    def file_info(self):
        return self._file_info

    @file_info.setter
    def file_info(self, value):
        self._file_info = _check_boolean("file_info", value)

    @property
    def output_file(self):
        return self._output_file

    @output_file.setter
    def output_file(self, value):
        self._output_file = _check_output_file(value)

    def _options(self):
        """What to record: start() gives it to the recorder, "key=value ..."."""
        return "c_functions=%d" % (not self.ignore_c_function)

    def _save(self, output_file=None, file_info=None, verbose=None):
        """save(), called with this thread muted."""
        if output_file is None:
            output_file = self.output_file
        _check_output_file(output_file)
        if file_info is None:
            file_info = self.file_info
        if verbose is None:
            verbose = self.verbose
        folder = os.path.dirname(output_file)
        if folder and not os.path.isdir(folder):
            os.makedirs(folder, exist_ok=True)
        path = os.path.abspath(output_file)
        count = _tracer.save(path, file_info)
        if verbose > 0:
            hint = ""
            if path.endswith(".vzt"):  # view opens nothing else yet
                hint = ", see them with: viztracer view " + path
            sys.stderr.write("%s: %d events%s\n" % (path, count, hint))

    def __getattr__(self, name):
        if name in _METHODS_NOT_IN_THIS_VERSION:
            raise NotImplementedError("%s is not in this version" % name)
        raise AttributeError("%r object has no attribute %r"
                             % (type(self).__name__, name))
