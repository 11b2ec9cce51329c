// SPDX-License-Identifier: Apache-2.0
/*
 * unit/tui/stage.h - a viewer on a random trace, for tests. What goes wrong
 * here fails the test.
 */
#ifndef UNIT_TUI_STAGE_H
#define UNIT_TUI_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/random.h"
#include "tui/key.h"

struct app;
struct cJSON;
struct screen_cell;
struct trace_model;
struct trace_oracle;

struct stage {
    char *folder;
    struct trace_oracle *oracle;
    struct trace_model *model;
    struct app *app; /* 80x24 at first; ASCII when the seed is 6 modulo 7 */
    struct random random;
};

/* The seed decides everything; seeds that 3 divides have one process. */
void stage_open(struct stage *stage, uint64_t seed);
void stage_close(struct stage *stage);

/* Another visit to the same trace, with these folders (each may be NULL). */
void stage_visit_again(struct stage *stage, const char *config_folder,
                       const char *state_folder);

/* Whether a row of the present frame has this text in it. */
bool stage_shows(struct stage *stage, const char *text);

/* What the status line says; the caller frees it. */
char *stage_message(struct stage *stage);

void stage_press(struct stage *stage, const char *keys);
void stage_resize(struct stage *stage, unsigned width, unsigned height);

/* A copy of the cells of the present frame; the caller frees it. */
struct screen_cell *stage_grab(struct stage *stage);

/* The first of count cells that differs; count when none does. */
size_t stage_first_difference(const struct screen_cell *a,
                              const struct screen_cell *b, size_t count);

/* The present frame is what was grabbed before. */
void stage_expect_same(struct stage *stage, const struct screen_cell *before,
                       uint64_t seed, const char *what);

/* The JSON dump; the caller deletes it. A number of its view state. */
struct cJSON *stage_view(struct stage *stage);
double stage_view_number(struct stage *stage, const char *name);

/* The column of the cursor; -1 when it is off screen. */
int stage_cursor_column(struct stage *stage);

/* Whether a cell shows the selected slice, or where it is. */
bool stage_is_selection(const struct screen_cell *cell);

/* The keys of any action on the timeline except undo and redo. */
void stage_random_command(struct random *random, char text[2 * KEY_NAME_SIZE]);

/* Press so many of them. */
void stage_wander(struct stage *stage, int steps);

#endif
