// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_profile.h - the sums behind a flame graph.
 */
#ifndef TUI_FLAME_PROFILE_H
#define TUI_FLAME_PROFILE_H

#include <stdbool.h>

struct error;
struct flame;
struct flame_transforms;
struct scope_profile;

/* See to it that there is a profile, or a job that makes one. */
bool flame_prepare_profile(struct flame *flame, struct error *err);

/* The scope as it is, before all transforms; NULL = it is not there. */
const struct scope_profile *flame_base(const struct flame *flame);

/* Ask for the profile again when it is needed next; or just for what the
 * transforms make of it. The place is lost. */
void flame_drop_profile(struct flame *flame);
void flame_drop_shown(struct flame *flame);

/* Do other transforms; tell the tracks apart, or not any more. The selection
 * stays near. */
bool flame_transform_anew(struct flame *flame,
                          const struct flame_transforms *wanted,
                          struct error *err);
bool flame_toggle_tracks(struct flame *flame, struct error *err);

#endif
