// SPDX-License-Identifier: Apache-2.0
/*
 * base/intern.h - equal byte strings become one small number.
 *
 * Ids count up from 0 in the order strings are first seen. The table owns its
 * copies, NUL-terminated, until intern_table_free. One writer at a time.
 */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

struct error;
struct intern_table;

bool intern_table_new(struct intern_table **out, struct error *err);

/* The id of these bytes, added when new. */
bool intern_table_add(struct intern_table *table, const void *data, size_t size,
                      uint32_t *id, struct error *err);

/* The text of an id that intern_table_add gave; *size may be NULL. */
const char *intern_table_text(const struct intern_table *table, uint32_t id,
                              size_t *size);

uint32_t intern_table_count(const struct intern_table *table);

void intern_table_free(struct intern_table *table);

#endif
