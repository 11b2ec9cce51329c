// SPDX-License-Identifier: Apache-2.0
/*
 * export/chrome_json.h - the Chrome trace event format, as VizTracer shapes
 * it: chrome://tracing, Perfetto and VizTracer's own viewer read it.
 *
 *     {"traceEvents": [metadata, calls, instants, objects, flows, counters],
 *      "viztracer_metadata": {...}, "file_info": {...}}
 *
 * Times are microseconds of CLOCK_MONOTONIC with three decimals, so reports of
 * one boot can be merged as they are. The metadata have what recording took
 * (model/recording_facts.h), where that is known. Memory does not depend on how
 * many events there are. Arguments of an instant that are no JSON become a
 * string.
 */
#ifndef EXPORT_CHROME_JSON_H
#define EXPORT_CHROME_JSON_H

#include "export/exporter.h"

extern const struct exporter chrome_json_exporter;

#endif
