// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/program_marks.h - what a program itself puts into its trace:
 * instants, counters, objects. Methods of _tracer.Tracer.
 *
 * Wrong arguments raise whether anything is recorded or not; while nothing is,
 * right ones do nothing. Values become JSON as value_json.h says.
 */
#ifndef TRACER_PYTHON_PROGRAM_MARKS_H
#define TRACER_PYTHON_PROGRAM_MARKS_H

#include "tracer/python/python_compat.h"

PyObject *program_marks_instant(PyObject *self, PyObject *arguments,
                                PyObject *keywords);
PyObject *program_marks_counter(PyObject *self, PyObject *arguments,
                                PyObject *keywords);
PyObject *program_marks_object(PyObject *self, PyObject *arguments,
                               PyObject *keywords);

#endif
