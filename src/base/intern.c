// SPDX-License-Identifier: Apache-2.0
/*
 * Open addressing with linear probing; at most two thirds full. A slot has the
 * hash, so that only the text that is found is looked at; what is known of a
 * text stands in front of it, in an arena, and never moves.
 */
#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"

enum { FIRST_SLOT_COUNT = 64 };

struct interned {
    uint32_t id;
    size_t size;
    char text[]; /* NUL-terminated */
};

struct intern_slot {
    uint64_t hash;
    const struct interned *item; /* NULL = empty */
};

struct intern_table {
    struct arena arena;
    const struct interned **items; /* by id */
    size_t capacity;
    uint32_t count;
    struct intern_slot *slots; /* slot_count of them, a power of two */
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
static struct intern_slot *
find_slot(const struct intern_table *table, const void *data, size_t size,
          uint64_t hash)
{
    size_t mask = table->slot_count - 1;
    size_t at = (size_t)hash & mask;

    while (table->slots[at].item != NULL) {
        const struct intern_slot *slot = &table->slots[at];

        if (slot->hash == hash && slot->item->size == size
            && (size == 0 || memcmp(slot->item->text, data, size) == 0)) {
            break;
        }
        at = (at + 1) & mask;
    }
    return &table->slots[at];
}

static bool
grow_slots(struct intern_table *table, size_t slot_count, struct error *err)
{
    struct intern_slot *slots = array_new(slot_count, sizeof *slots, err);

    if (slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->slot_count; i++) {
        size_t at = (size_t)table->slots[i].hash & (slot_count - 1);

        if (table->slots[i].item == NULL) {
            continue;
        }
        while (slots[at].item != NULL) {
            at = (at + 1) & (slot_count - 1);
        }
        slots[at] = table->slots[i];
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

/* NULL without memory. */
static const struct interned *
append_item(struct intern_table *table, const void *data, size_t size,
            struct error *err)
{
    struct interned *item = NULL;

    if (table->count == UINT32_MAX - 1) {
        (void)error_set(err, ERROR_UNSUPPORTED,
                        "more than %u different strings", table->count);
        return NULL;
    }
    if (!array_reserve((void **)&table->items, &table->capacity,
                       (size_t)table->count + 1, sizeof *table->items, err)) {
        return NULL;
    }
    if (size < SIZE_MAX / 2) {
        item = arena_allocate(&table->arena, sizeof *item + size + 1);
    }
    if (item == NULL) {
        (void)error_set_no_memory(err);
        return NULL;
    }
    item->id = table->count;
    item->size = size;
    if (size > 0) {
        memcpy(item->text, data, size);
    }
    item->text[size] = '\0';
    table->items[table->count++] = item;
    return item;
}

bool
intern_table_add(struct intern_table *table, const void *data, size_t size,
                 uint32_t *id, struct error *err)
{
    uint64_t hash = hash_text(data, size);
    struct intern_slot *slot = find_slot(table, data, size, hash);

    if (slot->item != NULL) {
        *id = slot->item->id;
        return true;
    }
    if (((size_t)table->count + 1) * 3 > table->slot_count * 2) {
        if (!grow_slots(table, table->slot_count * 2, err)) {
            return false;
        }
        slot = find_slot(table, data, size, hash);
    }
    slot->item = append_item(table, data, size, err);
    if (slot->item == NULL) {
        return false;
    }
    slot->hash = hash;
    *id = slot->item->id;
    return true;
}

const char *
intern_table_text(const struct intern_table *table, uint32_t id, size_t *size)
{
    if (size != NULL) {
        *size = table->items[id]->size;
    }
    return table->items[id]->text;
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
