// SPDX-License-Identifier: Apache-2.0
/* Where the steps of a flame graph go in their list, and what goes with them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>

#include "tui/flame_transforms.h"

static void
add(struct flame_transforms *transforms, enum profile_transform_kind kind,
    uint32_t function)
{
    const uint32_t path[] = {7, function};
    const struct profile_transform step = {
        .kind = kind,
        .function = function,
        .path = path,
        .path_length = 2,
    };

    cr_assert(flame_transforms_add(transforms, &step, NULL));
}

/* "merge 1, invert" as two numbers for each step. */
static void
check(const struct flame_transforms *transforms, size_t count,
      const uint32_t expected[][2])
{
    cr_assert(eq(sz, transforms->count, count));
    for (size_t i = 0; i < count; i++) {
        const struct profile_transform *step = &transforms->steps[i];

        cr_assert(eq(u32, (uint32_t)step->kind, expected[i][0]), "step %zu", i);
        cr_assert(eq(u32, step->function, expected[i][1]), "step %zu", i);
        cr_assert(eq(sz, step->path_length,
                     profile_transform_takes_path(step->kind) ? 2 : 0));
    }
}

Test(flame_transforms, of_functions_come_before_the_graph_is_turned)
{
    static const uint32_t before[][2] = {
        {PROFILE_MERGE_FUNCTION, 1}, {PROFILE_DROP_FUNCTION, 2},
        {PROFILE_INVERT, 0},         {PROFILE_MERGE_NODE, 3},
        {PROFILE_FOCUS_FUNCTION, 4},
    };
    static const uint32_t after[][2] = {
        {PROFILE_MERGE_FUNCTION, 1},
        {PROFILE_DROP_FUNCTION, 2},
        {PROFILE_FOCUS_FUNCTION, 4},
    };
    struct flame_transforms transforms = {0};
    struct flame_transforms copy;

    add(&transforms, PROFILE_MERGE_FUNCTION, 1);
    add(&transforms, PROFILE_INVERT, 0);
    add(&transforms, PROFILE_DROP_FUNCTION, 2);
    add(&transforms, PROFILE_MERGE_NODE, 3);
    /* What is before a path of the turned graph must stay. */
    add(&transforms, PROFILE_FOCUS_FUNCTION, 4);
    check(&transforms, 5, before);
    cr_assert(flame_transforms_copy(&copy, &transforms, NULL));
    cr_assert(flame_transforms_are_same(&copy, &transforms));
    flame_transforms_remove(&transforms,
                            flame_transforms_find(&transforms, PROFILE_INVERT));
    check(&transforms, 3, after);
    cr_assert(not(flame_transforms_are_same(&copy, &transforms)));
    check(&copy, 5, before);
    flame_transforms_cut(&copy, 2);
    check(&copy, 2, after);
    flame_transforms_release(&copy);
    flame_transforms_release(&transforms);
}

Test(flame_transforms, differ_when_their_paths_do)
{
    struct flame_transforms a = {0};
    struct flame_transforms b = {0};

    add(&a, PROFILE_FOCUS_SUBTREE, 1);
    add(&b, PROFILE_FOCUS_SUBTREE, 2);
    b.steps[0].function = 1;
    cr_assert(not(flame_transforms_are_same(&a, &b)));
    flame_transforms_release(&a);
    flame_transforms_release(&b);
}
