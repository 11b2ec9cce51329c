// SPDX-License-Identifier: Apache-2.0
/*
 * export/pstats.h - what cProfile's dump_stats writes, for Python's pstats,
 * snakeviz and gprof2dot: marshal of
 *
 *     {(file, line, name): (primitive calls, calls, self, total,
 *                           {caller: (calls, primitive calls, self, total)})}
 *
 * with seconds as floats (Lib/profile.py, Lib/pstats.py; the format of marshal
 * is that of Python/marshal.c, version 2, which every Python 3 reads). A
 * function without a file is ("~", 0, name), as cProfile has those in C.
 */
#ifndef EXPORT_PSTATS_H
#define EXPORT_PSTATS_H

#include "export/exporter.h"

extern const struct exporter pstats_exporter;

#endif
