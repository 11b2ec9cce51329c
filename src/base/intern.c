// SPDX-License-Identifier: Apache-2.0
/*
 * Open addressing with linear probing over ids; at most two thirds full. A
 * slot holds id + 1, 0 is empty. The texts live in an arena and never move.
 */
#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"

enum { FIRST_SLOT_COUNT = 64 };

struct interned {
    const char *text;
    size_t size;
    uint64_t hash;
};

struct intern_table {
    struct arena arena;
    struct interned *items; /* by id */
    size_t capacity;
    uint32_t count;
    uint32_t *slots; /* slot_count of them, a power of two */
    size_t slot_count;
};

/* Eight bytes at a time; unlike hash_bytes, of no meaning outside of the
 * process. */
static uint64_t
hash_text(const char *text, size_t size)
{
    const uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
    uint64_t hash = size * factor;
    uint64_t word;

    for (; size >= sizeof word; size -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
        text += sizeof word;
    }
    if (size > 0) {
        word = 0;
        memcpy(&word, text, size);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 29;
    }
    hash *= UINT64_C(0xFF51AFD7ED558CCD);
    return hash ^ (hash >> 32);
}

/* The slot that holds these bytes, else the empty one where they belong. */
static size_t
find_slot(const struct intern_table *table, const void *data, size_t size,
          uint64_t hash)
{
    size_t mask = table->slot_count - 1;
    size_t slot = (size_t)hash & mask;

    while (table->slots[slot] != 0) {
        const struct interned *item = &table->items[table->slots[slot] - 1];

        if (item->hash == hash && item->size == size
            && (size == 0 || memcmp(item->text, data, size) == 0)) {
            break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

static bool
grow_slots(struct intern_table *table, size_t slot_count, struct error *err)
{
    uint32_t *slots = array_new(slot_count, sizeof *slots, err);

    if (slots == NULL) {
        return false;
    }
    for (uint32_t id = 0; id < table->count; id++) {
        size_t slot = (size_t)table->items[id].hash & (slot_count - 1);

        while (slots[slot] != 0) {
            slot = (slot + 1) & (slot_count - 1);
        }
        slots[slot] = id + 1;
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return true;
}

bool
intern_table_new(struct intern_table **out, struct error *err)
{
    struct intern_table *table = calloc(1, sizeof *table);

    if (table == NULL) {
        return error_set_no_memory(err);
    }
    if (!grow_slots(table, FIRST_SLOT_COUNT, err)) {
        free(table);
        return false;
    }
    *out = table;
    return true;
}

static bool
append_item(struct intern_table *table, const void *data, size_t size,
            uint64_t hash, struct error *err)
{
    const char *copy;

    if (table->count == UINT32_MAX - 1) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "more than %u different strings", table->count);
    }
    if (!array_reserve((void **)&table->items, &table->capacity,
                       (size_t)table->count + 1, sizeof *table->items, err)) {
        return false;
    }
    copy = arena_copy(&table->arena, data, size);
    if (copy == NULL) {
        return error_set_no_memory(err);
    }
    table->items[table->count] =
        (struct interned){.text = copy, .size = size, .hash = hash};
    table->count++;
    return true;
}

bool
intern_table_add(struct intern_table *table, const void *data, size_t size,
                 uint32_t *id, struct error *err)
{
    uint64_t hash = hash_text(data, size);
    size_t slot = find_slot(table, data, size, hash);

    if (table->slots[slot] != 0) {
        *id = table->slots[slot] - 1;
        return true;
    }
    if (((size_t)table->count + 1) * 3 > table->slot_count * 2) {
        if (!grow_slots(table, table->slot_count * 2, err)) {
            return false;
        }
        slot = find_slot(table, data, size, hash);
    }
    if (!append_item(table, data, size, hash, err)) {
        return false;
    }
    table->slots[slot] = table->count;
    *id = table->count - 1;
    return true;
}

const char *
intern_table_text(const struct intern_table *table, uint32_t id, size_t *size)
{
    if (size != NULL) {
        *size = table->items[id].size;
    }
    return table->items[id].text;
}

uint32_t
intern_table_count(const struct intern_table *table)
{
    return table->count;
}

void
intern_table_free(struct intern_table *table)
{
    if (table == NULL) {
        return;
    }
    arena_release(&table->arena);
    free(table->items);
    free(table->slots);
    free(table);
}
