// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/hooks_profile.c - hear of calls by the profile function of
 * each thread, 3.6 - 3.11.
 *
 * The function is set with no object, so that sys.getprofile() goes on to say
 * None. It is set in all threads that are there, and in each new one when the
 * call that started it returns. The program may take the slot for itself: then
 * there is a gap in our record, and we come back when the slot is free.
 */
#include "tracer/python/hooks.h"

#include <string.h>

#include "tracer/python/call_filter.h"
#include "tracer/python/frame_compat.h"
#include "tracer/python/functions.h"
#include "tracer/python/main_frame.h"
#include "tracer/python/profile_hook.h"
#include "tracer/python/profile_slot.h"
#include "tracer/python/recording.h"
#include "tracer/python/surroundings.h"

/* Which function the slots of this process hold; NULL while not recording. */
static Py_tracefunc installed_hook;

/* When the program took the calling thread's slot; 0 = it did not. Slow paths
 * only. */
static _Thread_local __attribute__((tls_model("global-dynamic")))
uint64_t gap_start_tick;
/* ... and how many Python functions were open then. */
static _Thread_local __attribute__((tls_model("global-dynamic")))
int64_t gap_frame_count;

/* A thread's first event: its name is in the frame of Thread._bootstrap. */
static void
name_new_thread(PyFrameObject *frame)
{
    PyObject *name = read_attribute(frame_code(frame), "co_name");
    PyObject *thread = frame_first_argument(frame);

    if (text_equals(name, "_bootstrap") && thread != NULL) {
        names_set_thread(thread);
    }
    Py_XDECREF(name);
}

struct thread_log *
profile_thread(PyFrameObject *frame)
{
    bool is_new = !recording_owns(thread_log_current);
    struct thread_log *log = recording_thread();

    if (log == NULL) {
        hooks_leave_if_over();
    } else if (is_new) {
        surroundings_look();
        name_new_thread(frame);
    }
    return log;
}

/*
 * What is rare stands in functions of its own, which the callbacks end in: so
 * they keep nothing in registers over a call, and need no frame of theirs.
 */
#define RARE static __attribute__((noinline, cold)) int

RARE
log_code_slowly(enum event_kind kind, PyFrameObject *frame)
{
    struct thread_log *log = profile_thread(frame);

    if (log != NULL) {
        recording_put(
            log, kind,
            function_find_code(frame_code(frame), frame_first_argument(frame)));
    }
    return 0;
}

RARE
log_entry_slowly(PyFrameObject *frame)
{
    return log_code_slowly(frame_entry_kind(frame), frame);
}

RARE
put_slowly(struct thread_log *log, uint64_t tag)
{
    thread_log_put_slowly(log, tag);
    return 0;
}

static inline int
put(struct thread_log *log, enum event_kind kind, uint64_t facts)
{
    uint64_t tag = function_tag(kind, facts);

    if (__builtin_expect(!thread_log_try_put(log, tag), 0)) {
        return put_slowly(log, tag);
    }
    return 0;
}

static inline uint64_t
find_code(PyFrameObject *frame)
{
    return function_table_find(recording.functions, frame_code(frame));
}

/* A generator's entry may be a resumption. */
static __attribute__((noinline)) int
log_generator_entry(struct thread_log *log, uint64_t facts,
                    PyFrameObject *frame)
{
    return put(log, frame_entry_kind(frame), facts);
}

static inline int
log_entry(PyFrameObject *frame)
{
    struct thread_log *log = thread_log_current;
    uint64_t facts = find_code(frame);

    if (__builtin_expect(!recording_owns(log) || function_id(facts) == 0, 0)) {
        return log_entry_slowly(frame);
    }
    if (facts & FUNCTION_IS_GENERATOR) {
        return log_generator_entry(log, facts, frame);
    }
    return put(log, EVENT_CALL, facts);
}

enum event_kind
profile_exit_kind(PyFrameObject *frame, PyObject *value)
{
    if (value == NULL) {
        return EVENT_UNWIND;
    }
    return frame_is_suspended(frame) ? EVENT_YIELD : EVENT_RETURN;
}

RARE
log_exit_slowly(PyFrameObject *frame, PyObject *value)
{
    return log_code_slowly(profile_exit_kind(frame, value), frame);
}

/* The kind of an exit that is no plain return, and what else is to be done. */
static __attribute__((noinline)) int
log_special_exit(struct thread_log *log, uint64_t facts, PyFrameObject *frame,
                 PyObject *value)
{
    recording_put(log, profile_exit_kind(frame, value), facts);
    if (facts & FUNCTION_CHANGES_SURROUNDINGS) {
        surroundings_look();
    }
    return 0;
}

static inline int
log_exit(PyFrameObject *frame, PyObject *value)
{
    struct thread_log *log = thread_log_current;
    uint64_t facts = find_code(frame);

    if (__builtin_expect(!recording_owns(log) || function_id(facts) == 0, 0)) {
        return log_exit_slowly(frame, value);
    }
    if (__builtin_expect(function_flags(facts) != 0, 0)) {
        return log_special_exit(log, facts, frame, value);
    }
    return put(log, value == NULL ? EVENT_UNWIND : EVENT_RETURN, facts);
}

static void set_hooks(Py_tracefunc hook);

__attribute__((noinline)) void
profile_see_c(enum event_kind kind, uint32_t flags)
{
    if ((flags & FUNCTION_STARTS_THREAD) && kind == EVENT_C_RETURN) {
        set_hooks(installed_hook);
    }
    if ((flags & FUNCTION_TAKES_SLOT) && kind == EVENT_C_CALL) {
        profile_slot_about_to_change();
    } else if (flags & FUNCTION_TAKES_SLOT) {
        gap_start_tick = 0; /* it has not: we hear of it */
    }
}

void
hooks_note_end(void)
{
    if (gap_start_tick != 0 && recording_thread() != NULL) {
        recorder_gap(recording.recorder, VZT_GAP_SLOT_TAKEN, gap_start_tick);
    }
    gap_start_tick = 0;
}

RARE
log_special_c(struct thread_log *log, enum event_kind kind, uint64_t facts)
{
    recording_put(log, kind, facts);
    profile_see_c(kind, function_flags(facts));
    return 0;
}

RARE
log_c_slowly(enum event_kind kind, PyObject *callable,
             const PyMethodDef *method)
{
    struct thread_log *log = recording_thread();

    return log != NULL
               ? log_special_c(log, kind, function_find_c(callable, method))
               : 0;
}

static inline int
log_c_function(enum event_kind kind, PyObject *callable)
{
    const PyMethodDef *method = ((PyCFunctionObject *)callable)->m_ml;
    struct thread_log *log = thread_log_current;
    uint64_t facts = function_table_find(recording.functions, method);

    if (__builtin_expect(
            !recording_owns(log) || function_id(facts) == 0
                || !function_agrees_plainly(facts, c_function_check(method)),
            0)) {
        return log_c_slowly(kind, callable, method);
    }
    return put(log, kind, facts);
}

/* Without C functions only the start of threads and the slot are of interest.
 * What is called like another function does no harm. */
void
profile_see_unrecorded_c(enum event_kind kind, PyObject *callable)
{
    const PyMethodDef *method = ((PyCFunctionObject *)callable)->m_ml;

    if (method->ml_name[0] == 's'
        && strncmp(method->ml_name, "start_new", 9) == 0) {
        profile_see_c(kind, FUNCTION_STARTS_THREAD);
    } else if (strcmp(method->ml_name, "setprofile") == 0
               || strcmp(method->ml_name, "enable") == 0) {
        profile_see_c(kind, FUNCTION_TAKES_SLOT);
    }
}

static int
on_event(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self;
    switch (what) {
    case PyTrace_CALL:
        return log_entry(frame);
    case PyTrace_RETURN:
        return log_exit(frame, argument);
    case PyTrace_C_CALL:
        return log_c_function(EVENT_C_CALL, argument);
    case PyTrace_C_RETURN:
        return log_c_function(EVENT_C_RETURN, argument);
    case PyTrace_C_EXCEPTION:
        return log_c_function(EVENT_C_RAISE, argument);
    }
    return 0;
}

static int
on_event_without_c(PyObject *self, PyFrameObject *frame, int what,
                   PyObject *argument)
{
    (void)self;
    switch (what) {
    case PyTrace_CALL:
        return log_entry(frame);
    case PyTrace_RETURN:
        return log_exit(frame, argument);
    case PyTrace_C_CALL:
        profile_see_unrecorded_c(EVENT_C_CALL, argument);
        break;
    case PyTrace_C_RETURN:
        profile_see_unrecorded_c(EVENT_C_RETURN, argument);
        break;
    case PyTrace_C_EXCEPTION:
        profile_see_unrecorded_c(EVENT_C_RAISE, argument);
        break;
    }
    return 0;
}

static Py_tracefunc
recording_hook(void)
{
    if (recording_is_filtered()) {
        return profile_filter_event;
    }
    return recording.options.has_c_functions ? on_event : on_event_without_c;
}

/* The first event after the program has given the slot back. */
static int
on_event_after_gap(PyObject *self, PyFrameObject *frame, int what,
                   PyObject *argument)
{
    PyThreadState *thread = PyThreadState_Get();
    struct thread_log *log = recording_thread();

    if (gap_start_tick != 0 && log != NULL) {
        recorder_gap(recording.recorder, VZT_GAP_SLOT_TAKEN, gap_start_tick);
        call_filter_catch_up(log, python_frame_count(thread)
                                      - (what == PyTrace_CALL)
                                      - gap_frame_count);
    }
    gap_start_tick = 0;
    thread->c_profilefunc = recording_hook();
    return thread->c_profilefunc(self, frame, what, argument);
}

/* Before the program's own code: wait for the first frame of __main__. */
static int
on_event_armed(PyObject *self, PyFrameObject *frame, int what,
               PyObject *argument)
{
    struct hooks *hooks = NULL;

    if (what != PyTrace_CALL || !main_frame_is_module(frame_code(frame))
        || !main_frame_has_globals(frame_globals(frame))) {
        return 0;
    }
    hooks = hooks_of_interpreter();
    if (hooks == NULL || !hooks_start(hooks)) {
        PyErr_Clear();
        return 0;
    }
    installed_hook(self, frame, what, argument);
    names_set_program(frame_globals(frame));
    return 0;
}

static bool
is_ours(Py_tracefunc hook)
{
    return hook == on_event || hook == on_event_without_c
           || hook == profile_filter_event || hook == on_event_armed
           || hook == on_event_after_gap;
}

/*
 * Put the hook (NULL: none) into the slots of all threads of this interpreter,
 * but for those that the program has taken.
 */
static void
set_hooks(Py_tracefunc hook)
{
    PyThreadState *thread =
        PyInterpreterState_ThreadHead(PyThreadState_Get()->interp);

    installed_hook = hook;
    for (; thread != NULL; thread = PyThreadState_Next(thread)) {
        Py_tracefunc held = thread->c_profilefunc;

        if (held == NULL || is_ours(held)) {
            thread->c_profilefunc =
                held == on_event_after_gap && hook != NULL ? held : hook;
            python_update_tracing(thread);
        }
    }
}

void
profile_slot_about_to_change(void)
{
    PyThreadState *thread = PyThreadState_Get();

    if (installed_hook != NULL && is_ours(thread->c_profilefunc)
        && gap_start_tick == 0) {
        gap_start_tick = recording_tick();
        gap_frame_count = python_frame_count(thread);
    }
}

int
profile_slot_restore(void *unused)
{
    PyThreadState *thread =
        PyInterpreterState_ThreadHead(PyThreadState_Get()->interp);

    (void)unused;
    if (installed_hook == NULL) {
        return 0;
    }
    for (; thread != NULL; thread = PyThreadState_Next(thread)) {
        if (thread->c_profilefunc == NULL) {
            thread->c_profilefunc = installed_hook == on_event_armed
                                        ? on_event_armed
                                        : on_event_after_gap;
            python_update_tracing(thread);
        }
    }
    return 0;
}

static bool
watch_slots_once(void)
{
    static bool is_watching; /* an audit hook is the process', and stays */

    if (!is_watching) {
        is_watching = profile_slot_watch();
    }
    return is_watching;
}

static bool
prepare(struct hooks *hooks)
{
    if (!hooks->is_prepared) {
        hooks->is_prepared =
            hooks_prepare_functions(hooks) && watch_slots_once();
    }
    return hooks->is_prepared;
}

bool
hooks_arm(struct hooks *hooks)
{
    if (!prepare(hooks)) {
        return false;
    }
    set_hooks(on_event_armed);
    return true;
}

bool
hooks_start(struct hooks *hooks)
{
    if (!prepare(hooks)) {
        return false;
    }
    set_hooks(recording_hook());
    hooks->is_hearing = true;
    recording.has_begun = true;
    return true;
}

bool
hooks_refresh(struct hooks *hooks)
{
    if (hooks->is_hearing) {
        set_hooks(recording_hook());
    }
    return true;
}

bool
hooks_stop(struct hooks *hooks)
{
    hooks->is_hearing = false;
    if (hooks->is_prepared) {
        set_hooks(NULL);
    }
    return true;
}
