# SPDX-License-Identifier: Apache-2.0
"""One thread: its stream in the file, and its profile function."""

from builtins import id, int, len, range, type, zip
from _thread import get_ident
from _weakref import ref
from sys import getprofile, setprofile


from . import words
from .block import make_block
from .filtered_hook import (Selection, make_filtered_hook,
                            write_pending)
from .functions import HIDDEN, SPECIAL, SPECIAL_NAMES, c_function_name


# What is older is written out before a thread waits.
_FLUSH_NS = 20000000


class Guard:
    """Among what the interpreter keeps for a thread: it goes when the thread
    ends or, for the main one, the interpreter."""

    __slots__ = ("thread",)

    def __init__(self, thread):
        self.thread = thread

    def __del__(self):
        if get_ident() == self.thread.ident:  # else of one that a fork lost
            self.thread.recorder.thread_is_gone(self.thread)


class Muted:
    """In the place of a thread's profile function: nothing is recorded until
    the frame `top` is left and the thread is not muted."""

    __slots__ = ("hook", "top", "recorder")

    def __init__(self, hook, top, recorder):
        self.hook = hook
        self.top = top
        self.recorder = recorder

    def __call__(self, frame, event, arg):
        if event != "return" or self.top not in (None, frame):
            return
        self.top = None
        if not self.recorder.is_muted():
            setprofile(self.hook)


class Thread:
    """The calling thread, from now on. Its calls that were open in the process
    that it was forked from are given with their ticks."""

    def __init__(self, recorder, number):
        self.recorder = recorder
        self.ident = get_ident()
        self.kernel_id = recorder.system.kernel_thread_id()
        self.number = number
        self.name = None
        self.last_hook = type(None)  # gives the profile function, or None
        self.is_hooked = False  # it was set and not given back
        self.left_tick, self.left_at = 0, None
        self.block = make_block(recorder.clock, self.look)
        self.selection = Selection()
        self.flush_tick = 0
        self.epoch = recorder.epoch
        self.begin(recorder.clock())

    def begin(self, now):
        """The first block, of this section."""
        self.block_number = 0
        self.calls_before = 0
        self._begin_block(self.block.reset(len(self.block.calls), now))

    def _begin_block(self, tick):
        self.first_tick = tick
        self.open_calls = [
            (call[0], call[1], start) if type(call) is not int
            else (abs_id(call), 0, start)
            for call, start in zip(self.block.calls, self.block.starts)]

    def look(self, now):
        """Called when the block is full or something else is up: whether the
        event counts."""
        recorder = self.recorder
        recorder.follow_fork()
        if recorder.is_over:
            recorder.unhook()
            return False
        if recorder.is_paused:
            return False
        is_first = recorder.output is None
        if not recorder.open():
            return False
        if is_first:  # what was done until here is no part of the program
            self._begin_block(self.block.reset(len(self.block.calls),
                                               recorder.clock()))
        if self.epoch != recorder.epoch:
            # Without an event between pauses it is one long pause.
            is_next = self.epoch + 1 == recorder.epoch
            self.epoch = recorder.epoch
            self.put_gap(words.GAP_PAUSED, recorder.pause_tick if is_next
                         else self.block.last_tick(), now)
            setprofile(self.hook())  # the options may be others
        self.block.ask(False)
        if self.block.is_full():
            self.flush(now)
        return not recorder.is_over

    def set_name(self, name):
        if name != self.name:
            self.name = name
            self.recorder.define(words.stream(self.number, self.kernel_id,
                                              name))

    def count_frames(self, count):
        """So many calls had begun before we heard of the thread."""
        self.selection.stack += [False] * count

    def refresh_name(self):
        self.recorder.refresh_names(self)

    def put_gap(self, reason, start, now):
        """Nothing was recorded since start; the calls that were open then are
        closed there."""
        self.write_pending(start)
        self.selection.clear()
        del self.block.calls[:], self.block.starts[:]
        self.block.put_record(words.gap(reason, start), now)

    def write_pending(self, now):
        """Entries that wait for a least duration: those that have reached it
        by now."""
        write_pending(self.block, self.selection.pending,
                      now - self.recorder.options.min_duration_ns)

    def mark(self, record):
        """Put a record. The calls that hold it are kept, however short."""
        now = self.recorder.clock()
        if self.block.is_full() and not self.look(now):
            return
        write_pending(self.block, self.selection.pending)
        self.block.put_record(record, now)

    def flush(self, now):
        """Write the block out, unless it is empty. It is queued before it
        begins anew: the end of the interpreter may stop a thread anywhere."""
        self.recorder.refresh_names(self)
        self.flush_tick = now
        entries = self._queue_block()
        if entries is not None:
            self.block_number += 1
            self.calls_before += entries
        if self.selection.pending:
            now = 0  # what waits comes behind the last word
        self._begin_block(self.block.reset(len(self.block.calls), now))
        self.recorder.write_queue()

    def _queue_block(self):
        """How many entries were queued, None when there are no words."""
        data, entries, exits = self.block.peek()
        if not data:
            return None
        self.recorder.queue_block(words.chunk(
            words.CHUNK_EVENTS, data, self.first_tick, self.block_number,
            self.number, self.open_calls, self.calls_before), entries, exits)
        return entries

    def save_copy(self):
        """Called by another thread: write the block as it is now. It comes
        again, with more words, when it is full."""
        number = self.block_number
        data = self.block.peek()[0]
        chunk = words.chunk(words.CHUNK_EVENTS, data, self.first_tick, number,
                            self.number, self.open_calls, self.calls_before)
        if data and number == self.block_number:
            self.recorder.queue_block(chunk, 0, 0)

    def hook(self):
        """A new profile function."""
        recorder = self.recorder
        if recorder.options.has_filter:
            hook = make_filtered_hook(self.block, recorder.functions, self,
                                      recorder.clock, recorder.options)
        else:
            hook = self.block.make_hook(recorder.functions, self,
                                        recorder.options.c_functions)
        self.last_hook = ref(hook)
        self.is_hooked = True
        return hook

    def end_loss(self, now):
        """Nothing was heard since the slot was taken, if it was."""
        if self.is_lost():
            self.put_gap(words.GAP_SLOT_TAKEN, self.block.last_tick(), now)

    def is_lost(self):
        """Whether the program has taken the slot."""
        return self.is_hooked and self.last_hook() is None

    def finish(self):
        """Nothing comes after this."""
        now = self.recorder.clock()
        self.end_loss(now)
        self.write_pending(now)
        self.flush(now)

    def end(self):
        """The thread is over."""
        now = self.recorder.clock()
        self.finish()
        self.recorder.define(words.stream_end(self.number, now))

    def enter_hidden(self, function, frame):
        """A function that is not recorded is entered: nor is what it calls,
        when it is hidden. Whether it is one of the package whose calls are."""
        if function.verdict == HIDDEN:
            setprofile(Muted(getprofile(), frame, self.recorder))
        return function.is_own and function.verdict != HIDDEN

    def is_own(self, frame):
        """Whether a function of the package is what calls a C function."""
        return self.recorder.functions.find_code(frame).is_own

    def close_other(self, word):
        """A function is left that is not the innermost open call."""
        calls, starts = self.block.calls, self.block.starts
        if not calls:
            return  # entered before recording began
        if type(calls[-1]) is not int:
            del calls[-1], starts[-1]
            return
        self.recorder.mismatched_returns += 1
        for i in range(len(calls) - 1, -1, -1):
            if calls[i] == word:
                del calls[i:], starts[i:]
                return

    def close_c(self, function):
        """A C function returns that is not the innermost open call. Its tag,
        or 0 when it was entered before recording began."""
        calls, starts = self.block.calls, self.block.starts
        if not calls:
            return 0
        word = self.recorder.functions.find_special_c(function)
        self.close_other(-word)
        return word

    def see_c(self, event, function, frame):
        """A C function that is not recorded here, and may be special."""
        action = None
        if function.__name__ in SPECIAL_NAMES:
            action = SPECIAL.get(c_function_name(function))
        if action is not None and event == "c_call":
            self._before(action, frame)
        elif action is not None:
            self._after(action, event, frame)

    def call_special(self, word, now, frame):
        """A C function that means something to the recorder is called."""
        action = self.recorder.functions.special_tags[word]
        self.block.calls.append(-word)
        self.block.starts.append(now)
        self.block.put(word + words.C_CALL, now)
        self._before(action, frame)

    def return_special(self, word, event, function, frame):
        """It returns. Its tag, which is another one in a forked child."""
        action = self.recorder.functions.special_tags[word]
        if action == "fork" and self.recorder.is_child():
            # Before 3.7 we hear of it here only: it was open in the parent.
            self.block.calls.append(-word)
            self.block.starts.append(self.recorder.clock())
            self.look(self.recorder.clock())
            self.close_other(-word)
        self._after(action, event, frame)
        return self.recorder.functions.find_special_c(function)

    def _before(self, action, frame):
        if action == "profile":
            self.left_tick = self.recorder.clock()
            self.left_at = id(frame), frame.f_lasti
        if action == "wait":
            now = self.recorder.clock()
            if now - self.flush_tick > _FLUSH_NS and self.block.peek()[0]:
                self.flush(now)
            return
        if action == "fork":
            write_pending(self.block, self.selection.pending)
        self.recorder.before_special(action)

    def _after(self, action, event, frame):
        if action == "profile":
            self._come_back(frame)
        self.recorder.after_special(action)

    def _come_back(self, frame):
        """sys.setprofile returns and we hear of it: either it has put our
        function back or it was our function all the time."""
        if self.left_at not in (None, (id(frame), frame.f_lasti)):
            self.put_gap(words.GAP_SLOT_TAKEN, self.left_tick,
                         self.recorder.clock())
        self.left_at = None


def abs_id(call):
    """The id of the function in what `calls` holds."""
    return (call if call > 0 else -call) >> words.ID_SHIFT
