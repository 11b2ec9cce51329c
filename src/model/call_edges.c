// SPDX-License-Identifier: Apache-2.0
/* Each worker keeps a set of pairs; most calls repeat one of them. */
#include "model/call_edges.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/trace_scope.h"

enum { SLOTS_MIN = 64 };

#define NO_EDGE UINT64_MAX

/* Pairs by open addressing; a slot without one is NO_EDGE. */
struct edge_set {
    uint64_t *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

struct edge_pass {
    struct edge_set set;
    uint32_t *functions; /* of the open calls, by depth */
    size_t capacity;
};

static uint64_t
pair_of(uint32_t caller, uint32_t callee)
{
    return (uint64_t)caller << 32 | callee;
}

/* The slot of a pair, or the one where it belongs. */
static size_t
find_slot(const struct edge_set *set, uint64_t pair)
{
    uint64_t hash = pair * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = (size_t)(hash >> 32) & (set->slot_count - 1);

    while (set->slots[slot] != NO_EDGE && set->slots[slot] != pair) {
        slot = (slot + 1) & (set->slot_count - 1);
    }
    return slot;
}

static bool
grow(struct edge_set *set, struct error *err)
{
    struct edge_set larger = {
        .slot_count = set->slot_count == 0 ? SLOTS_MIN : set->slot_count * 2,
        .count = set->count,
    };

    larger.slots = array_new(larger.slot_count, sizeof *larger.slots, err);
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < larger.slot_count; i++) {
        larger.slots[i] = NO_EDGE;
    }
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i] != NO_EDGE) {
            larger.slots[find_slot(&larger, set->slots[i])] = set->slots[i];
        }
    }
    free(set->slots);
    *set = larger;
    return true;
}

static bool
add(struct edge_set *set, uint64_t pair, struct error *err)
{
    size_t slot;

    if (set->count * 2 >= set->slot_count && !grow(set, err)) {
        return false;
    }
    slot = find_slot(set, pair);
    if (set->slots[slot] == NO_EDGE) {
        set->slots[slot] = pair;
        set->count++;
    }
    return true;
}

static void
pass_free(void *argument)
{
    struct edge_pass *pass = argument;

    if (pass != NULL) {
        free(pass->set.slots);
        free(pass->functions);
        free(pass);
    }
}

static void *
pass_new(void *context, struct error *err)
{
    (void)context;
    return array_new(1, sizeof(struct edge_pass), err);
}

static bool
visit(void *argument, const struct slice_batch *batch, struct error *err)
{
    struct edge_pass *pass = argument;

    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];
        uint32_t caller = UINT32_MAX;

        if (!array_reserve((void **)&pass->functions, &pass->capacity,
                           slice->depth + (size_t)1, sizeof *pass->functions,
                           err)) {
            return false;
        }
        pass->functions[slice->depth] = slice->function;
        if (slice->depth > 0) {
            caller = pass->functions[slice->depth - 1];
        }
        if (i >= batch->first_new && caller != UINT32_MAX
            && slice->function != UINT32_MAX
            && !add(&pass->set, pair_of(caller, slice->function), err)) {
            return false;
        }
    }
    return true;
}

static bool
merge(void *context, void *worker, struct error *err)
{
    struct edge_set *all = context;
    const struct edge_pass *pass = worker;

    for (size_t i = 0; i < pass->set.slot_count; i++) {
        if (pass->set.slots[i] != NO_EDGE
            && !add(all, pass->set.slots[i], err)) {
            return false;
        }
    }
    return true;
}

static int
compare_edges(const void *left, const void *right)
{
    const struct call_edge *a = left;
    const struct call_edge *b = right;
    uint64_t first = pair_of(a->caller, a->callee);
    uint64_t second = pair_of(b->caller, b->callee);

    return first < second ? -1 : first > second;
}

static bool
take_edges(struct call_edges *edges, const struct edge_set *set,
           struct error *err)
{
    edges->items = array_new(set->count, sizeof *edges->items, err);
    if (edges->items == NULL) {
        return false;
    }
    for (size_t i = 0; i < set->slot_count; i++) {
        if (set->slots[i] != NO_EDGE) {
            edges->items[edges->count++] = (struct call_edge){
                .caller = (uint32_t)(set->slots[i] >> 32),
                .callee = (uint32_t)set->slots[i],
            };
        }
    }
    qsort(edges->items, edges->count, sizeof *edges->items, compare_edges);
    return true;
}

bool
call_edges_find(struct call_edges *edges, const struct trace_model *model,
                const struct slice_scan_options *options, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    struct edge_set all = {0};
    const struct slice_visitor visitor = {
        .context = &all,
        .worker_new = pass_new,
        .visit = visit,
        .merge = merge,
        .worker_free = pass_free,
    };
    bool ok;

    *edges = (struct call_edges){0};
    ok = slice_scan(model, &whole, &visitor, options, err)
         && take_edges(edges, &all, err);
    free(all.slots);
    return ok;
}

void
call_edges_release(struct call_edges *edges)
{
    free(edges->items);
    *edges = (struct call_edges){0};
}

const struct call_edge *
call_edges_from(const struct call_edges *edges, uint32_t caller, size_t *count)
{
    size_t low = 0;
    size_t high = edges->count;
    size_t end;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (edges->items[middle].caller < caller) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    end = low;
    while (end < edges->count && edges->items[end].caller == caller) {
        end++;
    }
    *count = end - low;
    return edges->items + low;
}
