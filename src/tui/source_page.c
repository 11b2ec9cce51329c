// SPDX-License-Identifier: Apache-2.0
/*
 * Names are compared by their hashes. Of a caller, what it calls is known by
 * the last part of each name ("total" of "Cart.total"); a class is called by
 * its own name where that is "__init__" or the like.
 */
#include "tui/source_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/hash.h"
#include "model/call_edges.h"
#include "model/trace_model.h"

enum {
    CALLS_PER_REPORT = 1 << 12,
    SITES_MAX = 1 << 20, /* further ones are left out */
    SITES_COUNTED = 64,  /* of a line */
};

/* Whose code: a block of the outline, or functions without a block of their
 * own ("<lambda>", "<genexpr>") on a line. */
#define LINE_OWNER (UINT64_C(1) << 32)

/* Something that the code of an owner calls. */
struct candidate {
    uint64_t owner;
    uint64_t hash; /* of its name */
    uint32_t callee;
};

struct candidates {
    struct candidate *items;
    size_t count;
    size_t capacity;
};

/* The last part of a name, or the one before it. */
static const char *
last_part(const char *name, size_t *size)
{
    size_t end = *size;
    size_t start = end;

    while (start > 0 && name[start - 1] != '.') {
        start--;
    }
    *size = end - start;
    return name + start;
}

static bool
is_made_by_class(const char *part, size_t size)
{
    static const char *const names[] = {"__init__", "__new__", "__call__"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (size == strlen(names[i]) && memcmp(part, names[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* What stands before the "(" where a function is called. */
static uint64_t
called_hash(const struct model_function *function)
{
    size_t size = strlen(function->name);
    const char *part = last_part(function->name, &size);

    if (is_made_by_class(part, size) && part > function->name + 1) {
        size = (size_t)(part - function->name) - 1;
        part = last_part(function->name, &size);
    }
    return hash_bytes(part, size);
}

/* "<lambda>", "<listcomp>" and the like have no block. */
static bool
is_nameless(const struct model_function *function)
{
    size_t size = strlen(function->name);

    return last_part(function->name, &size)[0] == '<';
}

static bool
is_module(const struct model_function *function)
{
    return strcmp(function->name, "<module>") == 0;
}

static bool
has_name(const struct source_page *page, const struct outline_block *block,
         const struct model_function *function)
{
    size_t size = strlen(function->name);
    const char *part = last_part(function->name, &size);

    return size == block->name_size
           && memcmp(part, page->file.text.data + block->name, size) == 0;
}

/* The block that a function's line belongs to: that of "def", or of the first
 * decorator. */
static uint32_t
find_block(const struct source_page *page,
           const struct model_function *function)
{
    const struct source_outline *outline = &page->outline;
    size_t low = 0;
    size_t high = outline->block_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (outline->blocks[middle].line < function->line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < outline->block_count
           && outline->blocks[low].first_line <= function->line;
         low++) {
        if (has_name(page, &outline->blocks[low], function)) {
            return (uint32_t)low;
        }
    }
    return OUTLINE_NO_BLOCK;
}

static void
add_definition(struct source_page *page, const struct trace_model *model,
               uint32_t index)
{
    const struct model_function *function = trace_model_function(model, index);
    uint32_t line = function->line == 0 ? 1 : function->line;
    uint32_t block = OUTLINE_NO_BLOCK;

    if (line > page->outline.line_count) {
        page->beyond_count++;
        return;
    }
    if (!is_nameless(function)) {
        block = find_block(page, function);
    }
    if (block != OUTLINE_NO_BLOCK) {
        line = page->outline.blocks[block].line;
    }
    page->definitions[page->definition_count++] = (struct page_definition){
        .line = line, .function = index, .block = block};
}

static int
compare_definitions(const void *left, const void *right)
{
    const struct page_definition *a = left;
    const struct page_definition *b = right;

    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    return a->function < b->function ? -1 : a->function > b->function;
}

static bool
find_definitions(struct source_page *page, const struct trace_model *model,
                 const char *path, struct error *err)
{
    struct source_functions functions;

    if (!source_functions_find(&functions, model, path, err)) {
        return false;
    }
    page->definitions =
        array_new(functions.count, sizeof *page->definitions, err);
    for (size_t i = 0; page->definitions != NULL && i < functions.count; i++) {
        add_definition(page, model, functions.items[i]);
    }
    source_functions_release(&functions);
    if (page->definitions == NULL) {
        return false;
    }
    qsort(page->definitions, page->definition_count, sizeof *page->definitions,
          compare_definitions);
    return true;
}

static int
compare_owners(const struct candidate *a, const struct candidate *b)
{
    if (a->owner != b->owner) {
        return a->owner < b->owner ? -1 : 1;
    }
    return a->hash < b->hash ? -1 : a->hash > b->hash;
}

static int
compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    int order = compare_owners(a, b);

    return order != 0 ? order
                      : (a->callee > b->callee) - (a->callee < b->callee);
}

static bool
add_candidates(struct candidates *all, const struct trace_model *model,
               const struct page_definition *definition,
               const struct call_edges *edges, struct error *err)
{
    const struct model_function *function =
        trace_model_function(model, definition->function);
    uint64_t owner = definition->block;

    if (owner == OUTLINE_NO_BLOCK && !is_module(function)) {
        owner = LINE_OWNER | definition->line;
    }
    for (uint32_t callee = 0;
         call_edges_next(edges, definition->function, &callee); callee++) {
        if (!array_reserve((void **)&all->items, &all->capacity, all->count + 1,
                           sizeof *all->items, err)) {
            return false;
        }
        all->items[all->count++] = (struct candidate){
            .owner = owner,
            .hash = called_hash(trace_model_function(model, callee)),
            .callee = callee,
        };
    }
    return true;
}

static bool
add_site(struct source_page *page, const struct outline_call *call,
         uint32_t callee, struct error *err)
{
    if (!array_reserve((void **)&page->sites, &page->site_capacity,
                       page->site_count + 1, sizeof *page->sites, err)) {
        return false;
    }
    page->sites[page->site_count++] = (struct page_site){
        .line = call->line,
        .callee = callee,
        .block = call->block,
        .name = call->name,
        .name_size = call->name_size,
    };
    return true;
}

/* The candidates of one owner that have the name of a call. */
static bool
match_call(struct source_page *page, const struct candidates *all,
           const struct outline_call *call, uint64_t owner, struct error *err)
{
    const struct candidate wanted = {
        .owner = owner,
        .hash = hash_bytes(page->file.text.data + call->name, call->name_size),
    };
    size_t low = 0;
    size_t high = all->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_owners(&all->items[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < all->count && compare_owners(&all->items[low], &wanted) == 0;
         low++) {
        if (page->site_count == SITES_MAX) {
            page->outline.is_cut = true;
            break;
        }
        if (!add_site(page, call, all->items[low].callee, err)) {
            return false;
        }
    }
    return true;
}

static bool
match_calls(struct source_page *page, const struct candidates *all,
            const struct progress *progress, struct error *err)
{
    const struct source_outline *outline = &page->outline;

    for (size_t i = 0; i < outline->call_count; i++) {
        const struct outline_call *call = &outline->calls[i];

        if (i % CALLS_PER_REPORT == 0 && progress->report != NULL
            && !progress->report(progress->context, i, outline->call_count)) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
        if (!match_call(page, all, call, call->block, err)
            || !match_call(page, all, call, LINE_OWNER | call->line, err)) {
            return false;
        }
    }
    return true;
}

static bool
find_sites(struct source_page *page, const struct trace_model *model,
           const struct call_edges *edges, const struct progress *progress,
           struct error *err)
{
    struct candidates all = {0};
    bool is_ok = true;

    for (size_t i = 0; i < page->definition_count && is_ok; i++) {
        is_ok = add_candidates(&all, model, &page->definitions[i], edges, err);
    }
    if (is_ok && all.count > 0) {
        qsort(all.items, all.count, sizeof *all.items, compare_candidates);
        is_ok = match_calls(page, &all, progress, err);
    }
    page->has_sites = is_ok;
    free(all.items);
    return is_ok;
}

bool
source_page_make(struct source_page *page, const struct trace_model *model,
                 const char *path, const struct call_edges *edges,
                 const struct progress *progress, struct error *err)
{
    *page = (struct source_page){0};
    if (source_file_find(&page->file, model, path, err)
        && source_outline_make(&page->outline, page->file.text.data,
                               page->file.text.size, err)
        && (page->file.origin == SOURCE_NOWHERE
            || find_definitions(page, model, path, err))
        && (edges == NULL || find_sites(page, model, edges, progress, err))) {
        return true;
    }
    source_page_release(page);
    return false;
}

void
source_page_release(struct source_page *page)
{
    source_file_release(&page->file);
    source_outline_release(&page->outline);
    free(page->definitions);
    free(page->sites);
    *page = (struct source_page){0};
}

const struct page_definition *
source_page_definitions(const struct source_page *page, uint32_t line,
                        size_t *count)
{
    size_t low = 0;
    size_t high = page->definition_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (page->definitions[middle].line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (high = low;
         high < page->definition_count && page->definitions[high].line == line;
         high++) {
    }
    *count = high - low;
    return page->definitions + low;
}

const struct page_site *
source_page_sites(const struct source_page *page, uint32_t line, size_t *count)
{
    size_t low = 0;
    size_t high = page->site_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (page->sites[middle].line < line) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (high = low; high < page->site_count && page->sites[high].line == line;
         high++) {
    }
    *count = high - low;
    return page->sites + low;
}

size_t
source_page_callee_count(const struct source_page *page, uint32_t line)
{
    size_t count;
    const struct page_site *sites = source_page_sites(page, line, &count);
    size_t different = 0;

    for (size_t i = 0; i < count && i < SITES_COUNTED; i++) {
        size_t k = 0;

        while (k < i && sites[k].callee != sites[i].callee) {
            k++;
        }
        different += k == i;
    }
    return different;
}

const struct page_definition *
source_page_find(const struct source_page *page, uint32_t function)
{
    for (size_t i = 0; i < page->definition_count; i++) {
        if (page->definitions[i].function == function) {
            return &page->definitions[i];
        }
    }
    return NULL;
}

static bool
is_in_code_of(const struct page_site *site,
              const struct page_definition *caller)
{
    return caller == NULL || site->block == caller->block
           || (caller->block == OUTLINE_NO_BLOCK && site->line == caller->line);
}

const struct page_site *
source_page_find_site(const struct source_page *page,
                      const struct page_definition *caller, uint32_t callee)
{
    for (size_t i = 0; i < page->site_count; i++) {
        if (page->sites[i].callee == callee
            && is_in_code_of(&page->sites[i], caller)) {
            return &page->sites[i];
        }
    }
    return NULL;
}

/* Whether a call stands in the code of a function with this block. */
static bool
is_called_by(const struct outline_call *call,
             const struct model_function *caller, uint32_t block)
{
    return block != OUTLINE_NO_BLOCK || is_module(caller)
               ? call->block == block
               : is_nameless(caller) && call->line == caller->line;
}

static void
add_line(struct call_lines *found, uint32_t line)
{
    if (found->count > 0 && found->lines[found->count - 1] == line) {
        return;
    }
    if (found->count == CALL_LINES_MAX) {
        found->is_more = true;
        return;
    }
    found->lines[found->count++] = line;
}

static void
find_lines(struct call_lines *found, const struct source_page *page,
           const struct model_function *caller,
           const struct model_function *callee)
{
    const struct source_outline *outline = &page->outline;
    uint64_t hash = called_hash(callee);
    uint32_t block =
        is_nameless(caller) ? OUTLINE_NO_BLOCK : find_block(page, caller);

    for (size_t i = 0; i < outline->call_count && !found->is_more; i++) {
        const struct outline_call *call = &outline->calls[i];

        if (is_called_by(call, caller, block)
            && hash_bytes(page->file.text.data + call->name, call->name_size)
                   == hash) {
            add_line(found, call->line);
        }
    }
}

bool
call_lines_find(struct call_lines *found, const struct trace_model *model,
                uint32_t caller, uint32_t callee, struct error *err)
{
    size_t count = trace_model_function_count(model);
    struct source_page page = {0};
    bool is_ok;

    *found = (struct call_lines){0};
    if (caller >= count || callee >= count) {
        return true;
    }
    is_ok = source_file_find_in_trace(&page.file, model,
                                      trace_model_function(model, caller)->file,
                                      err)
            && source_outline_make(&page.outline, page.file.text.data,
                                   page.file.text.size, err);
    if (is_ok) {
        find_lines(found, &page, trace_model_function(model, caller),
                   trace_model_function(model, callee));
    }
    source_page_release(&page);
    return is_ok;
}
