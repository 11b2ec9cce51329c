// SPDX-License-Identifier: Apache-2.0
/*
 * Open addressing with linear probing. A slot goes from unused to a key, from
 * a key to removed, and from removed to a key or, where no probe needs it any
 * more, back to unused. What a key means is written before the key, so that a
 * lookup that sees the key sees the rest. While a key gets another meaning it
 * is removed: a lookup then finds nothing, which is the slow path.
 */
#include "tracer/record/function_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 256 };

/* An array that growing left behind; a lookup may still be in it. */
struct old_slots {
    struct old_slots *older;
    struct function_slots *slots;
};

struct function_table_owner {
    pthread_mutex_t lock;
    size_t used_count; /* slots that are not unused: live or removed */
    size_t live_count;
    size_t memory_bytes;
    struct old_slots *old;
};

/* A key that no object has. */
static const void *
removed_key(void)
{
    static const char mark = 0;

    return &mark;
}

static void
set_key(struct function_slot *slot, const void *key)
{
    __atomic_store_n(&slot->key, key, __ATOMIC_RELEASE);
}

static size_t
array_size(size_t count)
{
    return sizeof(struct function_slots) + count * sizeof(struct function_slot);
}

static struct function_slots *
new_slots(size_t count)
{
    struct function_slots *slots = NULL;

    if (count <= SIZE_MAX / sizeof slots->slots[0] / 2) {
        slots = calloc(1, array_size(count));
    }
    if (slots != NULL) {
        slots->mask = count - 1;
    }
    return slots;
}

bool
function_table_new(struct function_table **out)
{
    struct function_table *table = calloc(1, sizeof *table);
    struct function_table_owner *owner = calloc(1, sizeof *owner);
    struct function_slots *slots = new_slots(SLOTS_MIN);

    if (table == NULL || owner == NULL || slots == NULL) {
        free(table);
        free(owner);
        free(slots);
        return false;
    }
    (void)pthread_mutex_init(&owner->lock, NULL);
    owner->memory_bytes = sizeof *table + sizeof *owner + array_size(SLOTS_MIN);
    table->owner = owner;
    table->slots = slots;
    *out = table;
    return true;
}

/* The slot of key, else the one that it should go to. */
static struct function_slot *
find_place(struct function_slots *slots, const void *key)
{
    struct function_slot *removed = NULL;
    size_t i = function_table_hash(key) & slots->mask;

    for (;;) {
        struct function_slot *slot = &slots->slots[i];

        if (slot->key == key) {
            return slot;
        }
        if (slot->key == NULL) {
            return removed != NULL ? removed : slot;
        }
        if (slot->key == removed_key() && removed == NULL) {
            removed = slot;
        }
        i = (i + 1) & slots->mask;
    }
}

static void
copy_live(struct function_slots *to, const struct function_slots *from)
{
    for (size_t i = 0; i <= from->mask; i++) {
        const struct function_slot *slot = &from->slots[i];
        struct function_slot *place = NULL;

        if (slot->key != NULL && slot->key != removed_key()) {
            place = find_place(to, slot->key);
            place->check = slot->check;
            place->id = slot->id;
            place->flags = slot->flags;
            set_key(place, slot->key);
        }
    }
}

/* An array of this size that was left behind, empty now; else a new one. A
 * lookup that still reads it finds nothing, or what is right. */
static struct old_slots *
take_slots(struct function_table_owner *owner, size_t count)
{
    struct old_slots **link = &owner->old;
    struct old_slots *node = NULL;

    while (*link != NULL && (*link)->slots->mask + 1 != count) {
        link = &(*link)->older;
    }
    node = *link;
    if (node != NULL) {
        *link = node->older;
        for (size_t i = 0; i < count; i++) {
            set_key(&node->slots->slots[i], NULL);
        }
        return node;
    }
    node = malloc(sizeof *node);
    if (node == NULL || (node->slots = new_slots(count)) == NULL) {
        free(node);
        return NULL;
    }
    owner->memory_bytes += sizeof *node + array_size(count);
    return node;
}

/* Move to a larger array, or to one of the same size without removed slots. */
static bool
rebuild(struct function_table *table)
{
    struct function_table_owner *owner = table->owner;
    size_t count = table->slots->mask + 1;
    struct old_slots *node = NULL;
    struct function_slots *slots = NULL;

    if (owner->live_count >= count / 3) {
        count *= 2;
    }
    node = take_slots(owner, count);
    if (node == NULL) {
        return false;
    }
    slots = node->slots;
    copy_live(slots, table->slots);
    *node = (struct old_slots){.older = owner->old, .slots = table->slots};
    owner->old = node;
    owner->used_count = owner->live_count;
    __atomic_store_n(&table->slots, slots, __ATOMIC_RELEASE);
    return true;
}

static bool
set_locked(struct function_table *table, const void *key,
           struct function_slot value)
{
    struct function_table_owner *owner = table->owner;
    struct function_slot *slot = find_place(table->slots, key);

    if (slot->key == NULL
        && (owner->used_count + 1) * 3 > (table->slots->mask + 1) * 2) {
        if (!rebuild(table)) {
            return false;
        }
        slot = find_place(table->slots, key);
    }
    owner->used_count += slot->key == NULL;
    owner->live_count += slot->key != key;
    set_key(slot, removed_key());
    slot->check = value.check;
    slot->id = value.id;
    slot->flags = value.flags;
    set_key(slot, key);
    return true;
}

bool
function_table_set(struct function_table *table, const void *key,
                   const void *check, uint32_t id, uint32_t flags)
{
    struct function_slot value = {.check = check, .id = id, .flags = flags};
    bool ok;

    (void)pthread_mutex_lock(&table->owner->lock);
    ok = set_locked(table, key, value);
    (void)pthread_mutex_unlock(&table->owner->lock);
    return ok;
}

/* Removed slots before an unused one hold up no probe: they become unused. */
static void
tidy_up(struct function_table *table, size_t i)
{
    struct function_slots *slots = table->slots;

    if (slots->slots[(i + 1) & slots->mask].key != NULL) {
        return;
    }
    while (slots->slots[i].key == removed_key()) {
        set_key(&slots->slots[i], NULL);
        table->owner->used_count--;
        i = (i - 1) & slots->mask;
    }
}

void
function_table_remove(struct function_table *table, const void *key)
{
    struct function_slot *slot;

    (void)pthread_mutex_lock(&table->owner->lock);
    slot = find_place(table->slots, key);
    if (slot->key == key) {
        set_key(slot, removed_key());
        table->owner->live_count--;
        tidy_up(table, (size_t)(slot - table->slots->slots));
    }
    (void)pthread_mutex_unlock(&table->owner->lock);
}

static void
free_old_slots(struct function_table_owner *owner)
{
    while (owner->old != NULL) {
        struct old_slots *old = owner->old;

        owner->memory_bytes -= sizeof *old + array_size(old->slots->mask + 1);
        owner->old = old->older;
        free(old->slots);
        free(old);
    }
}

void
function_table_clear(struct function_table *table)
{
    struct function_table_owner *owner = table->owner;

    (void)pthread_mutex_init(&owner->lock, NULL);
    free_old_slots(owner);
    memset(table->slots->slots, 0,
           array_size(table->slots->mask + 1) - sizeof *table->slots);
    owner->used_count = 0;
    owner->live_count = 0;
}

size_t
function_table_memory(const struct function_table *table)
{
    return __atomic_load_n(&table->owner->memory_bytes, __ATOMIC_RELAXED);
}

void
function_table_free(struct function_table *table)
{
    free_old_slots(table->owner);
    (void)pthread_mutex_destroy(&table->owner->lock);
    free(table->owner);
    free(table->slots);
    free(table);
}
