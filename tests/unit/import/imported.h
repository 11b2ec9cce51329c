// SPDX-License-Identifier: Apache-2.0
/*
 * unit/import/imported.h - what an import of some bytes gives, as text.
 *
 * Whatever fails is a failure of the running test.
 */
#ifndef UNIT_IMPORT_IMPORTED_H
#define UNIT_IMPORT_IMPORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "import/chrome_json.h"

struct trace_model;

/* {0} is empty. */
struct imported {
    struct imported_trace trace;
    struct trace_model *model; /* NULL when the import failed */
    struct error error;
};

/* Import size bytes and open what comes of them. NULL options are defaults. */
struct imported imported_from(const void *data, size_t size,
                              const struct chrome_json_options *options);
struct imported imported_from_text(const char *json);
struct imported imported_from_file(const char *path,
                                   const struct chrome_json_options *options);

void imported_release(struct imported *imported);

/* gzip of some bytes; the caller frees. */
unsigned char *gzip_of(const void *data, size_t size, size_t *gzip_size);

/*
 * All that there is, a line each; times are from the trace's first event:
 *
 *     process 812 MainProcess
 *     thread 812 main
 *     0 100+50 f (/w/a.py:3) {"func_args":{}}
 *     1 120+? g
 *     > name of an arrow to thread 813 300 0
 *     instant 130 p hello null
 *     object 140 O 7 stack {"snapshot":{"depth":3}}
 *     counter cnt a 150=1.5
 *
 * The caller frees.
 */
char *imported_text(const struct imported *imported);

/* The same, threads of a process by their ids. */
char *imported_text_by_id(const struct imported *imported);

/* Import the text, and compare. */
void expect_import(const char *json, const char *expected);

/* Some note has this in it. */
bool has_note(const struct imported *imported, const char *part);

#endif
