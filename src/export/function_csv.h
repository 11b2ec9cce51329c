// SPDX-License-Identifier: Apache-2.0
/*
 * export/function_csv.h - one line for each function that was called, as comma
 * separated values (RFC 4180), the one with the most time of its own first:
 *
 *     name,file,line,kind,calls,total_ns,self_ns,min_ns,max_ns,unfinished
 *
 * The columns are those of struct profile_function. Names are sanitised; one
 * that a spreadsheet would take for a formula has a "'" before it.
 */
#ifndef EXPORT_FUNCTION_CSV_H
#define EXPORT_FUNCTION_CSV_H

#include "export/exporter.h"

extern const struct exporter csv_exporter;

#endif
