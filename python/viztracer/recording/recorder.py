# SPDX-License-Identifier: Apache-2.0
"""The recorder of this process: what is written, and when it begins and ends.
"""

from _thread import RLock, _local, get_ident
from builtins import getattr, int, len, list, range, set, sum, type
from posix import getpid, urandom
from sys import getswitchinterval, setprofile, setswitchinterval
from time import sleep
import posix
import sys

from . import first_process, names, output, print_log, system, words
from .filters import Filters
from .functions import Functions
from .options import Options
from .thread import Guard, Muted, Thread, abs_id

_set_all_profiles = getattr(sys, "_setprofileallthreads", None)  # from 3.12
_START_FUNCTIONS = ("exit", "exec", "kill", "fork")

# Where the recorder of this interpreter is found.
_PLACE = sys.modules["_frozen_importlib"].__dict__
_KEY = "_viztracer_recorder"


def current():
    """The recorder of this interpreter, or None."""
    return _PLACE.get(_KEY)


class Recorder:
    """folder: where the file is made, at the first event. own_folder: of the
    package, whose functions are not shown."""

    def __init__(self, folder, options, own_folder, is_launched):
        self.system = system
        self.clock = system.clock
        self.folder = folder
        self.options = options
        self.is_launched = is_launched
        self.is_paused = False
        self.is_over = False
        self.pause_tick = 0
        self.epoch = 0
        self.on_end = None  # called when all is written
        self.functions = Functions(
            self.define_function,
            Filters(options, system.folder(), words.encode), own_folder,
            self.new_function)
        self.locals = _local()  # of each thread: what goes with it
        self.mute_counts = {}  # ident: how often the thread is muted
        self.process_name = b""
        self.parent_section = 0
        self.section = 0
        self.output = None
        self._begin_section()

    def _begin_section(self):
        self.pid = getpid()
        self.pending = []  # definitions that are not written yet
        self.is_writing = False
        self.queue = []  # what output.append() takes
        self.definition_chunks = 0
        self.last_function = self.last_string = self.last_thread = 0
        self.sources = set()
        self.mismatched_returns = 0
        self.threads = {}  # ident: Thread
        self.main = None  # the thread whose end is the interpreter's

    # What is written.

    def open(self):
        """Make the file, unless it is there. Whether it is."""
        if self.output is None and not self.is_over:
            self.output = output.Output(self.folder, self._header(),
                                        self.options)
            self.define_process(self.process_name)
            self.write_definitions()
        return not self._has_failed()

    def _header(self):
        self.section = int.from_bytes(urandom(8), "little")
        now, wall_ns = system.clocks()
        return b"".join((
            words.u32(1), words.u64(0), words.u64(self.section),
            words.u64(self.parent_section), system.boot_id(),
            words.u64(system.pid_namespace()),
            words.u64(system.process_start()), words.u32(self.pid),
            words.u32(system.parent_pid()), words.u64(now), words.u64(now),
            words.u64(wall_ns), words.u64(1000000000)))

    def _has_failed(self):
        """Whether recording is over; what went wrong last is written down."""
        if not self.is_over and self.output.failure != output.STOP_NONE:
            self._stop(self.output.failure)
        return self.is_over

    def _stop(self, reason):
        self.is_over = True
        self.output.state = output.STATE_STOPPED
        self.output.stop_reason = reason
        self.output.stop_tick = self.clock()
        self.output.publish()
        for thread in list(self.threads.values()):
            thread.block.ask(True)

    def define(self, record):
        self.pending.append(record)

    def define_function(self, kind, line, name, file):
        """An id, 0 when there are no more."""
        if self.last_function == words.ID_MAX:
            self._stop(output.STOP_TABLE_FULL)
            return 0
        self.last_function += 1
        self.define(words.function(self.last_function, kind, line, name, file))
        return self.last_function

    def define_string(self, text):
        self.last_string += 1
        self.define(words.string(self.last_string, text))
        return self.last_string

    def new_function(self, file):
        """A Python function was defined."""
        self._define_source(file)
        thread = self.threads.get(get_ident())
        if thread is not None:
            self.refresh_names(thread)

    def _define_source(self, name):
        if (not self.options.source or name in self.sources
                or name.startswith("<")):
            return
        self.sources.add(name)
        path = words.encode(name)
        text = system.read_file(path)
        if text:
            self.pending += words.source(path, text)

    def define_process(self, name):
        self.process_name = name
        self.define(words.process(
            system.command_line() if self.options.args else b"",
            system.executable(), system.folder(), name, system.VERSION))

    def write_definitions(self):
        self._queue_definitions()
        self.write_queue()

    def _queue_definitions(self):
        pending, self.pending = self.pending, []
        if pending:
            number = self.definition_chunks
            self.definition_chunks = number + 1
            self.queue.append((words.chunk(
                words.CHUNK_DEFINITIONS, b"".join(pending), self.clock(),
                number), None, None))

    def queue_block(self, chunk, entries, exits):
        """Definitions come first: the block may use them."""
        self._queue_definitions()
        self.queue.append((chunk, entries, exits))

    def write_queue(self):
        """A chunk leaves the queue when it is in the file: a thread which the
        end of the interpreter stops on the way has lost nothing."""
        if not self.open():
            return
        with self.output.lock:
            if self.is_writing:  # interrupted by a finalizer that ends a thread
                return
            self.is_writing = True
            while self.queue and not self._has_failed():
                self.output.append(*self.queue[0])
                self.queue.pop(0)
            self.is_writing = False
        self._has_failed()

    def refresh_names(self, thread):
        """What threading and multiprocessing call them now."""
        if thread.ident == get_ident():
            name = names.of_thread(thread.kernel_id == self.pid)
        else:
            name = None
        if name is None and thread.name is None:
            name = system.kernel_thread_name(thread.kernel_id)
        if name is not None:
            thread.set_name(name)
        name = names.of_process()
        if name is not None and name != self.process_name:
            self.define_process(name)

    # What the program asks for.

    def is_muted(self):
        """Whether nothing is to be recorded of this thread."""
        return self.mute_counts.get(get_ident(), 0) > 0

    def is_heard(self):
        """Whether calls are recorded now."""
        return not self.is_over and not self.is_paused and self.main is not None

    def pause(self):
        self.is_paused = True
        self.pause_tick = self.clock()
        for thread in list(self.threads.values()):
            thread.block.ask(True)
        self.leave_threading()
        print_log.remove()
        self.unhook()

    def resume(self):
        """After a pause. Each thread writes the gap before its next event."""
        self.epoch += 1
        self.is_paused = False
        self.go()

    def go(self):
        """Record this thread, and others where that can be."""
        if self.options.log_print:
            print_log.install(self)
        self.begin()
        if _set_all_profiles is not None:
            self.hook_all_threads()
        else:
            self.ask_threading()

    def change_options(self, options):
        """From the next resume() on, but for the bounds."""
        options.limit_bytes = self.options.limit_bytes
        options.entries = self.options.entries
        options.min_duration_ns = self.options.min_duration_ns
        self.options = options
        self.functions.judge_anew(Filters(options, system.folder(),
                                          words.encode))

    # Threads and their profile functions.

    def unhook(self):
        """Give this thread's slot back."""
        thread = self.threads.get(get_ident())
        if thread is not None:
            thread.is_hooked = False
        setprofile(None)

    def this_thread(self):
        """The calling thread's, made when it is new."""
        thread = self.threads.get(get_ident())
        if thread is None:
            self.last_thread += 1
            thread = Thread(self, self.last_thread)
            self.threads[thread.ident] = thread
            self.locals.guard = Guard(thread)
            thread.block.ask(self.output is None)
            if self.main is None:
                self.main = thread
            self.refresh_names(thread)
        return thread

    def begin(self):
        """Record the calling thread, and later ones. Its hook."""
        thread = self.this_thread()
        thread.end_loss(self.clock())
        hook = thread.hook()
        setprofile(Muted(hook, None, self) if self.is_muted() else hook)
        return hook

    def adopt(self, frame, event, arg):
        """The profile function of a thread that is new to us, or whose own was
        replaced by this one."""
        thread = self.threads.get(get_ident())
        if (thread is not None
                and thread.kernel_id != system.kernel_thread_id()):
            self.thread_is_gone(thread)  # unheard: another has its ident now
        if self.is_over:
            self.unhook()
            return
        hook = self.begin()
        name = names.of_new_thread(frame)
        if name is not None:
            self.this_thread().set_name(name)
        hook(frame, event, arg)

    def adopt_thread(self, frame, event, arg):
        """The profile function that threading sets, in a thread whose
        _bootstrap() and _bootstrap_inner() run already."""
        if not self.is_over:
            self.this_thread().count_frames(2)
        self.adopt(frame, event, arg)

    def wait_for_program(self, frame, event, arg):
        """The profile function until the first frame of __main__."""
        if (event == "call" and frame.f_code.co_name == "<module>"
                and frame.f_globals.get("__name__") == "__main__"):
            self.process_name = names.of_program(frame.f_globals)
            self.open()
            if self.options.log_print:
                print_log.install(self)
            self.begin()(frame, event, arg)
            if _set_all_profiles is not None:
                self.hook_all_threads()

    def hook_all_threads(self):
        """From 3.12 on: also those that do not ask threading. Not when one has
        given its slot to another function: it could lose that."""
        for thread in list(self.threads.values()):
            if thread.is_lost():
                return
        for thread in list(self.threads.values()):
            thread.is_hooked = False
        # The interpreter walks its threads meanwhile: nothing may die, for what
        # then runs could let a thread end.
        kept = [thread.last_hook() for thread in list(self.threads.values())]
        _set_all_profiles(self.adopt)
        del kept
        self.begin()

    def ask_threading(self):
        """Before 3.12: have threading set a profile function."""
        module = names._modules.get("threading")
        variables = module.__dict__ if module is not None else {}
        if variables.get("_profile_hook", 0) is None:
            variables["_profile_hook"] = self.adopt_thread

    def leave_threading(self):
        module = names._modules.get("threading")
        variables = module.__dict__ if module is not None else {}
        if variables.get("_profile_hook") == self.adopt_thread:
            variables["_profile_hook"] = None

    def before_special(self, action):
        """A C function that means something is about to run."""
        if action in _START_FUNCTIONS:
            self.flush()
        if action == "exit":
            self._say(output.STATE_ENDED, output.STOP_EXIT_CALL)
        elif action == "exec":
            self._say(output.STATE_STOPPED, output.STOP_EXEC)
        elif action == "thread" and _set_all_profiles is None:
            self.ask_threading()
        elif action == "thread":
            # It is not to run before it is hooked.
            self.switch_interval = getswitchinterval()
            setswitchinterval(1)

    def after_special(self, action):
        """It has returned, or raised."""
        if action == "fork":
            self.follow_fork()
        elif action in ("exit", "exec"):
            self._say(output.STATE_RECORDING, output.STOP_NONE)
        elif action == "thread" and _set_all_profiles is not None:
            self.hook_all_threads()
            setswitchinterval(self.switch_interval)
            sleep(0)  # who waits for the interval begins to wait anew

    def _say(self, state, reason):
        """How the process is about to end."""
        if self.is_over or self.output is None:
            return
        self.output.state = state
        self.output.stop_reason = reason
        self.output.stop_tick = self.clock()
        self.output.mismatched_returns = self.mismatched_returns
        self.output.memory_bytes = sum([
            thread.block.size() for thread in list(self.threads.values())])
        self.output.publish()

    # The ends.

    def flush(self):
        """All that was recorded so far is in the file then."""
        if self.is_over:
            return
        for thread in list(self.threads.values()):
            if thread.ident == get_ident():
                thread.flush(self.clock())
            else:
                thread.save_copy()
        self.write_definitions()

    def thread_is_gone(self, thread):
        if self.threads.get(thread.ident) is not thread:
            return
        if thread is self.main:
            self.finish_at_exit()
        else:
            if not self.is_over:
                thread.end()
            self.threads.pop(thread.ident, None)

    def finish_at_exit(self):
        """No other thread runs any more; one may have had the lock."""
        if self.output is not None:
            self.output.lock = RLock()
            self.is_writing = False
        self.finish()

    def finish(self):
        """The end of recording: the file is complete."""
        self.follow_fork()
        if not self.is_over and self.output is not None:
            for thread in list(self.threads.values()):
                thread.finish()
            self.write_definitions()
        if not self.is_over and self.output is not None:
            self.output.section_size = self.output.end
            self._say(output.STATE_ENDED, self.output.stop_reason)
        self.is_over = True
        if self.on_end is not None:
            self.on_end()
            self.on_end = None

    def is_child(self):
        """Whether the process has forked since and this is not known yet."""
        return getpid() != self.pid

    def follow_fork(self):
        """In a forked child: begin a file of its own. What the calling thread
        has open goes on; other threads are not there any more."""
        if not self.is_child():
            return
        thread = self.threads.get(get_ident())
        if self.output is not None:
            self.parent_section = self.section
            has_file = True
        else:
            has_file = False
        self.output = None
        self._begin_section()
        self.functions.clear()
        if not self.options.processes:
            self.is_over = True
            if thread is not None:
                thread.block.ask(True)  # it gives its slot back
        if thread is None or self.is_over:
            return
        self._inherit(thread, has_file)
        self.last_thread = thread.number = 1
        self.main = self.threads[thread.ident] = thread

    def _inherit(self, thread, has_file):
        now = self.clock()
        calls, starts = thread.block.calls, thread.block.starts
        for i in range(len(calls)):
            if type(calls[i]) is int:
                calls[i] = abs_id(calls[i]), words.OPEN_INHERITED
            elif has_file:
                calls[i] = calls[i][0], calls[i][1] + words.OPEN_ANCESTOR
            starts[i] = now
        thread.kernel_id = system.kernel_thread_id()
        thread.name = None
        thread.begin(now)
        thread.block.ask(True)  # its file is made at the next event
        self.refresh_names(thread)


def start(folder, options, own_folder, is_launched):
    """The recorder of this interpreter from now on, which hooks nothing yet.
    The one before it, if any, has ended."""
    recorder = Recorder(folder, options, own_folder, is_launched)
    _PLACE[_KEY] = recorder
    register = getattr(posix, "register_at_fork", None)
    if register is not None:
        register(after_in_child=_follow_fork)
    return recorder


def _follow_fork():
    recorder = current()
    if recorder is not None:
        recorder.follow_fork()


def bootstrap(own_folder):
    """Record this process as the variables of its environment say."""
    environment = posix.environ
    folder = environment.get(b"VIZTRACER_RECORD_DIR")
    if not folder or current() is not None:
        return
    if not folder.startswith(b"/"):
        folder = system.folder() + b"/" + folder
    options = Options(environment.get(b"VIZTRACER_RECORD_OPTIONS", b""))
    if not options.processes and not first_process.claim(folder):
        return
    recorder = start(folder, options, own_folder, True)
    if options.include_startup:
        recorder.begin()
    else:
        setprofile(recorder.wait_for_program)
