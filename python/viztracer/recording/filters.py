# SPDX-License-Identifier: Apache-2.0
"""Which functions are recorded, by their files."""

from posix import readlink, stat
from builtins import OSError, ValueError, len

from .functions import HIDDEN, SHOWN, SKIPPED

_LINKS_MAX = 40


def real_path(path, folder):
    """The absolute path (bytes) without links; what is missing stays."""
    done = b""
    rest = (path if path.startswith(b"/") else folder + b"/" + path).split(b"/")
    links = 0
    while rest:
        part = rest.pop(0)
        if part in (b"", b"."):
            continue
        if part == b"..":
            done = done.rpartition(b"/")[0]
            continue
        whole = done + b"/" + part
        target = _link_target(whole) if links < _LINKS_MAX else None
        if target is None:
            done = whole
            continue
        links += 1
        rest = target.split(b"/") + rest
        if target.startswith(b"/"):
            done = b""
    return done or b"/"


def _link_target(path):
    try:
        return readlink(path)
    except (OSError, ValueError):
        return None


def _exists(path):
    try:
        stat(path)
    except (OSError, ValueError):  # a name may have a NUL
        return False
    return True


class Filters:
    """The verdicts by the options' files; folder is where they begin."""

    def __init__(self, options, folder, encode):
        self.folder = folder
        self.encode = encode
        self.is_include = options.is_include
        self.keeps_descendants = options.keep_descendants
        self.paths = [real_path(path, folder) for path in options.paths]
        self.files = {}  # name of a file: whether it is among the paths

    def judge(self, code):
        if not self.paths:
            return SHOWN
        name = code.co_filename
        is_there = self.files.get(name)
        if is_there is None:
            is_there = self.files[name] = self._is_among(self.encode(name))
        if is_there == self.is_include:
            return SHOWN
        return (SKIPPED if self.keeps_descendants or code.co_name == "<module>"
                else HIDDEN)

    def _is_among(self, name):
        if name.startswith(b"<"):
            return False
        path = real_path(name, self.folder)
        if not _exists(path):
            return False
        for place in self.paths:
            if path == place or place == b"/" or (
                    path.startswith(place) and path[len(place):][:1] == b"/"):
                return True
        return False
