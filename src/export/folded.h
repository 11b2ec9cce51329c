// SPDX-License-Identifier: Apache-2.0
/*
 * export/folded.h - folded stacks: one line for each path of calls that took
 * time of its own, its functions joined by ";", the outermost first, a blank
 * and that time in nanoseconds. flamegraph.pl, inferno and speedscope read it.
 * The same path on several threads is one line.
 */
#ifndef EXPORT_FOLDED_H
#define EXPORT_FOLDED_H

#include "export/exporter.h"

extern const struct exporter folded_exporter;

#endif
