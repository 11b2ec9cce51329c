# SPDX-License-Identifier: Apache-2.0
"""Read .vzt traces in Python, for tests: written from src/format/layout.h and
event.h alone, and strict where the product is lenient, so that it is an
independent witness of what a recorder wrote.

    trace = vzt_reader.read("x.vzt")         # or a recording directory
    for process in trace.processes:
        for stream in process.streams.values():
            process.entry_counts(stream.id)  # {function id: entries}
            for event in process.events(stream.id): ...

Usable from Python 3.6 on. Counting runs in C (collections.Counter over a
strided array): ten million words take about a second.
"""
import collections
import mmap
import os
import struct
import sys
from array import array

SECTION_MAGIC = b"\x89VZT\r\n\x1a\nsection\0"
SECTION_HEADER_SIZE = 4096
STATUS_OFFSET = 512
CHUNK_MAGIC = 0x4B4E5548435A5689
CHUNK_HEADER = struct.Struct("<QIIQQIIQQQQII16x")
OPEN_CALL = struct.Struct("<IIQ")
SECTION_HEADER = struct.Struct("<16sIIQIIQQQ16sQQIIQQQQQ16x")
STATUS = struct.Struct("<IIIIQQQQQQQIiQQQ")

SECTION_PROCESS = 1
CHUNK_FREE, CHUNK_EVENTS, CHUNK_DEFINITIONS = 1, 2, 3
CHUNK_STAGING = 1

CALL, RESUME, THROW_IN, RETURN, YIELD, UNWIND = 1, 2, 3, 4, 5, 6
C_CALL, C_RETURN, C_RAISE, LONG = 7, 8, 9, 15
ENTRIES = (CALL, RESUME, THROW_IN, C_CALL)
PYTHON_ENTRIES = (CALL, RESUME, THROW_IN)
EXITS = (RETURN, YIELD, UNWIND, C_RETURN, C_RAISE)

RECORD_CLOCK, RECORD_INSTANT, RECORD_COUNTER, RECORD_OBJECT = 1, 2, 3, 4
RECORD_FLOW_START, RECORD_FLOW_END = 7, 8
RECORD_GAP = 18
DEFINE_FUNCTION, DEFINE_STREAM, DEFINE_PROCESS = 128, 129, 130
DEFINE_STRING, DEFINE_SOURCE, END_STREAM = 131, 132, 133

OPEN_INHERITED, OPEN_START_UNKNOWN = 1, 2
STATE_RECORDING, STATE_ENDED, STATE_STOPPED = 1, 2, 3
STOP_NONE, STOP_EXEC, STOP_EXIT_CALL = 0, 4, 7
STREAM_THREAD, STREAM_GREENLET, STREAM_LANE = 1, 2, 3
STREAM_ASYNC, STREAM_SAMPLES = 4, 5
FUNCTION_PYTHON, FUNCTION_C, FUNCTION_OTHER = 1, 2, 3

Function = collections.namedtuple("Function", "id kind line name file")
Event = collections.namedtuple("Event", "kind function tick record payload")
OpenCall = collections.namedtuple("OpenCall", "function flags start_tick")
Instant = collections.namedtuple("Instant", "scope name args")
ObjectRecord = collections.namedtuple("ObjectRecord", "phase id name args")
Flow = collections.namedtuple("Flow", "id flags name")
CounterRecord = collections.namedtuple("CounterRecord", "name values")
Gap = collections.namedtuple("Gap", "reason lost_calls start_tick")
Status = collections.namedtuple(
    "Status", "state stop_reason stop_errno flags stop_tick stop_monotonic_ns "
    "written_bytes dropped_calls lost_events memory_bytes limit_bytes "
    "exit_kind exit_value mismatched_returns unfollowed_children "
    "flush_ticks")
Header = collections.namedtuple(
    "Header", "format_version must_understand section_kind clock_kind "
    "section_size section_id parent_section_id boot_id pid_namespace "
    "process_start pid ppid anchor_tick anchor_monotonic_ns "
    "anchor_realtime_ns ticks_per_second event_cost_ps")


class BadTrace(Exception):
    """What stands in the file is not what layout.h says."""


class Stream:
    """One LIFO stack of calls: a thread."""

    def __init__(self, stream_id):
        self.id = stream_id
        self.kind = None
        self.parent = 0
        self.thread_id = 0
        self.name = ""
        self.end_tick = None
        self.blocks = []


class Block:
    """Part of a stream: the calls open at its start, and its words."""

    def __init__(self, number, is_staging, first_tick, first_monotonic_ns,
                 calls_before, open_calls, words):
        self.number = number
        self.is_staging = is_staging
        self.first_tick = first_tick
        self.first_monotonic_ns = first_monotonic_ns
        self.calls_before = calls_before
        self.open_calls = open_calls
        self.words = words  # array("Q"), valid words only


class Process:
    """One section."""

    def __init__(self, path, offset, header, status):
        self.path = path
        self.offset = offset
        self.header = header
        self.status = status
        self.pid = header.pid
        self.parent = None  # the Process it was forked from
        self.functions = {}
        self.streams = {}
        self.strings = {}
        self.sources = {}
        self.arguments = []
        self.executable = self.directory = self.name = self.version = ""

    def entry_counts(self, stream_id, kinds=ENTRIES):
        """How often each function id was entered on this stream."""
        tags = collections.Counter()
        for block in self.streams[stream_id].blocks:
            tags.update(_short_tags(block.words))
        counts = collections.Counter()
        for tag, count in tags.items():
            if tag >> 28 in kinds:
                counts[tag & 0xFFFFFFF] += count
        return counts

    def events(self, stream_id):
        """Every event of this stream, in order. Long records have their type
        and payload; RECORD_CLOCK only moves the clock and is not given."""
        for block in self.streams[stream_id].blocks:
            for event in self.block_events(block):
                yield event

    def block_events(self, block):
        tick = block.first_tick
        words = block.words
        i = 0
        while i < len(words):
            word = words[i]
            i += 1
            tick += word & 0xFFFFFFFF
            kind = word >> 60
            if kind != LONG:
                yield Event(kind, (word >> 32) & 0xFFFFFFF, tick, None, None)
                continue
            size = (word >> 32) & 0xFFFFF
            payload = words[i:i + size]
            i += size
            record = (word >> 52) & 0xFF
            if record == RECORD_CLOCK:
                if payload[0] < tick:
                    raise BadTrace("the clock goes back")
                tick = payload[0]
            else:
                yield Event(LONG, 0, tick, record,
                            _parse_record(record, payload.tobytes(), self))

    def check_nesting(self, stream_id):
        """Replay the stream over its stack. Returns the number of exits that
        are not of the innermost call (0 expected) and the calls open at the
        end, as Functions. Raises when a block's list of open calls is not what
        the replay has."""
        stack = []
        mismatches = 0
        expected_number = None
        for block in self.streams[stream_id].blocks:
            listed = [self._open_call(call) for call in block.open_calls]
            if block.number != expected_number:  # the first that is left
                stack = listed
            elif not listed and _begins_with_gap(block.words):
                stack = []
            elif listed != stack:
                raise BadTrace("stream %d block %d: open calls %r, expected %r"
                               % (stream_id, block.number, listed, stack))
            mismatches += _replay(block.words, self.functions, stack)
            expected_number = block.number + 1
        return mismatches, [self.functions[call] if type(call) is int else call
                            for call in stack]

    def _open_call(self, call):
        """The function's id, but of a call that was open at a fork the
        Function: it has the id of the parent's section, or of an ancestor's,
        by the number of forks since."""
        owner = self
        if call.flags & OPEN_INHERITED:
            owner = self.parent
            for _ in range(call.flags >> 8):
                owner = owner and owner.parent
        if owner is None or call.function not in owner.functions:
            raise BadTrace("open call of an unknown function: %r" % (call,))
        if owner is self:
            return call.function
        return owner.functions[call.function]._replace(id=0)


class Trace:
    def __init__(self):
        self.processes = []
        self.skipped_bytes = 0


def _short_tags(words):
    """The upper halves (kind and function id) of the words that are events."""
    halves = array("I", words.tobytes())[1::2]
    if not halves or max(halves) < LONG << 28:
        return halves
    short = array("I")
    i = 0
    while i < len(halves):
        half = halves[i]
        if half >> 28 == LONG:
            if half >> 20 & 0xFF == RECORD_GAP:
                short.append(half)  # closes calls
            i += 1 + (half & 0xFFFFF)
        else:
            short.append(half)
            i += 1
    return short


def _replay(words, functions, stack):
    """Over a stack of function ids; of inherited calls it has the Function."""
    mismatches = 0
    for tag in _short_tags(words):
        kind = tag >> 28
        number = tag & 0xFFFFFFF
        if kind == LONG:
            del stack[:]  # a gap
            continue
        if number not in functions:
            raise BadTrace("event of an unknown function: %d" % number)
        if kind in ENTRIES:
            stack.append(number)
        elif kind not in EXITS:
            raise BadTrace("unknown kind %d" % kind)
        elif stack and stack[-1] == number:
            stack.pop()
        elif stack and type(stack[-1]) is not int:
            mismatches += stack.pop() != functions[number]._replace(id=0)
        elif stack:  # else it was entered before recording began
            mismatches += 1
            _close_nearest(stack, number)
    return mismatches


def _close_nearest(stack, function):
    """With all that was called from there; nothing when it is not open."""
    for i in range(len(stack) - 1, -1, -1):
        if stack[i] == function:
            del stack[i:]
            break


def _begins_with_gap(words):
    return len(words) > 0 and words[0] >> 52 == LONG << 8 | RECORD_GAP


def _texts(data, offset, sizes):
    result = []
    for size in sizes:
        if offset + size > len(data):
            raise BadTrace("a text reaches beyond its record")
        result.append(data[offset:offset + size])
        offset += size
    if data[offset:].strip(b"\0") or len(data) - offset >= 8:
        raise BadTrace("a record's padding is not zero bytes up to a word")
    return result


def _text(data):
    return data.decode("utf-8", "surrogateescape")


def _parse_record(record, data, process):
    """The payload of a record that may stand in EVENTS chunks."""
    if record == RECORD_INSTANT:
        scope, flags, name_size, args_size = struct.unpack_from("<IIII", data)
        if flags & 1:
            name, = _texts(data, 16, [name_size])
            return Instant(scope, _text(name), process.strings[args_size])
        name, args = _texts(data, 16, [name_size, args_size])
        return Instant(scope, _text(name), _text(args))
    if record == RECORD_OBJECT:
        phase, flags, id_size, name_size, args_size, _ = struct.unpack_from(
            "<IIIIII", data)
        sizes = [id_size, name_size] + ([] if flags & 1 else [args_size])
        texts = [_text(text) for text in _texts(data, 24, sizes)]
        if flags & 1:
            texts.append(process.strings[args_size])
        return ObjectRecord(phase, *texts)
    if record in (RECORD_FLOW_START, RECORD_FLOW_END):
        number, flags, name_size = struct.unpack_from("<QII", data)
        name, = _texts(data, 16, [name_size])
        return Flow(number, flags, _text(name))
    if record == RECORD_COUNTER:
        name_size, count = struct.unpack_from("<II", data)
        series = [struct.unpack_from("<IIQ", data, 8 + 16 * i)
                  for i in range(count)]
        texts = _texts(data, 8 + 16 * count,
                       [name_size] + [item[0] for item in series])
        values = {}
        for key, (_, kind, bits) in zip(texts[1:], series):
            packed = struct.pack("<Q", bits)
            values[_text(key)] = struct.unpack(
                "<q" if kind == 1 else "<d", packed)[0]
        return CounterRecord(_text(texts[0]), values)
    if record == RECORD_GAP:
        reason, _, lost, start = struct.unpack("<IIQQ", data)
        return Gap(reason, lost, start)
    return data


def _stream(process, stream_id):
    if stream_id == 0:
        raise BadTrace("stream 0")
    if stream_id not in process.streams:
        process.streams[stream_id] = Stream(stream_id)
    return process.streams[stream_id]


def _define(process, record, data):
    if record == DEFINE_FUNCTION:
        number, kind, line, name_size, file_size, _ = struct.unpack_from(
            "<IIIIII", data)
        name, path = _texts(data, 24, [name_size, file_size])
        if number in process.functions:
            raise BadTrace("function %d is defined twice" % number)
        process.functions[number] = Function(number, kind, line, _text(name),
                                             _text(path))
    elif record == DEFINE_STREAM:
        number, kind, parent, name_size, thread = struct.unpack_from(
            "<IIIIQ", data)
        stream = _stream(process, number)
        stream.kind, stream.parent, stream.thread_id = kind, parent, thread
        stream.name = _text(_texts(data, 24, [name_size])[0])
    elif record == DEFINE_PROCESS:
        head = struct.unpack_from("<IIIIII", data)
        texts = _texts(data, 24, head[1:])
        process.arguments = [_text(item) for item in texts[0].split(b"\0")[:-1]]
        if len(process.arguments) != head[0]:
            raise BadTrace("%d arguments, %d expected"
                           % (len(process.arguments), head[0]))
        process.executable, process.directory = map(_text, texts[1:3])
        process.name, process.version = map(_text, texts[3:])
    elif record == DEFINE_STRING:
        number, size, _, _ = struct.unpack_from("<IIQQ", data)
        process.strings[number] = _text(_texts(data, 24, [size])[0])
    elif record == DEFINE_SOURCE:
        path_size, piece_size, offset, whole, _ = struct.unpack_from(
            "<IIQQQ", data)
        path, piece = _texts(data, 32, [path_size, piece_size])
        source = process.sources.setdefault(_text(path), bytearray())
        if offset == 0:
            del source[:]
        if offset != len(source) or offset + piece_size > whole:
            raise BadTrace("a piece of a source is out of order")
        source.extend(piece)
    elif record == END_STREAM:
        number, _, tick = struct.unpack_from("<IIQ", data)
        _stream(process, number).end_tick = tick


def _read_definitions(process, words):
    i = 0
    while i < len(words):
        head = words[i]
        if head >> 60 != LONG:
            raise BadTrace("a short event among definitions")
        size = (head >> 32) & 0xFFFFF
        _define(process, (head >> 52) & 0xFF, words[i + 1:i + 1 + size].tobytes())
        i += 1 + size


def _valid_words(words):
    """Of staging: those before the first zero where a head must stand."""
    i = 0
    while i < len(words) and words[i]:
        size = (words[i] >> 32) & 0xFFFFF if words[i] >> 60 == LONG else 0
        if i + size >= len(words):
            break
        i += 1 + size
    return words[:i]


def _read_words(data, start, end, chunk):
    words = array("Q")
    words.frombytes(data[start:end])
    if sys.byteorder != "little":
        words.byteswap()
    if chunk["flags"] & CHUNK_STAGING:
        return _valid_words(words)
    if chunk["word_count"] > len(words):
        raise BadTrace("chunk at byte %d: %d words do not fit"
                       % (chunk["at"], chunk["word_count"]))
    return words[:chunk["word_count"]]


def _read_chunk(data, at):
    names = ("magic", "kind", "flags", "size", "word_count", "stream",
             "open_count", "number", "first_tick", "first_monotonic_ns",
             "calls_before", "sequence", "task")
    chunk = dict(zip(names, CHUNK_HEADER.unpack_from(data, at)))
    chunk["at"] = at
    if chunk["magic"] != CHUNK_MAGIC:
        raise BadTrace("no chunk at byte %d" % at)
    if chunk["size"] < CHUNK_HEADER.size or chunk["size"] % 8:
        raise BadTrace("chunk at byte %d has size %d" % (at, chunk["size"]))
    return chunk


def _add_block(process, data, chunk, end):
    start = chunk["at"] + CHUNK_HEADER.size
    calls = [OpenCall(*OPEN_CALL.unpack_from(data, start + i * OPEN_CALL.size))
             for i in range(chunk["open_count"])]
    words = _read_words(data, start + len(calls) * OPEN_CALL.size, end, chunk)
    block = Block(chunk["number"], bool(chunk["flags"] & CHUNK_STAGING),
                  chunk["first_tick"], chunk["first_monotonic_ns"],
                  chunk["calls_before"], calls, words)
    blocks = _stream(process, chunk["stream"]).blocks
    for i, other in enumerate(blocks):
        if other.number == block.number:  # both in staging and in the file
            if len(words) > len(other.words):
                blocks[i] = block
            return
    blocks.append(block)


def _section_end(data, offset, header, limit):
    if header.section_size:
        return min(limit, offset + header.section_size)
    found = data.find(SECTION_MAGIC, offset + SECTION_HEADER_SIZE)
    return found if found >= 0 else limit


def _read_section(data, offset, limit, path):
    header = SECTION_HEADER.unpack_from(data, offset)
    if header[1] != 1 or header[2] != SECTION_HEADER_SIZE:
        raise BadTrace("format version %d, header size %d" % header[1:3])
    header = Header(header[1], *header[3:])
    status = Status(*STATUS.unpack_from(data, offset + STATUS_OFFSET))
    process = Process(path, offset, header, status)
    end = _section_end(data, offset, header, limit)
    definitions = {}
    at = offset + SECTION_HEADER_SIZE
    while at + CHUNK_HEADER.size <= end and data[at:at + 8] != bytes(8):
        chunk = _read_chunk(data, at)
        chunk_end = min(end, at + chunk["size"])
        if chunk["kind"] == CHUNK_DEFINITIONS:
            words = _read_words(data, at + CHUNK_HEADER.size, chunk_end, chunk)
            known = definitions.get(chunk["number"])
            if known is None or len(words) > len(known):
                definitions[chunk["number"]] = words
        elif chunk["kind"] == CHUNK_EVENTS and chunk["stream"]:
            _add_block(process, data, chunk, chunk_end)
        at += chunk["size"]
    for number in sorted(definitions):
        _read_definitions(process, definitions[number])
    for stream in process.streams.values():
        stream.blocks.sort(key=lambda block: block.number)
    return process, end


def read_file(path, trace):
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            return
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        offset = 0
        while offset < size:
            if data[offset:offset + 16] != SECTION_MAGIC:
                raise BadTrace("%s: no section at byte %d" % (path, offset))
            process, offset = _read_section(data, offset, size, path)
            trace.processes.append(process)
        data.close()


def read(path):
    """A file, or a directory with one .vzt file per process."""
    trace = Trace()
    if os.path.isdir(path):
        for name in sorted(os.listdir(path)):
            if name.endswith(".vzt"):
                read_file(os.path.join(path, name), trace)
    else:
        read_file(path, trace)
    by_id = {process.header.section_id: process for process in trace.processes}
    for process in trace.processes:
        process.parent = by_id.get(process.header.parent_section_id)
    return trace


def main():
    for process in read(sys.argv[1]).processes:
        print("process %d %s: %s" % (process.pid, process.arguments,
                                     process.status))
        for stream in process.streams.values():
            mismatches, still_open = process.check_nesting(stream.id)
            print("  %s: %d entries, %d blocks, %d mismatches, %d open" % (
                stream.name or stream.id,
                sum(process.entry_counts(stream.id).values()),
                len(stream.blocks), mismatches, len(still_open)))


if __name__ == "__main__":
    main()
