// SPDX-License-Identifier: Apache-2.0
/*
 * export/callgrind.h - the format of callgrind, for kcachegrind and
 * callgrind_annotate: nanoseconds of each function and of each pair of caller
 * and callee (https://valgrind.org/docs/manual/cl-format.html). All cost of a
 * function stands at the line where it is defined.
 */
#ifndef EXPORT_CALLGRIND_H
#define EXPORT_CALLGRIND_H

#include "export/exporter.h"

extern const struct exporter callgrind_exporter;

#endif
