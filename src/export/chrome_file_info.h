// SPDX-License-Identifier: Apache-2.0
/*
 * export/chrome_file_info.h - the sources of a trace as "file_info":
 *
 *     {"files": {path: [text, number of newlines]},
 *      "functions": {name of an event: [path, line]}}
 */
#ifndef EXPORT_CHROME_FILE_INFO_H
#define EXPORT_CHROME_FILE_INFO_H

#include <stdbool.h>

struct chrome_sink;
struct error;

/* Write the object. Only sources that the trace has in whole, and functions
 * that lie in one of them and were called. */
bool chrome_file_info_write(struct chrome_sink *sink, struct error *err);

#endif
