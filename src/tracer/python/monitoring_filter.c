// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/monitoring_filter.c - the callbacks that filter, from 3.12.
 *
 * Where a filter makes a place in the program inert they answer DISABLE, and
 * it costs nothing more. PY_THROW and PY_UNWIND cannot be disabled. Of a CALL
 * that is disabled, the C_RETURN of the same call still comes; later ones do
 * not.
 */
#include "tracer/python/monitoring_callback.h"

#include "tracer/python/call_filter.h"
#include "tracer/python/filter_place.h"
#include "tracer/python/functions.h"
#include "tracer/python/recording.h"
#include "tracer/python/surroundings.h"

static __attribute__((noinline)) bool
find_place_slowly(struct filter_place *place, PyObject *code)
{
    place->log = monitoring_thread(code);
    if (place->log != NULL) {
        place->function = function_find_code(code, NULL);
    }
    return place->log != NULL && place->function != 0;
}

static inline bool
find_place(struct filter_place *place, PyObject *code)
{
    *place = (struct filter_place){
        .log = thread_log_current,
        .function = function_table_find(recording.functions, code)};
    return (recording_owns(place->log) && place->function != 0)
           || find_place_slowly(place, code);
}

/* "No more of this event at this place." */
static PyObject *
disable(PyObject *callback)
{
    PyObject *answer = ((struct callback *)callback)->hooks->disable;

    Py_INCREF(answer);
    return answer;
}

static inline bool
is_exit(enum event_kind kind)
{
    return kind == EVENT_RETURN || kind == EVENT_YIELD || kind == EVENT_UNWIND;
}

static inline PyObject *
filter_code(enum event_kind kind, PyObject *self, PyObject *const *arguments)
{
    struct filter_place place;
    bool is_special = false;

    if (!find_place(&place, arguments[ARGUMENT_CODE])) {
        return Py_None;
    }
    if (!is_exit(kind)) {
        if (call_filter_enter(place.log, place.function)) {
            recording_put(place.log, kind, place.function);
        }
    } else if (call_filter_leave(place.log, place.function)) {
        recording_put_exit(place.log, kind, place.function);
    }
    is_special = (place.function & FUNCTION_CHANGES_SURROUNDINGS) != 0;
    if (is_special && kind == EVENT_RETURN) {
        surroundings_look();
    }
    return call_filter_is_inert(place.function) && !is_special
                   && kind != EVENT_THROW_IN && kind != EVENT_UNWIND
               ? disable(self)
               : Py_None;
}

static inline PyObject *
filter_c_function(enum event_kind kind, PyObject *self,
                  PyObject *const *arguments)
{
    const PyMethodDef *method =
        reported_method(((struct callback *)self)->hooks, arguments);
    uint64_t facts = 0;
    struct filter_place place;
    bool is_inert = false;

    if (!find_place(&place, arguments[ARGUMENT_CODE])) {
        return Py_None;
    }
    if (method != NULL) {
        facts = filter_find_c(arguments[ARGUMENT_CALLABLE], method);
    }
    is_inert = call_filter_is_inert_caller(place.function);
    if (facts != 0 && !is_inert && !(facts & FUNCTION_IS_OWN)) {
        filter_log_c(kind, &place, facts);
    }
    return is_inert && kind == EVENT_C_CALL ? disable(self) : Py_None;
}

CALLBACK(on_start, filter_code(EVENT_CALL, self, arguments))
CALLBACK(on_resume, filter_code(EVENT_RESUME, self, arguments))
CALLBACK(on_throw, filter_code(EVENT_THROW_IN, self, arguments))
CALLBACK(on_return, filter_code(EVENT_RETURN, self, arguments))
CALLBACK(on_yield, filter_code(EVENT_YIELD, self, arguments))
CALLBACK(on_unwind, filter_code(EVENT_UNWIND, self, arguments))
CALLBACK(on_call, filter_c_function(EVENT_C_CALL, self, arguments))
CALLBACK(on_c_return, filter_c_function(EVENT_C_RETURN, self, arguments))
CALLBACK(on_c_raise, filter_c_function(EVENT_C_RAISE, self, arguments))

const vectorcallfunc monitoring_filter_callbacks[HOOKS_EVENT_COUNT] = {
    on_start,  on_resume, on_throw,    on_return, on_yield,
    on_unwind, on_call,   on_c_return, on_c_raise};
