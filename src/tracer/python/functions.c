// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/functions.c - from code objects and C functions to ids.
 */
#include "tracer/python/functions.h"

#include <errno.h>
#include <string.h>

#include "tracer/python/code_names.h"
#include "tracer/python/code_watch.h"
#include "tracer/python/own_code.h"
#include "tracer/python/print_log.h"
#include "tracer/python/process_calls.h"
#include "tracer/python/recording.h"
#include "tracer/python/source_files.h"
#include "tracer/python/surroundings.h"
#include "tracer/python/type_access.h"

enum {
    CODE_GENERATOR = 0x20, /* co_flags, see the inspect module */
    CODE_COROUTINE = 0x80,
    CODE_ASYNC_GENERATOR = 0x200,
};

bool
functions_prepare(void)
{
    if (!type_access_prepare() || !code_watch_prepare()) {
        return false;
    }
    process_calls_watch();
    return true;
}

static bool
ends_with(struct text_span text, const char *end)
{
    size_t size = strlen(end);

    return text.size >= size
           && memcmp(text.data + text.size - size, end, size) == 0;
}

/* The setter of Thread.name, by whatever name a version has it, and the body of
 * the module greenlet. */
static bool
changes_surroundings(const struct function_definition *definition)
{
    return (ends_with(definition->file, "/threading.py")
            && (ends_with(definition->name, "name")
                || ends_with(definition->name, "setName")))
           || (ends_with(definition->file, "/greenlet/__init__.py")
               && ends_with(definition->name, "<module>"));
}

static uint32_t
code_function_flags(PyObject *code,
                    const struct function_definition *definition)
{
    PyObject *value = read_attribute(code, "co_flags");
    long code_flags = value != NULL ? PyLong_AsLong(value) : 0;
    uint32_t flags = 0;

    Py_XDECREF(value);
    if (code_flags & (CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR)) {
        flags |= FUNCTION_IS_GENERATOR;
    }
    if (changes_surroundings(definition)) {
        flags |= FUNCTION_CHANGES_SURROUNDINGS;
    }
    return flags;
}

/* A function that a file filter rejects hides what it calls, a module's body
 * does not: most of a program is called from one. */
static uint32_t
rejected_flags(const struct function_definition *definition)
{
    static const char module[] = "<module>";
    bool is_module =
        definition->name.size == sizeof module - 1
        && memcmp(definition->name.data, module, sizeof module - 1) == 0;

    return is_module || recording.options.keeps_descendants ? 0
                                                            : FUNCTION_HIDES;
}

static void
define_code(PyObject *code, PyObject *first_argument)
{
    struct function_text text = {0};
    uint32_t flags = 0;

    if (!code_watch(code)) {
        return;
    }
    describe_code(&text, code, first_argument);
    if (own_code_is_file(text.definition.file)) {
        recording_hide(code, NULL, FUNCTION_IS_OWN);
        function_text_release(&text);
        return;
    }
    if (ends_with(text.definition.file, "/subprocess.py")) {
        process_calls_watch(); /* what it has imported */
    }
    flags = code_function_flags(code, &text.definition);
    if (recording_ignores(code)) {
        recording_hide(code, NULL, flags | FUNCTION_HIDES);
    } else if (!file_filter_accepts(&recording.files, text.definition.file)) {
        recording_hide(code, NULL, flags | rejected_flags(&text.definition));
    } else {
        source_file_record(text.definition.file);
        recording_define(code, NULL, flags, &text.definition);
    }
    surroundings_look();
    function_text_release(&text);
}

uint64_t
function_find_code(PyObject *code, PyObject *first_argument)
{
    uint64_t facts = function_table_look(recording.functions, code);
    int saved_errno = errno;

    if (facts == 0) {
        define_code(code, first_argument);
        facts = function_table_look(recording.functions, code);
    }
    errno = saved_errno;
    return facts;
}

static uint32_t
c_function_flags(const struct function_text *text)
{
    const char *name = text->name.data;

    if (strcmp(name, "_thread.start_new_thread") == 0
        || strcmp(name, "_thread.start_new") == 0) {
        return FUNCTION_STARTS_THREAD;
    }
    if (strcmp(name, "sys.setprofile") == 0
        || strcmp(name, "Profiler.enable") == 0) {
        return FUNCTION_TAKES_SLOT;
    }
    return 0;
}

static void
define_c_function(PyObject *callable, const PyMethodDef *method,
                  const void *key)
{
    struct function_text text = {0};

    if (own_code_is_method(method) && !print_log_is_print(method)
        && !process_calls_is_watched(method)) {
        recording_hide(key, c_function_check(method), FUNCTION_IS_OWN);
        return;
    }
    describe_c_function(&text, callable);
    if (buffer_is_ok(&text.name)) {
        recording_define(key, c_function_check(method), c_function_flags(&text),
                         &text.definition);
    }
    function_text_release(&text);
}

/*
 * The __new__ methods of all types written in C share one definition, so they
 * are told apart by their type. The definition itself is never in the table,
 * which is why each of their calls comes here.
 */
static const void *
key_of(PyObject *callable, const PyMethodDef *method)
{
    PyObject *self = NULL;

    if (strcmp(method->ml_name, "__new__") != 0
        || !PyCFunction_Check(callable)) {
        return method;
    }
    self = PyCFunction_GetSelf(callable); /* borrowed */
    if (self == NULL || !PyType_Check(self)) {
        PyErr_Clear();
        return method;
    }
    return (const char *)self + 1; /* an odd address: no other object's */
}

uint64_t
function_find_c(PyObject *callable, const PyMethodDef *method)
{
    const void *key = key_of(callable, method);
    const void *check = c_function_check(method);
    uint64_t facts = function_table_look(recording.functions, key);
    int saved_errno = errno;

    if (facts == 0 || !function_agrees(facts, check)) {
        define_c_function(callable, method, key);
        facts = function_table_look(recording.functions, key);
        if (!function_agrees(facts, check)) {
            facts = 0; /* still that of a function that is gone */
        }
    }
    errno = saved_errno;
    return facts;
}

bool
function_ignore(PyObject *code)
{
    if (!code_watch(code) || !recording_ignore(code)) {
        PyErr_NoMemory();
        return false;
    }
    return true;
}
