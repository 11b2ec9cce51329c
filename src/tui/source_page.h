// SPDX-License-Identifier: Apache-2.0
/*
 * tui/source_page.h - a file with what the trace knows of it: which lines
 * define functions that were called, and which lines call which of them.
 *
 * Where a function is defined is exact. A call is inferred: somewhere in the
 * trace the function called another one, and the name of that one stands
 * before a "(" in its body. So a line may have several candidates, or wrong
 * ones, and calls by another name are not seen.
 */
#ifndef TUI_SOURCE_PAGE_H
#define TUI_SOURCE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"
#include "model/source_map.h"
#include "tui/source_outline.h"

struct call_edges;
struct error;
struct trace_model;

/* A line that defines a function. */
struct page_definition {
    uint32_t line;
    uint32_t function; /* of the model */
    uint32_t block;    /* of the outline; OUTLINE_NO_BLOCK = the module, or
                          nothing in the text fits */
};

/* A line that calls a function, by its name. */
struct page_site {
    uint32_t line;
    uint32_t callee; /* function of the model */
    uint32_t block;  /* whose code it is */
    uint32_t name;   /* where it stands in the text */
    uint32_t name_size;
};

/* {0} is an empty page. */
struct source_page {
    struct source_file file;
    struct source_outline outline;
    struct page_definition *definitions; /* by line, then function; owned */
    size_t definition_count;
    size_t beyond_count;     /* functions behind the end of the text */
    struct page_site *sites; /* by line, then place; owned */
    size_t site_count;
    size_t site_capacity;
    bool has_sites; /* they were looked for */
};

/*
 * Make the page of a path. Without edges (NULL) it has no sites. The caller
 * releases *page; on failure, ERROR_CANCELLED included, it is {0}.
 */
bool source_page_make(struct source_page *page, const struct trace_model *model,
                      const char *path, const struct call_edges *edges,
                      const struct progress *progress, struct error *err);

void source_page_release(struct source_page *page);

/* The definitions of a line, *count of them; of all the lines behind it the
 * first one is there, too. Likewise the sites. */
const struct page_definition *
source_page_definitions(const struct source_page *page, uint32_t line,
                        size_t *count);
const struct page_site *source_page_sites(const struct source_page *page,
                                          uint32_t line, size_t *count);

/* How many different functions the sites of a line name; of very many, only as
 * far as the first ones tell. */
size_t source_page_callee_count(const struct source_page *page, uint32_t line);

/* The definition of a function; NULL = it is not in the text. */
const struct page_definition *source_page_find(const struct source_page *page,
                                               uint32_t function);

/* The first site in the code of a function (its definition, or NULL for any)
 * that may call another one; NULL = there is none. */
const struct page_site *
source_page_find_site(const struct source_page *page,
                      const struct page_definition *caller, uint32_t callee);

enum { CALL_LINES_MAX = 4 };

/* {0} has none. */
struct call_lines {
    uint32_t lines[CALL_LINES_MAX]; /* upwards */
    size_t count;
    bool is_more; /* there are more than these */
};

/*
 * The lines in the code of a function that may call another one, by its name.
 * Only text that is in the trace is looked at; without it there are none.
 */
bool call_lines_find(struct call_lines *found, const struct trace_model *model,
                     uint32_t caller, uint32_t callee, struct error *err);

#endif
