// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/profile_filter.c - the profile function that filters,
 * 3.6 - 3.11.
 */
#include "tracer/python/profile_hook.h"

#include "tracer/python/call_filter.h"
#include "tracer/python/filter_place.h"
#include "tracer/python/frame_compat.h"
#include "tracer/python/functions.h"
#include "tracer/python/recording.h"
#include "tracer/python/surroundings.h"

static bool
find_place(struct filter_place *place, PyFrameObject *frame)
{
    PyObject *code = frame_code(frame);

    *place = (struct filter_place){
        .log = thread_log_current,
        .function = function_table_find(recording.functions, code)};
    if (recording_owns(place->log) && place->function != 0) {
        return true;
    }
    place->log = profile_thread(frame);
    if (place->log != NULL) {
        place->function = function_find_code(code, frame_first_argument(frame));
    }
    return place->log != NULL && place->function != 0;
}

static void
filter_entry(PyFrameObject *frame)
{
    struct filter_place place;

    if (find_place(&place, frame)
        && call_filter_enter(place.log, place.function)) {
        recording_put(place.log,
                      place.function & FUNCTION_IS_GENERATOR
                          ? frame_entry_kind(frame)
                          : EVENT_CALL,
                      place.function);
    }
}

static void
filter_exit(PyFrameObject *frame, PyObject *value)
{
    struct filter_place place;

    if (!find_place(&place, frame)) {
        return;
    }
    if (call_filter_leave(place.log, place.function)) {
        recording_put_exit(place.log, profile_exit_kind(frame, value),
                           place.function);
    }
    if (place.function & FUNCTION_CHANGES_SURROUNDINGS) {
        surroundings_look();
    }
}

static void
filter_c_function(enum event_kind kind, PyFrameObject *frame,
                  PyObject *callable)
{
    uint64_t facts = 0;
    struct filter_place place;

    if (!recording.options.has_c_functions) {
        profile_see_unrecorded_c(kind, callable);
        return;
    }
    if (!find_place(&place, frame)) {
        return;
    }
    facts = filter_find_c(callable, ((PyCFunctionObject *)callable)->m_ml);
    if (facts == 0) {
        return;
    }
    if (!(facts & FUNCTION_IS_OWN)
        && !call_filter_is_inert_caller(place.function)) {
        filter_log_c(kind, &place, facts);
    }
    profile_see_c(kind, function_flags(facts));
}

int
profile_filter_event(PyObject *self, PyFrameObject *frame, int what,
                     PyObject *argument)
{
    (void)self;
    switch (what) {
    case PyTrace_CALL:
        filter_entry(frame);
        break;
    case PyTrace_RETURN:
        filter_exit(frame, argument);
        break;
    case PyTrace_C_CALL:
        filter_c_function(EVENT_C_CALL, frame, argument);
        break;
    case PyTrace_C_RETURN:
        filter_c_function(EVENT_C_RETURN, frame, argument);
        break;
    case PyTrace_C_EXCEPTION:
        filter_c_function(EVENT_C_RAISE, frame, argument);
        break;
    }
    return 0;
}
