// SPDX-License-Identifier: Apache-2.0
/*
 * export/speedscope.h - the file format of speedscope: one evented profile for
 * each track, in nanoseconds from the start of the trace. Described by
 * https://www.speedscope.app/file-format-schema.json. Instants, counters and
 * arguments have no place in it.
 */
#ifndef EXPORT_SPEEDSCOPE_H
#define EXPORT_SPEEDSCOPE_H

#include "export/exporter.h"

extern const struct exporter speedscope_exporter;

#endif
