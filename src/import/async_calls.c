// SPDX-License-Identifier: Apache-2.0
#include "import/async_calls.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/intern.h"
#include "import/async_lanes.h"
#include "import/event_intake_parts.h"
#include "import/half_stack.h"

enum { NO_TREE = 0 };

/* The open calls of an id. */
struct async_tree {
    struct half_stack stack;
    uint32_t id;
    uint32_t track;
    uint32_t next_free; /* number of the tree; while it has no id */
};

/* What goes on under an id. */
struct async_id {
    uint32_t tree;  /* its number; NO_TREE = nothing is open */
    uint32_t track; /* of the tree before, when there was one, */
    bool has_track;
    int64_t end_ns; /* which ended then */
};

struct pairing {
    struct event_intake *intake;
    struct async_lanes lanes;
    struct async_tree *trees; /* by number - 1; owned */
    size_t tree_count;
    size_t tree_capacity;
    uint32_t first_free;
    struct async_id *ids; /* owned */
};

static struct async_group_key
group_of(const struct pairing *pairing, const struct sort_entry *entry)
{
    struct intake_id id;
    const char *key = intern_table_text(pairing->intake->tables.async_ids,
                                        entry->thread, NULL);

    memcpy(&id, key, sizeof id);
    return (struct async_group_key){
        .process = entry->process,
        .category = id.category,
        .name = (entry->what & INTAKE_NAME_MASK) >> INTAKE_NAME_SHIFT,
    };
}

static bool
add_tree(struct pairing *pairing, uint32_t *number, struct error *err)
{
    if (pairing->first_free != NO_TREE) {
        *number = pairing->first_free;
        pairing->first_free = pairing->trees[*number - 1].next_free;
        return true;
    }
    if (!array_reserve((void **)&pairing->trees, &pairing->tree_capacity,
                       pairing->tree_count + 1, sizeof *pairing->trees, err)) {
        return false;
    }
    pairing->trees[pairing->tree_count++] = (struct async_tree){0};
    *number = (uint32_t)pairing->tree_count;
    return true;
}

/* The tree that a begin belongs to, a new one if need be; NULL in *found when
 * there is no room for it. */
static bool
find_tree(struct pairing *pairing, const struct sort_entry *begin,
          struct async_tree **found, struct error *err)
{
    uint32_t *number = &pairing->ids[begin->thread].tree;
    struct async_group_key group = group_of(pairing, begin);
    uint32_t track;

    *found = NULL;
    if (*number == NO_TREE) {
        if (!async_lanes_take(&pairing->lanes, &group, &track, err)) {
            return false;
        }
        if (track == UINT32_MAX) {
            return true;
        }
        if (!add_tree(pairing, number, err)) {
            return false;
        }
        pairing->trees[*number - 1].id = begin->thread;
        pairing->trees[*number - 1].track = track;
    }
    *found = &pairing->trees[*number - 1];
    return true;
}

/* Let an entry stand in a track. */
static void
place(const struct pairing *pairing, struct sort_entry *entry, uint32_t track)
{
    entry->process = pairing->intake->tables.threads[track].process;
    entry->thread = track;
}

static bool
begin_call(struct pairing *pairing, struct sort_entry *begin, struct error *err)
{
    struct async_tree *tree;

    if (!find_tree(pairing, begin, &tree, err)) {
        return false;
    }
    if (tree == NULL) {
        return intake_lose(pairing->intake, IMPORT_LOSS_TOO_MANY_THREADS);
    }
    place(pairing, begin, tree->track);
    return half_stack_begin(&tree->stack, begin, err);
}

static bool
end_call(struct pairing *pairing, const struct sort_entry *end,
         struct error *err)
{
    struct async_id *id = &pairing->ids[end->thread];
    uint32_t number = id->tree;
    struct async_tree *tree;

    if (number == NO_TREE) {
        return intake_lose(pairing->intake,
                           IMPORT_LOSS_ASYNC_END_WITHOUT_BEGIN);
    }
    tree = &pairing->trees[number - 1];
    if (!half_stack_end(&tree->stack, pairing->intake, end, true,
                        IMPORT_LOSS_ASYNC_END_WITHOUT_BEGIN, err)) {
        return false;
    }
    if (tree->stack.count > 0) {
        return true;
    }
    *id = (struct async_id){
        .track = tree->track, .has_track = true, .end_ns = end->start_ns};
    tree->next_free = pairing->first_free;
    pairing->first_free = number;
    return half_stack_leave(&tree->stack, pairing->intake, err)
           && async_lanes_give(&pairing->lanes, tree->track, err);
}

static bool
add_moment(struct pairing *pairing, struct sort_entry *moment,
           struct error *err)
{
    const struct async_id *id = &pairing->ids[moment->thread];
    struct async_group_key group = group_of(pairing, moment);
    uint32_t track;

    if (id->tree != NO_TREE) {
        track = pairing->trees[id->tree - 1].track;
    } else if (id->has_track && id->end_ns == moment->start_ns) {
        track = id->track; /* it is of the call that ends then */
    } else if (!async_lanes_take(&pairing->lanes, &group, &track, err)) {
        return false;
    } else if (track == UINT32_MAX) {
        return intake_lose(pairing->intake, IMPORT_LOSS_TOO_MANY_THREADS);
    } else if (!async_lanes_give(&pairing->lanes, track, err)) {
        return false;
    }
    place(pairing, moment, track);
    moment->what = (uint32_t)INTAKE_RECORD << INTAKE_KIND_SHIFT;
    return intake_put_entry(pairing->intake, moment, err);
}

static bool
pair_half(struct pairing *pairing, struct sort_entry *half, struct error *err)
{
    half->end_ns = half->start_ns;
    switch (half->what >> INTAKE_KIND_SHIFT) {
    case INTAKE_BEGIN:
        return begin_call(pairing, half, err);
    case INTAKE_END:
        return end_call(pairing, half, err);
    }
    return add_moment(pairing, half, err);
}

static bool
pair_all(struct pairing *pairing, struct error *err)
{
    struct event_intake *intake = pairing->intake;
    struct sort_entry half;
    bool found = true;
    bool ok = event_sort_finish(intake->async_halves, err);

    while (ok && found) {
        ok = intake_goes_on(intake, err)
             && event_sort_next(intake->async_halves, &half, &found, err)
             && (!found || pair_half(pairing, &half, err));
    }
    for (size_t i = 0; ok && i < pairing->tree_count; i++) {
        ok = half_stack_leave(&pairing->trees[i].stack, intake, err);
    }
    return ok;
}

bool
async_calls_pair(struct event_intake *intake, struct error *err)
{
    struct pairing pairing = {.intake = intake};
    bool ok;

    if (event_sort_count(intake->async_halves) == 0) {
        return true;
    }
    pairing.ids = array_new(intern_table_count(intake->tables.async_ids),
                            sizeof *pairing.ids, err);
    ok = pairing.ids != NULL
         && async_lanes_init(&pairing.lanes, &intake->tables, err)
         && pair_all(&pairing, err);
    for (size_t i = 0; i < pairing.tree_count; i++) {
        half_stack_release(&pairing.trees[i].stack);
    }
    async_lanes_release(&pairing.lanes);
    free(pairing.trees);
    free(pairing.ids);
    return ok;
}
