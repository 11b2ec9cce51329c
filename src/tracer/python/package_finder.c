// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/package_finder.c - let a program that the command records
 * import viztracer also where the package is not installed.
 */
#include "tracer/python/package_finder.h"

#include <string.h>

#include "tracer/python/code_names.h"
#include "tracer/python/own_code.h"
#include "tracer/python/recording.h"

static const char package_name[] = "viztracer";
static const char finder_name[] = "PackageFinder";

/* [the folder that the package stands in] */
static PyObject *
search_path(void)
{
    const char *folder = own_code_folder();
    const char *slash = strrchr(folder, '/');
    PyObject *path = PyList_New(1);
    PyObject *parent = NULL;

    if (path == NULL || slash == NULL) {
        return path;
    }
    parent = PyUnicode_DecodeFSDefaultAndSize(folder, slash - folder);
    if (parent == NULL) {
        Py_DECREF(path);
        return NULL;
    }
    PyList_SetItem(path, 0, parent); /* stolen */
    return path;
}

/* Ask the finder of sys.path, with a path of our own. */
static PyObject *
find_package(PyObject *name)
{
    PyObject *modules = PyImport_GetModuleDict(); /* borrowed */
    PyObject *module =
        PyDict_GetItemString(modules, "_frozen_importlib_external");
    PyObject *finder = NULL;
    PyObject *path = NULL;
    PyObject *spec = NULL;

    if (module == NULL) {
        Py_INCREF(Py_None);
        return Py_None;
    }
    finder = PyObject_GetAttrString(module, "PathFinder");
    path = search_path();
    if (finder != NULL && path != NULL) {
        spec = PyObject_CallMethod(finder, "find_spec", "OO", name, path);
    }
    Py_XDECREF(path);
    Py_XDECREF(finder);
    return spec;
}

static PyObject *
finder_find_spec(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"fullname", "path", "target", NULL};
    PyObject *name = NULL;
    PyObject *path = NULL;
    PyObject *target = NULL;

    (void)self;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|OO:find_spec",
                                     names, &name, &path, &target)) {
        return NULL;
    }
    if (PyUnicode_Check(name) && text_equals(name, package_name)) {
        return find_package(name);
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static PyMethodDef finder_methods[] = {
    {"find_spec", (PyCFunction)(void (*)(void))finder_find_spec,
     METH_VARARGS | METH_KEYWORDS, "Where the package viztracer is."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot finder_slots[] = {
    {Py_tp_doc, "Finds the package viztracer of the command that records."},
    {Py_tp_methods, finder_methods},
    {0, NULL},
};

static PyType_Spec finder_spec = {
    .name = "viztracer._tracer.PackageFinder",
    .basicsize = sizeof(PyObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = finder_slots,
};

/* Each interpreter has its own list. */
static bool
has_finder(PyObject *finders)
{
    for (Py_ssize_t i = 0; i < PyList_Size(finders); i++) {
        PyObject *finder = PyList_GetItem(finders, i); /* borrowed */
        PyObject *name =
            PyObject_GetAttrString((PyObject *)Py_TYPE(finder), "__name__");
        bool is_ours = name != NULL && text_equals(name, finder_name);

        Py_XDECREF(name);
        if (is_ours) {
            return true;
        }
    }
    return false;
}

static void
add_finder(PyObject *finders)
{
    PyObject *type = PyType_FromSpec(&finder_spec);
    PyObject *finder = NULL;

    if (type != NULL) {
        finder = PyObject_CallObject(type, NULL);
        Py_DECREF(type);
    }
    if (finder != NULL) {
        (void)PyList_Append(finders, finder);
        Py_DECREF(finder);
    }
}

void
package_finder_offer(PyObject *name)
{
    PyObject *finders = NULL;

    if (!recording.is_launched || name == NULL || !PyUnicode_Check(name)
        || !text_equals(name, package_name)) {
        return;
    }
    finders = PySys_GetObject("meta_path"); /* borrowed */
    if (finders != NULL && PyList_Check(finders) && !has_finder(finders)) {
        add_finder(finders);
    }
}
