# SPDX-License-Identifier: Apache-2.0
"""libviztracer.so, which makes reports; loaded by a save only."""

import ctypes
import os

_MESSAGE_SIZE = 1024
_PLACES = ("../../libviztracer.so", "libviztracer.so")


class _Interval(ctypes.Structure):
    """struct save_interval of export/save.h."""

    _fields_ = [("start_tick", ctypes.c_uint64), ("end_tick", ctypes.c_uint64)]


class _Request(ctypes.Structure):
    """struct save_request of export/save.h."""

    _fields_ = [
        ("recording_path", ctypes.c_char_p),
        ("output_path", ctypes.c_char_p),
        ("has_file_info", ctypes.c_bool),
        ("opens_flame_graph", ctypes.c_bool),
        ("ends_open_calls", ctypes.c_bool),
        ("intervals", ctypes.POINTER(_Interval)),
        ("interval_count", ctypes.c_size_t),
    ]


def _open(package):
    """The library stands two folders above the package, or in it."""
    for place in _PLACES:
        path = os.path.join(package, place)
        if os.path.exists(path):
            return ctypes.CDLL(path)
    raise NotImplementedError("libviztracer.so is missing: it belongs two "
                              "folders above %s" % package)


def save(package, recording, output, intervals, has_file_info,
         opens_flame_graph, ends_open_calls):
    """viztracer_save: the number of events. Paths are bytes; intervals of the
    recording are (start, end), none means all of it."""
    function = _open(package).viztracer_save
    function.restype = ctypes.c_bool
    array = (_Interval * len(intervals))(*intervals)
    request = _Request(recording, output, bool(has_file_info),
                       bool(opens_flame_graph), bool(ends_open_calls), array,
                       len(intervals))
    count = ctypes.c_ulonglong()
    message = ctypes.create_string_buffer(_MESSAGE_SIZE)
    if not function(ctypes.byref(request), ctypes.byref(count), message,
                    ctypes.c_size_t(_MESSAGE_SIZE)):
        raise OSError(message.value.decode("utf-8", "replace"))
    return count.value
