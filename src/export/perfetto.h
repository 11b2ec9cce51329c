// SPDX-License-Identifier: Apache-2.0
/*
 * export/perfetto.h - a trace for ui.perfetto.dev and trace_processor, as
 * protocol buffers: tracks, slices with the place of their function, instants
 * and objects with their arguments as JSON, counters. Fields are those of
 * protos/perfetto/trace/trace.proto of Perfetto; times are nanoseconds of
 * CLOCK_MONOTONIC.
 */
#ifndef EXPORT_PERFETTO_H
#define EXPORT_PERFETTO_H

#include "export/exporter.h"

extern const struct exporter perfetto_exporter;

#endif
