// SPDX-License-Identifier: Apache-2.0
/*
 * cli/option_values.h - what an option means, once its value is known.
 *
 * Wherever an option stands it is one row of the table and one text; here it
 * becomes a field of struct options.
 */
#ifndef CLI_OPTION_VALUES_H
#define CLI_OPTION_VALUES_H

#include <stdbool.h>

struct error;
struct option_list;
struct option_row;
struct options;

/* Set what an option without a list says; value is NULL when it takes none.
 * The value must outlive the options. */
bool option_apply(struct options *options, const struct option_row *row,
                  char *value, struct error *err);

/* The list that an option gathers. */
struct option_list *option_list_of(struct options *options,
                                   const struct option_row *row);

/* Add a word, which must outlive the list. */
bool option_list_add(struct option_list *list, char *word, struct error *err);

#endif
