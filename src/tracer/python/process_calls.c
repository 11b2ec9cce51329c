// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/process_calls.c - hear of the few C functions that end this
 * program or start another one, and of searches for our package.
 */
#include "tracer/python/process_calls.h"

#include "tracer/python/c_function_layout.h"
#include "tracer/python/code_names.h"
#include "tracer/python/own_code.h"
#include "tracer/python/package_finder.h"
#include "tracer/python/recording.h"
#include "tracer/python/unfollowed.h"

enum { ARGUMENT_COUNT_MAX = 6 };

/* The first positional arguments of a call, borrowed; the others are NULL. */
struct call_arguments {
    PyObject *items[ARGUMENT_COUNT_MAX];
};

struct watched_call {
    const char *module;
    const char *name;
    /* Either may be NULL. */
    void (*before)(const struct call_arguments *arguments);
    /* result is NULL when the call failed. */
    void (*after)(const struct call_arguments *arguments, PyObject *result);
};

/* ---- what is done ---- */

static void
before_exit(const struct call_arguments *arguments)
{
    (void)arguments;
    recording_leaving(VZT_STOP_EXIT_CALL);
}

/* It is here to tell: it failed. */
static void
after_exit(const struct call_arguments *arguments, PyObject *result)
{
    (void)arguments;
    (void)result;
    recording_leaving(VZT_STOP_NONE);
}

static bool
is_unfollowed_exec(const struct call_arguments *arguments)
{
    return unfollowed_program(arguments->items[0], arguments->items[1],
                              arguments->items[2]);
}

static void
before_exec(const struct call_arguments *arguments)
{
    if (is_unfollowed_exec(arguments)) {
        recording_count_unfollowed(1);
    }
    recording_leaving(VZT_STOP_EXEC);
}

static void
after_exec(const struct call_arguments *arguments, PyObject *result)
{
    (void)result;
    recording_leaving(VZT_STOP_NONE);
    if (is_unfollowed_exec(arguments)) {
        recording_count_unfollowed(-1);
    }
}

static void
after_spawn(const struct call_arguments *arguments, PyObject *result)
{
    if (result != NULL && is_unfollowed_exec(arguments)) {
        recording_count_unfollowed(1);
    }
}

/* The child may run a function of the program before. */
static void
before_fork_exec(const struct call_arguments *arguments)
{
    (void)arguments;
    recording_forks_to_exec(true);
}

/* fork_exec(arguments, programs, close_fds, fds, folder, environment, ...) */
static void
after_fork_exec(const struct call_arguments *arguments, PyObject *result)
{
    recording_forks_to_exec(false);
    if (result != NULL
        && unfollowed_program(arguments->items[1], arguments->items[0],
                              arguments->items[5])) {
        recording_count_unfollowed(1);
    }
}

/* What an import asks first, before it looks along sys.path. */
static void
before_is_builtin(const struct call_arguments *arguments)
{
    package_finder_offer(arguments->items[0]);
    PyErr_Clear();
}

/*
 * From 3.14 on finders that is_builtin would add are too late for this search,
 * so they are added where the import takes the lock of the module: in a
 * function that has its name.
 */
static void
before_acquire_lock(const struct call_arguments *arguments)
{
    PyObject *frame = (PyObject *)PyEval_GetFrame(); /* borrowed */
    PyObject *code = frame != NULL ? read_attribute(frame, "f_code") : NULL;
    PyObject *function = code != NULL ? read_attribute(code, "co_name") : NULL;
    PyObject *variables = NULL;
    PyObject *key = NULL;
    PyObject *name = NULL;

    (void)arguments;
    if (text_equals(function, "_get_module_lock")) {
        variables = read_attribute(frame, "f_locals");
        key = PyUnicode_FromString("name");
    }
    if (variables != NULL && key != NULL) {
        name = PyObject_GetItem(variables, key);
    }
    package_finder_offer(name);
    PyErr_Clear();
    Py_XDECREF(name);
    Py_XDECREF(key);
    Py_XDECREF(variables);
    Py_XDECREF(function);
    Py_XDECREF(code);
}

static const struct watched_call watched_calls[] = {
    {"posix", "_exit", before_exit, after_exit},
    {"posix", "execv", before_exec, after_exec},
    {"posix", "execve", before_exec, after_exec},
    {"posix", "posix_spawn", NULL, after_spawn},
    {"posix", "posix_spawnp", NULL, after_spawn},
    {"_posixsubprocess", "fork_exec", before_fork_exec, after_fork_exec},
    {"_imp", "is_builtin", before_is_builtin, NULL},
    {"_imp", "acquire_lock", before_acquire_lock, NULL},
};

enum { WATCHED_COUNT = sizeof watched_calls / sizeof watched_calls[0] };

/* Each as the interpreter has it; NULL = not watched. All interpreters of the
 * process share them, so they are written once. */
static PyMethodDef *definitions[WATCHED_COUNT];
static PyCFunction originals[WATCHED_COUNT];

/* ---- how calls come here ---- */

/* The kinds of C functions, by what they get. */
typedef PyObject *fast_function(PyObject *self, PyObject *const *items,
                                Py_ssize_t count);
typedef PyObject *keyword_function(PyObject *self, PyObject *const *items,
                                   Py_ssize_t count, PyObject *names);

static void
see_before(size_t i, const struct call_arguments *arguments)
{
    if (watched_calls[i].before != NULL) {
        watched_calls[i].before(arguments);
    }
}

static PyObject *
see_after(size_t i, const struct call_arguments *arguments, PyObject *result)
{
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *traceback = NULL;

    if (watched_calls[i].after == NULL) {
        return result;
    }
    PyErr_Fetch(&type, &value, &traceback);
    watched_calls[i].after(arguments, result);
    PyErr_Restore(type, value, traceback);
    return result;
}

static struct call_arguments
first_arguments(PyObject *const *items, Py_ssize_t count)
{
    struct call_arguments arguments = {{NULL}};

    for (Py_ssize_t i = 0; i < count && i < ARGUMENT_COUNT_MAX; i++) {
        arguments.items[i] = items[i];
    }
    return arguments;
}

/* given is the tuple of the arguments, or (METH_O) the only one, or NULL. */
static PyObject *
call_plain(size_t i, PyObject *self, PyObject *given)
{
    struct call_arguments arguments = {{given}};

    if (definitions[i]->ml_flags & METH_VARARGS) {
        Py_ssize_t count = PyTuple_Size(given);

        arguments.items[0] = NULL;
        for (Py_ssize_t n = 0; n < count && n < ARGUMENT_COUNT_MAX; n++) {
            arguments.items[n] = PyTuple_GetItem(given, n); /* borrowed */
        }
    }
    see_before(i, &arguments);
    return see_after(i, &arguments, originals[i](self, given));
}

static PyObject *
call_fast(size_t i, PyObject *self, PyObject *const *items, Py_ssize_t count)
{
    fast_function *original = (fast_function *)(void (*)(void))originals[i];
    struct call_arguments arguments = first_arguments(items, count);

    see_before(i, &arguments);
    return see_after(i, &arguments, original(self, items, count));
}

static PyObject *
call_with_keywords(size_t i, PyObject *self, PyObject *const *items,
                   Py_ssize_t count, PyObject *names)
{
    keyword_function *original =
        (keyword_function *)(void (*)(void))originals[i];
    struct call_arguments arguments = first_arguments(items, count);

    see_before(i, &arguments);
    return see_after(i, &arguments, original(self, items, count, names));
}

/* A C function gets nothing that says which it is: one for each. */
#define FUNCTIONS(i)                                                     \
    static PyObject *plain_##i(PyObject *self, PyObject *given)          \
    {                                                                    \
        return call_plain(i, self, given);                               \
    }                                                                    \
    static PyObject *fast_##i(PyObject *self, PyObject *const *items,    \
                              Py_ssize_t count)                          \
    {                                                                    \
        return call_fast(i, self, items, count);                         \
    }                                                                    \
    static PyObject *keyword_##i(PyObject *self, PyObject *const *items, \
                                 Py_ssize_t count, PyObject *names)      \
    {                                                                    \
        return call_with_keywords(i, self, items, count, names);         \
    }

FUNCTIONS(0)
FUNCTIONS(1)
FUNCTIONS(2)
FUNCTIONS(3)
FUNCTIONS(4)
FUNCTIONS(5)
FUNCTIONS(6)
FUNCTIONS(7)

static const struct {
    PyCFunction plain;
    fast_function *fast;
    keyword_function *keyword;
} replacements[] = {
    {plain_0, fast_0, keyword_0}, {plain_1, fast_1, keyword_1},
    {plain_2, fast_2, keyword_2}, {plain_3, fast_3, keyword_3},
    {plain_4, fast_4, keyword_4}, {plain_5, fast_5, keyword_5},
    {plain_6, fast_6, keyword_6}, {plain_7, fast_7, keyword_7},
};

_Static_assert(sizeof replacements / sizeof replacements[0]
                   == (size_t)WATCHED_COUNT,
               "each has functions of its own");

/* Ours for a function that is called with these flags; NULL = not known. */
static PyCFunction
find_replacement(size_t i, int flags)
{
    if (flags == METH_VARARGS || flags == METH_O || flags == METH_NOARGS) {
        return replacements[i].plain;
    }
    if (flags == PYTHON_FAST_CALL_WITH_KEYWORDS) {
        return (PyCFunction)(void (*)(void))replacements[i].keyword;
    }
    if (flags == PYTHON_FAST_CALL) {
        return (PyCFunction)(void (*)(void))replacements[i].fast;
    }
    return NULL;
}

static void
watch(size_t i, PyObject *function)
{
    PyMethodDef *definition = NULL;
    PyCFunction original = NULL;
    PyCFunction replacement = NULL;

    if (Py_TYPE(function) != &PyCFunction_Type) {
        return; /* the program's own by now */
    }
    definition = ((struct c_function_layout *)function)->definition;
    original = definition->ml_meth;
    replacement = find_replacement(i, definition->ml_flags);
    if (replacement == NULL || own_code_is_method(definition)) {
        return;
    }
    definitions[i] = definition;
    __atomic_store_n(&originals[i], original, __ATOMIC_RELEASE);
    /* Another interpreter may have been here, with the same values. */
    (void)__atomic_compare_exchange_n(&definition->ml_meth, &original,
                                      replacement, false, __ATOMIC_RELEASE,
                                      __ATOMIC_RELAXED);
}

bool
process_calls_is_watched(const PyMethodDef *definition)
{
    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        if (definitions[i] == definition) {
            return true;
        }
    }
    return false;
}

void
process_calls_watch(void)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */

    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        PyObject *module = NULL;
        PyObject *function = NULL;

        if (__atomic_load_n(&originals[i], __ATOMIC_ACQUIRE) != NULL) {
            continue;
        }
        module = PyDict_GetItemString(modules, watched_calls[i].module);
        function = module != NULL
                       ? PyObject_GetAttrString(module, watched_calls[i].name)
                       : NULL;
        if (function != NULL) {
            watch(i, function);
            Py_DECREF(function);
        }
        PyErr_Clear();
    }
}
