// SPDX-License-Identifier: Apache-2.0
#include "tui/source.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

enum { PANE_MIN = 44 }; /* columns */

const struct model_function *
source_function(const struct source *source, uint32_t function)
{
    const struct trace_model *model = source->viewer->model;

    return function < trace_model_function_count(model)
               ? trace_model_function(model, function)
               : NULL;
}

const char *
source_name(const struct source *source, uint32_t function)
{
    const struct model_function *known = source_function(source, function);

    return known == NULL ? "?" : known->name;
}

unsigned
source_height(const struct source *source)
{
    return source->layout.track_height;
}

unsigned
source_pane_width(const struct source *source)
{
    unsigned width = source->layout.width;

    if (width < WIDE_SCREEN) {
        return 0;
    }
    return width * 3 / 8 < PANE_MIN ? PANE_MIN : width * 3 / 8;
}

unsigned
source_text_width(const struct source *source)
{
    return source->layout.width - source_pane_width(source);
}

const struct source_moment *
source_now(const struct source *source)
{
    if (source->state.moment == SOURCE_NO_MOMENT) {
        return NULL;
    }
    assert(source->state.moment < source->moment_count);
    return &source->moments[source->state.moment];
}

static const char *
path_of(const struct source *source, uint32_t function)
{
    const struct model_function *known = source_function(source, function);

    return known == NULL ? "" : known->file;
}

static void
drop_edges(struct source_edges *edges)
{
    if (edges != NULL && --edges->user_count == 0) {
        call_edges_release(&edges->edges);
        free(edges);
    }
}

/* What reads a text. */
struct page_task {
    struct source *source;
    const struct trace_model *model;
    char *path;                 /* owned */
    struct source_edges *edges; /* it is one of the users; may be NULL */
    struct source_page page;
};

static bool
run_page(void *argument, const struct progress *progress, struct error *err)
{
    struct page_task *task = argument;

    return source_page_make(&task->page, task->model, task->path,
                            task->edges == NULL ? NULL : &task->edges->edges,
                            progress, err);
}

/* The heat of the page is relative to its hottest function. */
static void
find_most(struct source *source)
{
    source->most_ns = 0;
    for (size_t i = 0; source->has_page && source->has_sums
                       && i < source->page.definition_count;
         i++) {
        uint32_t function = source->page.definitions[i].function;
        uint64_t total_ns = source->sums.functions[function].total_ns;

        source->most_ns =
            total_ns > source->most_ns ? total_ns : source->most_ns;
    }
}

static bool
page_done(void *argument, const struct error *failure, struct error *err)
{
    struct page_task *task = argument;
    struct source *source = task->source;

    (void)err;
    if (failure != NULL) {
        (void)snprintf(source->page_failure, sizeof source->page_failure, "%s",
                       failure->message);
        return true;
    }
    source_page_release(&source->page);
    source->page = task->page;
    task->page = (struct source_page){0};
    source->has_page = true;
    if (source->guess != 0 && source->state.line == source->guess) {
        source->state.line = 0; /* sites are known now */
    }
    find_most(source);
    return true;
}

static void
page_free(void *argument)
{
    struct page_task *task = argument;

    source_page_release(&task->page);
    drop_edges(task->edges);
    free(task->path);
    free(task);
}

static const struct job_class page_job = {
    .run = run_page,
    .done = page_done,
    .free = page_free,
};

static bool
ask_for_page(struct source *source, struct error *err)
{
    struct page_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->source = source;
    task->model = source->viewer->model;
    task->path = strdup(source->path);
    if (task->path == NULL) {
        free(task);
        return error_set_no_memory(err);
    }
    task->edges = source->edges;
    if (task->edges != NULL) {
        task->edges->user_count++;
    }
    source->page_failure[0] = '\0';
    return jobs_start(source->viewer->jobs, JOB_SOURCE_TEXT, &page_job, task,
                      err);
}

/* What finds out who called whom. */
struct edges_task {
    struct source *source;
    const struct trace_model *model;
    struct source_edges *edges;
};

static bool
run_edges(void *argument, const struct progress *progress, struct error *err)
{
    struct edges_task *task = argument;
    const struct slice_scan_options options = {.progress = *progress};

    return call_edges_find(&task->edges->edges, task->model, &options, err);
}

/* The page is made again, now with its sites. */
static bool
edges_done(void *argument, const struct error *failure, struct error *err)
{
    struct edges_task *task = argument;
    struct source *source = task->source;

    if (failure != NULL) {
        viewer_say(source->viewer, "call sites: %s", failure->message);
        return true;
    }
    source->edges = task->edges;
    task->edges = NULL;
    return source->path == NULL || ask_for_page(source, err);
}

static void
edges_free(void *argument)
{
    struct edges_task *task = argument;

    drop_edges(task->edges);
    free(task);
}

static const struct job_class edges_job = {
    .run = run_edges,
    .done = edges_done,
    .free = edges_free,
    .can_restart = true,
};

static bool
ask_for_edges(struct source *source, struct error *err)
{
    struct edges_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->source = source;
    task->model = source->viewer->model;
    task->edges = array_new(1, sizeof *task->edges, err);
    if (task->edges == NULL) {
        free(task);
        return false;
    }
    task->edges->user_count = 1;
    source->is_edges_asked = true;
    return jobs_start(source->viewer->jobs, JOB_SOURCE_SITES, &edges_job, task,
                      err);
}

static bool
take_sums(void *context, struct scope_profile *profile,
          const struct error *failure, struct error *err)
{
    struct source *source = context;

    (void)err;
    if (failure != NULL) {
        viewer_say(source->viewer, "calls and times: %s", failure->message);
        return true;
    }
    scope_profile_release(&source->sums);
    source->sums = *profile;
    *profile = (struct scope_profile){0};
    source->has_sums = true;
    find_most(source);
    return true;
}

static bool
ask_for_sums(struct source *source, struct error *err)
{
    static const struct profile_request request = {.has_tree = false};

    scope_profile_release(&source->sums);
    source->has_sums = false;
    source->is_sums_asked = true;
    source->scope_number = source->viewer->scope_number;
    return profile_job_start(source->viewer, JOB_SOURCE_SUMS, &request,
                             take_sums, source, err);
}

static void
forget_page(struct source *source)
{
    source_page_release(&source->page);
    source->has_page = false;
    source->page_failure[0] = '\0';
    free(source->path);
    source->path = NULL;
}

void
source_forget(struct source *source)
{
    forget_page(source);
    drop_edges(source->edges);
    source->edges = NULL;
    source->is_edges_asked = false;
    scope_profile_release(&source->sums);
    source->has_sums = false;
    source->is_sums_asked = false;
    source->waiting_count = 0;
    source->ahead = (struct source_ahead){0};
}

void
source_ask_again(struct source *source)
{
    const struct jobs *jobs = source->viewer->jobs;

    if (source->edges == NULL && !jobs_is_busy(jobs, JOB_SOURCE_SITES)) {
        source->is_edges_asked = false;
    }
    if (!source->has_sums && !jobs_is_busy(jobs, JOB_SOURCE_SUMS)) {
        source->is_sums_asked = false;
    }
    if (!source->has_page && !jobs_is_busy(jobs, JOB_SOURCE_TEXT)) {
        forget_page(source);
    }
}

static bool
want_page(struct source *source, struct error *err)
{
    const char *path = path_of(source, source->state.function);

    if (source->path != NULL && strcmp(source->path, path) == 0) {
        return true;
    }
    forget_page(source);
    source->path = strdup(path);
    if (source->path == NULL) {
        return error_set_no_memory(err);
    }
    return ask_for_page(source, err);
}

uint32_t
source_function_line(const struct source *source)
{
    const struct model_function *known =
        source_function(source, source->state.function);
    const struct page_definition *definition =
        source_page_find(&source->page, source->state.function);

    if (definition != NULL) {
        return definition->line;
    }
    return known != NULL && known->line <= source->page.outline.line_count
               ? known->line
               : 0;
}

uint32_t
source_moment_line(const struct source *source)
{
    const struct source_moment *now = source_now(source);
    const struct page_definition *definition;
    const struct page_site *site;

    if (now == NULL || !source->has_page
        || strcmp(path_of(source, now->function), source->path) != 0) {
        return 0;
    }
    definition = source_page_find(&source->page, now->function);
    if (definition == NULL) {
        return 0;
    }
    if (now->has_called) {
        site = source_page_find_site(&source->page, definition, now->called);
        if (site != NULL) {
            return site->line;
        }
    }
    return definition->line;
}

/* Where the cursor belongs when it is not known yet. */
static uint32_t
first_line(const struct source *source)
{
    const struct source_moment *now = source_now(source);
    uint32_t line = 0;

    if (now != NULL && now->function == source->state.function) {
        line = source_moment_line(source);
    }
    return line != 0 ? line : source_function_line(source);
}

static void
follow_cursor(struct source *source)
{
    struct source_state *state = &source->state;
    uint32_t height = source_height(source);
    uint32_t count = (uint32_t)source->page.outline.line_count;
    bool is_new = state->line == 0;

    if (is_new) {
        state->line = first_line(source);
        source->guess = source->page.has_sites ? 0 : state->line;
    }
    if (state->line == 0 || state->line > count) {
        state->line = state->line == 0 ? 1 : count;
    }
    if (state->top == 0 || state->top > count) {
        state->top = 1;
    }
    if (state->line < state->top || state->line >= state->top + height) {
        uint32_t above = is_new ? height / 3 : height / 2;

        if (!is_new && state->line + 1 == state->top) {
            above = 0;
        } else if (!is_new && state->line == state->top + height) {
            above = height - 1;
        }
        state->top = state->line > above ? state->line - above : 1;
    }
    if (state->top + height > count + 1) {
        state->top = count + 1 > height ? count + 1 - height : 1;
    }
}

bool
source_prepare(struct source *source, struct error *err)
{
    if (!source->state.has_function || source->layout.is_too_small) {
        return true;
    }
    if ((!source->is_sums_asked
         || source->scope_number != source->viewer->scope_number)
        && !ask_for_sums(source, err)) {
        return false;
    }
    if (!want_page(source, err)
        || (!source->is_edges_asked && !ask_for_edges(source, err))) {
        return false;
    }
    if (source->has_page && source->page.outline.line_count > 0) {
        follow_cursor(source);
    }
    return true;
}

void
source_show(struct source *source, uint32_t function)
{
    source->model = source->viewer->model;
    source->state.has_function = true;
    source->state.function = function;
    source->state.line = 0;
    source->guess = 0;
    source->state.left = 0;
    source->state.chosen = 0;
}

/* The function of a block of the text. */
static const struct page_definition *
find_by_block(const struct source_page *page, uint32_t block)
{
    for (size_t i = 0; i < page->definition_count; i++) {
        if (page->definitions[i].block == block && block != OUTLINE_NO_BLOCK) {
            return &page->definitions[i];
        }
    }
    return NULL;
}

uint32_t
source_line_function(const struct source *source)
{
    const struct source_page *page = &source->page;
    uint32_t line = source->state.line;
    const struct page_definition *found;
    const struct page_site *sites;
    size_t count;

    if (!source->has_page || line == 0 || page->outline.line_count == 0) {
        return source->state.function;
    }
    found = source_page_definitions(page, line, &count);
    if (count > 0) {
        return found->function;
    }
    sites = source_page_sites(page, line, &count);
    if (count > 0) {
        return sites->callee;
    }
    found = find_by_block(page, source_outline_block_at(&page->outline, line));
    return found != NULL ? found->function : source->state.function;
}

void *
source_take(const struct source *source, struct error *err)
{
    struct source_state *copy = array_new(1, sizeof *copy, err);

    if (copy != NULL) {
        *copy = source->state;
    }
    return copy;
}
