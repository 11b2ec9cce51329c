# SPDX-License-Identifier: Apache-2.0
"""The words of a thread that were not written yet, and the functions that put
words there: the hot path.

They are closures over a few variables, since nothing is faster in Python. What
they share: `view`, where word number `used` comes next; `last`, the tick of the
word before; `limit`, from where on `look` is asked first, and 0 or less while
each event is to ask; `calls` and `starts`, the calls that are open: the tag of
a Python function, minus the tag of a C function, or a string for a call that
was open when the process forked.
"""

from builtins import (bytearray, bytes, frozenset, id, int, len, max,
                      memoryview, range, type)

from sys import version_info

from .functions import ModuleType
from .words import (CALL, C_CALL, C_RAISE, C_RETURN, CLOCK_HEAD, DELTA_MAX,
                    RESUME, RETURN, THROW_IN, UNWIND, YIELD)

WORDS = 4096
_SLACK = 1024  # the largest record, and then some


def _opcodes():
    """(those of returns, those of yields, RESUME or None): what stands at the
    last instruction when a function returns or a generator is paused."""
    def give(value):
        return value

    def nothing():
        return None

    def generate(value):
        yield value

    def delegate(value):
        yield from value

    inner, outer = generate(1), delegate(generate(1))
    inner.send(None)
    outer.send(None)
    return (frozenset((give.__code__.co_code[-2],
                       nothing.__code__.co_code[-2])),
            frozenset((generate.__code__.co_code[inner.gi_frame.f_lasti],
                       delegate.__code__.co_code[outer.gi_frame.f_lasti])),
            give.__code__.co_code[0] if version_info >= (3, 11) else None)


_RETURNS, _YIELDS, _RESUME = _opcodes()


def entry_kind(function, frame):
    """How a generator is entered. throw() looks like a resumption before 3.11
    and from 3.13 on."""
    at = frame.f_lasti
    if at < 0:
        return CALL
    if _RESUME is None:
        return RESUME
    if function.instructions[at] != _RESUME:
        return THROW_IN
    return RESUME if function.instructions[at + 1] & 3 else CALL


def exit_kind(function, frame, value):
    """How a function is left. sys.setprofile gives None for an exception, too:
    the last instruction tells. A generator that yields None looks like one
    that an exception leaves at a yield (by throw())."""
    instruction = function.instructions[frame.f_lasti]
    if function.is_generator and instruction in _YIELDS:
        return YIELD
    if value is not None or instruction in _RETURNS:
        return RETURN
    return UNWIND


# 1 for entries, 2 for exits, by the uppermost byte of a word.
_SIDES = bytes([(0, 1, 1, 1, 2, 2, 2, 1, 2, 2, 0, 0, 0, 0, 0, 0)[byte >> 4]
                for byte in range(256)])


def count_sides(words):
    """(how many words are entries into calls, how many exits)."""
    sides = words[7::8].translate(_SIDES)
    return sides.count(1), sides.count(2)


class Block:
    """What has not been written of a thread. See make_block."""

    __slots__ = ("put", "put_record", "peek", "reset", "ask", "is_full",
                 "last_tick", "size", "calls",
                 "starts", "make_hook")


def make_block(clock, look):
    """look(now) is asked when the block is full or after ask(True); it gives
    whether the event counts."""
    block = Block()
    calls = block.calls = []
    starts = block.starts = []
    buffer = bytearray(8 * (WORDS + _SLACK))
    view = memoryview(buffer).cast("Q")
    used = false_entries = false_exits = 0
    own_open = 0  # functions of the package that are seen, more or less
    last = clock()
    full = limit = WORDS

    def put_clock(now):
        nonlocal used, last
        view[used] = CLOCK_HEAD
        view[used + 1] = now
        used += 2
        last = now

    def put(tag, now):
        nonlocal used, last
        if now < last:  # a signal handler has put something meanwhile
            now = last
        if now - last > DELTA_MAX:
            put_clock(now)
        view[used] = tag + now - last
        used += 1
        last = now

    def put_record(record, now):
        """A long record; the caller has made sure that look() agrees."""
        nonlocal used, last, false_entries, false_exits
        entries, exits = count_sides(record[8:])
        false_entries += entries
        false_exits += exits
        if now - last > DELTA_MAX:
            put_clock(now)
        buffer[8 * used:8 * used + len(record)] = record
        view[used] += now - last
        used += len(record) // 8
        last = now

    def peek():
        """(the words, how many entries and how many exits they hold)."""
        result = view[:used].tobytes()
        entries, exits = count_sides(result)
        return result, entries - false_entries, exits - false_exits

    def reset(depth, now):
        """The words begin anew, at the tick that is given back, with room for
        so many open calls in the header of their block, which is at most an
        eighth of it."""
        nonlocal used, last, full, limit, buffer, view
        nonlocal false_entries, false_exits
        false_entries = false_exits = used = 0
        last = max(last, now)
        if 16 * depth > full:
            full = 32 * depth
            view.release()
            buffer = bytearray(8 * (full + _SLACK))
            view = memoryview(buffer).cast("Q")
        limit = full
        return last

    def ask(always):
        nonlocal limit
        limit = 0 if always else full

    block.put, block.put_record = put, put_record
    block.peek, block.reset = peek, reset
    block.ask, block.is_full = ask, lambda: used >= limit
    block.last_tick = lambda: last
    block.size = lambda: len(buffer)

    def make_hook(functions, thread, has_c):
        """The profile function. All that an event needs
        stands in it, since a call costs more than all the rest."""
        find = functions.codes.get
        owners, modules = functions.owners.get, functions.modules.get
        dead = functions.dead
        special_tags = functions.special_tags

        def hook(frame, event, arg, id=id, type=type):
            nonlocal used, last, own_open
            now = clock()
            if used >= limit and not look(now):
                return
            if dead:
                functions.bury()
            if event == "call":
                function = find(id(frame.f_code)) or functions.find_code(frame)
                word = function.tag
                if not word:
                    own_open += thread.enter_hidden(function, frame)
                    return
                calls.append(word)
                starts.append(now)
                word += (entry_kind(function, frame) if function.is_generator
                         else CALL)
            elif event == "return":
                function = find(id(frame.f_code))
                if function is None:
                    if not calls:
                        return  # entered before recording began
                    function = functions.find_code(frame)  # ... or before fork
                if not function.exit_tag:
                    own_open -= own_open > 0 and function.is_own
                    return
                word = function.exit_tag
                if calls and calls[-1] == word:
                    del calls[-1], starts[-1]
                else:
                    thread.close_other(word)
                if function.names_thread:
                    thread.refresh_name()
                word += (RETURN if arg is not None
                         and not function.is_generator
                         else exit_kind(function, frame, arg))
            elif own_open and thread.is_own(frame):
                return
            elif not has_c:
                thread.see_c(event, arg, frame)
                return
            elif event == "c_call":
                owner = arg.__self__
                kind = type(owner)
                names = (modules(id(owner)) if kind is ModuleType
                         else owners(id(kind)))
                word = names and names.get(arg.__name__)
                if not word:
                    word = functions.find_special_c(arg)
                    if word in special_tags:
                        thread.call_special(word, now, frame)
                        return
                    if not word:
                        return
                calls.append(-word)
                starts.append(now)
                word += C_CALL
            else:
                word = -calls[-1] if calls and type(calls[-1]) is int else 0
                if word > 0:
                    del calls[-1], starts[-1]
                else:
                    word = thread.close_c(arg)
                    if not word:
                        return
                if word in special_tags:
                    word = thread.return_special(word, event, arg, frame)
                    if used >= limit and not look(now):
                        return
                word += C_RETURN if event == "c_return" else C_RAISE
            delta = now - last
            if 0 <= delta <= DELTA_MAX:
                view[used] = word + delta
                used += 1
                last = now
            else:
                put(word, now)

        return hook

    block.make_hook = make_hook
    return block
