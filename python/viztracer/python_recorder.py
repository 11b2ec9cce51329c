# SPDX-License-Identifier: Apache-2.0
"""The recorder that is written in Python, with the names that _tracer has.

It needs no extension; recording/__init__.py says what it does not see. save()
needs ctypes and libviztracer.so, as the extension does.
"""

import _thread
import os
import sys

from viztracer._build import HAS_HTML as has_html, VERSION as version
from viztracer.recording import recorder as _recorders, value_json, words
from viztracer.recording.inline import Inline

# What stands in sys.modules loses its variables before the last calls are
# recorded.
for _name in list(sys.modules):
    if _name.startswith("viztracer.recording"):
        del sys.modules[_name]

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_inline = Inline(_PACKAGE + "/")
_SERIES_MAX = 64
_INT_MIN, _INT_MAX = -1 << 63, (1 << 63) - 1


def is_launched():
    """Whether the viztracer command records this process."""
    return _inline.is_launched


def bootstrap():
    """Record this process if its environment says so."""
    _recorders.bootstrap(_PACKAGE + "/")


def mute():
    """Record nothing of this thread until as many unmute()."""
    mute_counts = _inline.mute_counts
    ident = _thread.get_ident()
    mute_counts[ident] = mute_counts.get(ident, 0) + 1


def unmute():
    mute_counts = _inline.mute_counts
    ident = _thread.get_ident()
    mute_counts[ident] -= 1
    if mute_counts[ident] == 0:
        del mute_counts[ident]


def ignore(code):
    """Never record this code object, nor what it calls."""
    if type(code) is not type(ignore.__code__):
        raise TypeError("ignore() takes a code object")
    _inline.ignore(code)


def name_process(name):
    """What people call this process."""
    _check_name(name)
    _inline.name_process(words.encode(name))


def profile(frame, event, arg):
    """For sys.setprofile in a thread that is not recorded by itself: those of
    _thread.start_new_thread before 3.12."""
    if _inline.recorder is None:
        sys.setprofile(None)
    else:
        _inline.recorder.adopt(frame, event, arg)


def save(path, has_file_info, ends_open_calls=False, is_flame_graph=False):
    """Write what was recorded to path, whose suffix says how. The number of
    events."""
    from viztracer import library

    recording, intervals = _inline.prepare_save()
    count = library.save(_PACKAGE, recording, os.fsencode(path), intervals,
                         has_file_info, is_flame_graph, ends_open_calls)
    _inline.saved()
    return count


def _check_name(name):
    if not isinstance(name, str):
        raise TypeError("name must be a string")


def _encode_args(args):
    if args is None or not _inline.recorder.options.args:
        return b""
    return value_json.encode(args)


def _put(make_record):
    """Record what make_record(define_string) gives, on this thread, now."""
    if not _inline.is_recording():
        return
    recorder = _inline.recorder
    thread = recorder.this_thread()
    for record in make_record(recorder.define_string):
        thread.mark(record)


def _series(args):
    """Checked also while nothing is recorded: a wrong call is always wrong."""
    if not isinstance(args, dict):
        raise TypeError("the values of a counter must be a dict")
    result = []
    for key, value in args.items():
        if not isinstance(key, str):
            raise TypeError("the keys of a counter must be strings")
        if len(result) == _SERIES_MAX:
            raise ValueError("a counter has at most %d values" % _SERIES_MAX)
        if isinstance(value, int) and _INT_MIN <= value <= _INT_MAX:
            kind, bits = 1, int(value) & 0xFFFFFFFFFFFFFFFF
        elif isinstance(value, (int, float)):
            kind = 2
            bits = _double_bits(float(value))
        else:
            raise TypeError("the values of a counter must be numbers")
        result.append((words.encode(key), kind, bits))
    return result


def _double_bits(value):
    view = memoryview(bytearray(8)).cast("d")
    view[0] = value
    return int.from_bytes(view.tobytes(), "little")


class Tracer(object):
    """The recorder of this process."""

    def start(self, options):
        """Record from now on; options is what recording_options.h reads."""
        _inline.start(os.fsencode(options))

    def stop(self):
        """Stop recording."""
        _inline.stop()

    def clear(self, options):
        """Forget what was recorded."""
        _inline.clear(os.fsencode(options))

    @property
    def enable(self):
        """Whether calls are being recorded."""
        return _inline.is_running

    def add_instant(self, name, args=None, scope="g"):
        _check_name(name)
        if not isinstance(scope, str):
            raise TypeError("Scope must be one of 'g', 'p', 't'")
        if scope not in words.SCOPES:
            raise ValueError("Scope must be one of 'g', 'p', 't'")
        _put(lambda define: [words.instant(
            words.SCOPES[scope], words.encode(name), _encode_args(args),
            define)])

    def add_counter(self, name, args):
        _check_name(name)
        series = _series(args)
        _put(lambda define: words.counters(words.encode(name), series))

    def add_object(self, ph, obj_id, name, args=None):
        if not isinstance(ph, str):
            raise TypeError("ph must be one of 'N', 'O', 'D'")
        if ph not in words.PHASES:
            raise ValueError("ph must be one of 'N', 'O', 'D'")
        if not isinstance(obj_id, (int, str)):
            raise TypeError("the id of an object must be an integer or "
                            "a string")
        _check_name(name)
        number = obj_id if isinstance(obj_id, str) else "%d" % obj_id
        _put(lambda define: [words.traced_object(
            words.PHASES[ph], words.encode(number), words.encode(name),
            _encode_args(args), define)])
