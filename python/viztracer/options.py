# SPDX-License-Identifier: Apache-2.0
"""The options of VizTracer: what each may be, and how the recorder is told."""

import os

from viztracer import recorder

_DEPTH_MAX = 2 ** 32 - 2  # of what the recorder reads
# What the name of a report may end in; the longer of two counts.
_COMPRESSIBLE = (".speedscope.json", ".json", ".vzt", ".pftrace", ".folded",
                 ".callgrind", ".csv")
_PLAIN = (".html", ".pstats")
SUFFIXES = tuple(suffix + ".gz" for suffix in _COMPRESSIBLE) + (
    _COMPRESSIBLE + _PLAIN + (".gz",))


class Option:
    """An attribute that is checked when it is set. check(name, value) returns
    what is kept, or raises."""

    def __init__(self, check):
        self._check = check

    def __set_name__(self, owner, name):
        self._name = name

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        try:
            return instance.__dict__[self._name]
        except KeyError:  # asked for before __init__ was called
            raise AttributeError(self._name)

    @recorder.muted
    def __set__(self, instance, value):
        instance.__dict__[self._name] = self._check(self._name, value)


def integer(name, value):
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("%s must be an integer" % name)
    return value


def boolean(name, value):
    if not isinstance(value, bool):
        raise TypeError("%s must be a boolean" % name)
    return value


def yes_or_no(name, value):
    """As boolean; older than it, with a text and an error of its own."""
    if not isinstance(value, bool):
        raise ValueError("%s needs to be a boolean, not %s" % (name, value))
    return value


def entries(name, value):
    """How many calls are kept at most: a positive number, or None."""
    if value is None:
        return None
    if integer(name, value) <= 0:
        raise ValueError("%s must be greater than 0" % name)
    return value


def microseconds(name, value):
    """A duration; a negative one is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError("%s must be a float or an integer" % name)
    if not -1e12 < value < 1e12:  # ... nor what is not a number
        raise ValueError("%s must be less than 10^12" % name)
    return max(value, 0)


def paths(name, value):
    """Files and folders, made absolute; an empty list is none."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError("%s must be a list or None" % name)
    try:
        value = [os.path.abspath(os.fsdecode(path)) for path in value]
    except TypeError:
        raise TypeError("%s must be a list of paths" % name)
    return value or None


def text_or_none(name, value):
    if value is not None and not isinstance(value, str):
        raise TypeError("%s must be a string" % name)
    return value


def output_file(name, value):
    """What save() may write to; has_html says whether a page may be."""
    if not isinstance(value, str):
        raise ValueError("%s must be a string" % name)
    if not value.endswith(SUFFIXES) or value.endswith(
            tuple(suffix + ".gz" for suffix in _PLAIN)):
        raise ValueError("%s: the name of a report ends in .html, .json, "
                         ".json.gz, .vzt, %s or .pstats" % (value, ", ".join(
                             _COMPRESSIBLE[3:] + _COMPRESSIBLE[:1])))
    return value


def only(default):
    """For the name of another version's feature: it has this value, any other
    is an error that says so, never a silent difference."""
    def check(name, value):
        if isinstance(default, bool) and not isinstance(value, bool):
            raise TypeError("%s must be a boolean" % name)
        if value != default:
            raise NotImplementedError("%s is not in this version" % name)
        return default
    return check


def _percent(path):
    """The real path as base/percent.h reads it; plain where a byte needs no
    escape."""
    return "".join(chr(byte) if byte > 32 and byte < 127
                   and byte not in b"%,=" else "%%%02X" % byte
                   for byte in os.fsencode(os.path.realpath(path)))


def recording_text(tracer):
    """What to record, as recording_options.h reads it."""
    words = ["c_functions=%d" % (not tracer.ignore_c_function)]
    if tracer.tracer_entries is not None:
        words.append("entries=%d" % tracer.tracer_entries)
    if tracer.min_duration > 0:
        words.append("min_duration_ns=%d" % round(tracer.min_duration * 1000))
    if tracer.max_stack_depth >= 0:
        words.append("max_depth=%d"
                     % min(tracer.max_stack_depth, _DEPTH_MAX))
    for key, listed in (("include", tracer.include_files),
                        ("exclude", tracer.exclude_files)):
        if listed:
            words.append("%s=%s" % (key, ",".join(map(_percent, listed))))
    for key, is_set in (("keep_descendants", tracer.keep_descendants),
                        ("log_print", tracer.log_print)):
        if is_set:
            words.append(key + "=1")
    if tracer.ignore_multiprocess:
        words.append("processes=0")
    return " ".join(words)


def advice(tracer):
    """What to widen where filters may have left out all calls, as the end of a
    line; "" without filters."""
    words = []
    if tracer.max_stack_depth >= 0:
        words.append("raise max_stack_depth")
    if tracer.include_files or tracer.exclude_files:
        words.append("name more files in include_files"
                     if tracer.include_files
                     else "name fewer files in exclude_files")
        if not tracer.keep_descendants:
            words.append("set keep_descendants, since what is left out hides "
                         "what it calls")
    if tracer.min_duration > 0:
        words.append("lower min_duration")
    return "; to see more: " + "; ".join(words) if words else ""
