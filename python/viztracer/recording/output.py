# SPDX-License-Identifier: Apache-2.0
"""The file of one process: a section header, then chunks.

No descriptor is kept, since the program may close it and get its number for a
file of its own: the file is opened by name for each chunk, and is written to
only when device and inode are those of the file that was made. What goes wrong
is kept in `failure`, once; nothing is raised.
"""

from _thread import RLock
from builtins import (FileExistsError, ImportError, OSError, enumerate, len,
                      max, min, range)
from posix import (O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, close, fstat,
                   ftruncate, open, pwrite, statvfs, urandom)

try:
    from posix import O_CLOEXEC
except ImportError:
    O_CLOEXEC = 0

from .words import free_chunk, u32, u64

HEADER_SIZE = 4096
_STATUS_OFFSET = 512
_MAGIC = b"\x89VZT\r\n\x1a\nsection\0"
_FLAGS = O_WRONLY | O_NOFOLLOW | O_CLOEXEC
_NAME_TRIES = 16
_LIMIT_MAX = 8 << 30
_LIMIT_MIN = 1 << 20

STATE_RECORDING, STATE_ENDED, STATE_STOPPED = 1, 2, 3
STOP_NONE, STOP_DISK_FULL, STOP_FILE_LOST = 0, 1, 2
STOP_EXEC, STOP_TABLE_FULL, STOP_EXIT_CALL = 4, 5, 7
_PRIVATE_STAGING, _RING, _NO_EXTENSION = 1, 2, 4
_ENOSPC, _EDQUOT, _EFBIG, _EIO = 28, 122, 27, 5


def default_limit(folder):
    """8 GiB, or half of the free space."""
    try:
        room = statvfs(folder)
    except OSError:
        return _LIMIT_MAX
    return min(_LIMIT_MAX, room.f_bavail * room.f_frsize // 2)


class Output:
    """A new file in the folder. Without one, `failure` says why."""

    def __init__(self, folder, header, options):
        """header: the fields of a section header from clock_kind on."""
        self.lock = RLock()
        self.path = b""
        self.failure = STOP_NONE
        self.failure_errno = 0
        self.state = STATE_RECORDING
        self.stop_reason = STOP_NONE
        self.stop_tick = 0
        self.dropped_calls = 0
        self.mismatched_returns = 0
        self.memory_bytes = 0
        self.is_ring = False
        self.end = HEADER_SIZE
        self.section_size = 0
        self.limit = max(options.limit_bytes or default_limit(folder),
                         _LIMIT_MIN)
        self.entry_limit = options.entries
        # That it is not the recorder in C is worth a word, unless asked for.
        self.has_no_extension = options.tracer != b"python"
        self.blocks = []  # (offset, size, entries, exits), oldest first
        self.block_bytes = 0
        self.block_exits = 0
        self.room = []  # (offset, size), by offset
        self._create(folder, header)

    def _create(self, folder, header):
        page = b"".join((_MAGIC, u32(1), u32(HEADER_SIZE), u64(0), u32(1),
                         header))
        page += b"\0" * (_STATUS_OFFSET - len(page)) + self._status(self.end)
        page += b"\0" * (_STATUS_OFFSET + 104 - len(page))
        page += u64(self.entry_limit)
        page += b"\0" * (HEADER_SIZE - len(page))
        try:
            for _ in range(_NAME_TRIES):
                self.path = folder + b"/" + urandom(8).hex().encode() + b".vzt"
                try:
                    fd = open(self.path, _FLAGS | O_CREAT | O_EXCL, 0o600)
                    break
                except FileExistsError:
                    pass
            else:
                self.failure = STOP_FILE_LOST
                return
            try:
                status = fstat(fd)
                self.identity = status.st_dev, status.st_ino
                _write_all(fd, page, 0)
            finally:
                close(fd)
        except OSError as error:
            self._fail(error.errno)

    def _fail(self, number):
        if self.failure == STOP_NONE:
            is_full = number in (_ENOSPC, _EDQUOT, _EFBIG, _EIO)
            self.failure = STOP_DISK_FULL if is_full else STOP_FILE_LOST
            self.failure_errno = number

    def _open(self):
        fd = open(self.path, _FLAGS)
        status = fstat(fd)
        if (status.st_dev, status.st_ino) != self.identity:
            close(fd)
            raise OSError(9, "not our file")
        return fd

    def _status(self, end):
        flags = _PRIVATE_STAGING | (_RING if self.is_ring else 0) | (
            _NO_EXTENSION if self.has_no_extension else 0)
        return b"".join((
            u32(self.state), u32(self.stop_reason), u32(self.failure_errno),
            u32(flags), u64(self.stop_tick), u64(self.stop_tick),
            u64(end), u64(self.dropped_calls), u64(0),
            u64(self.memory_bytes), u64(self.limit)))

    def append(self, chunk, entries, exits):
        """Write a chunk; a block with so many entries and exits goes where the
        bounds allow it, definitions (None) to the end. The caller has the
        lock."""
        offset = self.end if entries is None else self._find_place(len(chunk))
        self._put(chunk, offset)
        if self.failure == STOP_NONE:
            self.end = max(self.end, offset + len(chunk))
        if entries is not None:
            self.blocks.append((offset, len(chunk), entries, exits))
            self.block_bytes += len(chunk)
            self.block_exits += exits
            self._drop_for_entries()

    def _find_place(self, size):
        """Where a block of this size goes."""
        while True:
            for i, (offset, free) in enumerate(self.room):
                if free == size or free >= size + 96:
                    del self.room[i]
                    if free > size:
                        self._make_room(offset + size, free - size)
                    return offset
            if (self.end + size <= self.limit or not self.blocks
                    or self.block_bytes + size <= self.limit // 4):
                return self.end
            self._drop_oldest()

    def _drop_for_entries(self):
        """The calls that count are those that ended last."""
        while self.entry_limit and self.blocks and (
                self.block_exits - self.blocks[0][3] >= self.entry_limit):
            self._drop_oldest()

    def _drop_oldest(self):
        offset, size, entries, exits = self.blocks.pop(0)
        self.is_ring = True
        self.block_bytes -= size
        self.block_exits -= exits
        self.dropped_calls += entries
        self._make_room(offset, size)

    def _make_room(self, offset, size):
        """These bytes are free; with what is free beside them they are one
        chunk of room."""
        before = [i for i, (at, free) in enumerate(self.room)
                  if at + free == offset]
        if before:
            at, free = self.room.pop(before[0])
            offset, size = at, size + free
        after = [i for i, (at, free) in enumerate(self.room)
                 if offset + size == at]
        if after:
            size += self.room.pop(after[0])[1]
        self._put(free_chunk(size), offset)
        self.room.append((offset, size))
        self.room.sort()

    def _put(self, data, offset):
        if self.failure != STOP_NONE:
            return
        try:
            fd = self._open()
        except OSError as error:
            self._fail(error.errno)
            return
        try:
            _write_all(fd, data, offset)
            _write_all(fd, self._status(max(self.end, offset + len(data))),
                       _STATUS_OFFSET)
        except OSError as error:
            self._fail(error.errno)
            if offset == self.end:
                self._truncate(fd)
        finally:
            close(fd)

    def _truncate(self, fd):
        try:
            ftruncate(fd, self.end)
        except OSError:
            pass  # the chunk that is cut is what a kill would have left

    def publish(self):
        """Write the status, also when recording has failed."""
        with self.lock:
            try:
                fd = self._open()
            except OSError as error:
                self._fail(error.errno)
                return
            try:
                _write_all(fd, self._status(self.end), _STATUS_OFFSET)
                _write_all(fd, u64(self.mismatched_returns),
                           _STATUS_OFFSET + 80)
                _write_all(fd, u64(self.section_size), 40)
            except OSError as error:
                self._fail(error.errno)
            finally:
                close(fd)


def _write_all(fd, data, offset):
    while data:
        count = pwrite(fd, data, offset)
        data = data[count:]
        offset += count
