// SPDX-License-Identifier: Apache-2.0
/* The flame graph over parts of a trace. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/scope_profile.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "tui/flame.h"
#include "tui/flame_crumbs.h"
#include "tui/flame_list_pane.h"
#include "tui/flame_view.h"
#include "tui/mouse.h"
#include "tui/screen.h"
#include "tui/viewer.h"
#include "unit/tui/stage.h"

enum { SEEDS = 10 };

/* A flame graph alone. */
struct flame_stage {
    struct stage stage; /* for its model */
    struct viewer viewer;
    struct screen *screen;
    void *view;
};

static void
flame_stage_open(struct flame_stage *it, uint64_t seed)
{
    stage_open(&it->stage, seed);
    it->viewer = (struct viewer){
        .model = it->stage.model,
        .title = "random.vzt",
        .theme = {.colour_count = 256},
        .active = VIEW_FLAME,
        .wanted_action = ACTION_COUNT,
    };
    cr_assert(jobs_new(&it->viewer.jobs, true, NULL));
    cr_assert(screen_new(&it->screen, 80, 24, NULL));
    cr_assert(flame_view.open(&it->view, &it->viewer, NULL));
    cr_assert(flame_view.resize(it->view, 80, 24, NULL));
}

static void
flame_stage_close(struct flame_stage *it)
{
    (void)jobs_cancel_all(it->viewer.jobs);
    flame_view.close(it->view);
    viewer_release(&it->viewer);
    screen_free(it->screen);
    stage_close(&it->stage);
}

static void
draw(struct flame_stage *it)
{
    do {
        cr_assert(jobs_collect(it->viewer.jobs, NULL));
        screen_erase(it->screen);
        cr_assert(flame_view.draw(it->view, it->screen, NULL));
    } while (jobs_are_busy(it->viewer.jobs));
}

static void
act(struct flame_stage *it, enum action_id action)
{
    bool is_done;

    draw(it);
    cr_assert(flame_view.command(it->view, action, &is_done, NULL));
    draw(it);
}

/* Some box of some row, sometimes as the root. */
static void
wander(struct flame_stage *it)
{
    static const enum action_id actions[] = {
        ACTION_DOWN, ACTION_DOWN, ACTION_RIGHT,  ACTION_LEFT,
        ACTION_UP,   ACTION_DOWN, ACTION_REROOT,
    };

    for (int i = 0; i < 10; i++) {
        act(it, actions[random_below(&it->stage.random, 7)]);
    }
}

static void
set_random_scope(struct flame_stage *it)
{
    uint64_t end_ns = trace_model_summary(it->viewer.model).duration_ns;
    uint64_t from_ns = random_below(&it->stage.random, end_ns);
    uint64_t to_ns = random_below(&it->stage.random, end_ns);
    uint8_t tracks[64];

    for (size_t i = 0; i < sizeof tracks; i++) {
        tracks[i] = random_permille(&it->stage.random, 700);
    }
    cr_assert(viewer_set_scope(
        &it->viewer, from_ns < to_ns ? from_ns : to_ns,
        from_ns < to_ns ? to_ns : from_ns,
        random_permille(&it->stage.random, 500) ? tracks : NULL, NULL));
}

static void
check_profile(const struct flame_stage *it)
{
    const struct flame *flame = it->view;
    const struct viewer_scope *scope = &it->viewer.scope;
    struct trace_scope trace_scope = {
        .start_ns = scope->start_ns,
        .end_ns = scope->end_ns,
        .tracks = scope->tracks,
    };
    struct scope_profile_options options = {.thread_count = 1};
    struct scope_profile profile;

    cr_assert(scope_profile_build(&profile, it->viewer.model, &trace_scope,
                                  &options, NULL));
    cr_assert(flame->has_profile);
    cr_assert(eq(u64, flame->profile.total_ns, profile.total_ns));
    cr_assert(eq(u32, flame->profile.node_count, profile.node_count));
    cr_assert(eq(int,
                 memcmp(flame->profile.nodes, profile.nodes,
                        profile.node_count * sizeof *profile.nodes),
                 0));
    scope_profile_release(&profile);
}

Test(flame, covers_the_scope_and_keeps_its_place)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};

        flame_stage_open(&it, seed);
        for (int i = 0; i < 5; i++) {
            void *copy;

            wander(&it);
            copy = flame_view.take(it.view, NULL);
            set_random_scope(&it);
            draw(&it);
            check_profile(&it);
            wander(&it);
            viewer_clear_scope(&it.viewer);
            flame_view.restore(it.view, copy); /* as undo does */
            draw(&it);
            cr_assert(flame_view.is_shown(it.view, copy), "seed %lu", seed);
            flame_view.drop(copy);
        }
        flame_stage_close(&it);
    }
}

Test(flame, says_that_it_was_stopped_and_goes_on)
{
    struct flame_stage it = {0};
    struct flame *flame;

    flame_stage_open(&it, 1);
    flame = it.view;
    cr_assert(flame_view.draw(it.view, it.screen, NULL));
    cr_assert(jobs_cancel_all(it.viewer.jobs));
    draw(&it);
    cr_assert(not(flame->has_profile));
    act(&it, ACTION_REROOT);
    cr_assert(flame->has_profile);
    flame_stage_close(&it);
}

/* The node of another tree that has the path of a node; 0 = none. */
static uint32_t
find_place(const struct scope_profile *from, uint32_t node,
           const struct scope_profile *to)
{
    const struct profile_node *parent;
    uint32_t place = 0;

    if (from->nodes[node].level > 1) {
        place = find_place(from, from->nodes[node].parent, to);
        if (place == 0) {
            return 0;
        }
    }
    parent = &to->nodes[place];
    for (uint32_t i = 0; i < parent->child_count && node != 0; i++) {
        if (to->nodes[parent->first_child + i].function
            == from->nodes[node].function) {
            return parent->first_child + i;
        }
    }
    return 0;
}

/* Every box has the time of its node in the whole tree. */
static void
check_boxes(const struct flame *flame, const struct scope_profile *whole)
{
    for (size_t i = 0; i < flame->chart.count; i++) {
        const struct flame_box *box = &flame->chart.boxes[i];
        uint32_t place = find_place(&flame->profile, box->node, whole);

        if (box->rest_count > 0
            || flame->profile.nodes[box->node].function == PROFILE_OTHER) {
            continue;
        }
        cr_assert(eq(u64, box->total_ns, whole->nodes[place].total_ns));
    }
}

/* Zooming in shows what did not fit into the tree before. */
Test(flame, tells_apart_what_is_zoomed_into)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};
        struct scope_profile_options options = {.thread_count = 1};
        struct trace_scope scope = trace_scope_whole();
        struct scope_profile whole;
        struct flame *flame;

        flame_stage_open(&it, seed);
        cr_assert(scope_profile_build(&whole, it.viewer.model, &scope, &options,
                                      NULL));
        flame = it.view;
        flame->node_max = 25;
        for (int i = 0; i < 12; i++) {
            void *copy;

            draw(&it);
            copy = flame_view.take(it.view, NULL);
            wander(&it);
            check_boxes(flame, &whole);
            flame_view.restore(it.view, copy);
            draw(&it);
            cr_assert(flame_view.is_shown(it.view, copy), "seed %lu", seed);
            check_boxes(flame, &whole);
            flame_view.drop(copy);
            act(&it, ACTION_DOWN);
            act(&it, ACTION_REROOT);
            check_boxes(flame, &whole);
            cr_assert(flame->below_length > 0
                      || flame->profile.level_max == UINT32_MAX
                      || flame->root == 0);
        }
        act(&it, ACTION_CANCEL);
        cr_assert(eq(u32, flame->root, 0));
        cr_assert(eq(sz, flame->below_length, 0));
        scope_profile_release(&whole);
        flame_stage_close(&it);
    }
}

/* Each box that has a function that is searched for, once around. */
Test(flame, goes_over_all_boxes_that_match)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};
        const struct flame *flame;
        size_t seen = 0;
        size_t expected = 0;
        uint32_t function;
        uint32_t first;

        flame_stage_open(&it, seed);
        flame = it.view;
        draw(&it);
        function = (uint32_t)random_below(
            &it.stage.random, trace_model_function_count(it.viewer.model));
        cr_assert(search_set_function(&it.viewer.search, it.viewer.model,
                                      function, NULL));
        draw(&it);
        cr_assert(eq(u64, flame->matched_ns,
                     flame->profile.functions[function].total_ns));
        for (size_t i = 0; i < flame->chart.count; i++) {
            expected += flame_is_hit(flame, &flame->chart.boxes[i]);
        }
        act(&it, ACTION_SEARCH_NEXT);
        first = flame->node;
        while (expected > 0 && (seen == 0 || flame->node != first)) {
            cr_assert(flame_is_hit(flame, flame_selected_box(flame)));
            act(&it, ACTION_SEARCH_NEXT);
            seen++;
        }
        cr_assert(eq(sz, seen, expected), "seed %lu", seed);
        act(&it, ACTION_SEARCH_PREVIOUS);
        act(&it, ACTION_SEARCH_NEXT);
        if (expected > 0) {
            cr_assert(eq(u32, flame->node, first));
        }
        flame_stage_close(&it);
    }
}

/* Times and calls in the subtree of a node, one by one; is_inside says that the
 * function is above it. */
static struct flame_list_row
sum_below(const struct scope_profile *profile, uint32_t node, uint32_t function,
          bool is_inside)
{
    const struct profile_node *top = &profile->nodes[node];
    struct flame_list_row sum = {.function = function};

    if (top->function == function) {
        sum.self_ns = top->self_ns;
        sum.total_ns = is_inside ? 0 : top->total_ns;
        sum.call_count = top->call_count;
    }
    for (uint32_t i = 0; i < top->child_count; i++) {
        struct flame_list_row below =
            sum_below(profile, top->first_child + i, function,
                      is_inside || top->function == function);

        sum.self_ns += below.self_ns;
        sum.total_ns += below.total_ns;
        sum.call_count += below.call_count;
    }
    return sum;
}

Test(flame, lists_the_own_times_below_its_root)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};
        const struct flame *flame;
        const struct flame_box *root;
        uint64_t self_ns = 0;

        flame_stage_open(&it, seed);
        flame = it.view;
        wander(&it);
        root = &flame->chart.boxes[0];
        for (size_t i = 0; i < flame->list.count; i++) {
            const struct flame_list_row *row = &flame->list.rows[i];
            struct flame_list_row expected = {0};
            uint32_t last = root->rest_count == 0 ? 0 : root->rest_count - 1;

            for (uint32_t k = 0; k <= last; k++) {
                struct flame_list_row sum = sum_below(
                    &flame->profile, root->node + k, row->function, false);

                expected.self_ns += sum.self_ns;
                expected.total_ns += sum.total_ns;
                expected.call_count += sum.call_count;
            }
            cr_assert(eq(u64, row->total_ns, expected.total_ns));
            cr_assert(eq(u64, row->self_ns, expected.self_ns));
            cr_assert(eq(u64, row->call_count, expected.call_count));
            if (i > 0) {
                cr_assert(ge(u64, row[-1].self_ns, row->self_ns));
            }
            self_ns += row->self_ns;
        }
        cr_assert(eq(u64, self_ns, root->total_ns));
        flame_stage_close(&it);
    }
}

/* "main" calls "load" and, when it has a name, another function. */
static struct trace_model *
make_model(const char *folder, const char *first, const char *second)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t functions[3] = {0};
    struct trace_model_options options = {.thread_count = 1};
    struct trace_model *model;
    uint32_t thread;
    char *path;

    functions[0] = trace_builder_function(builder, first, "/w/app.py", 1);
    functions[1] = trace_builder_function(builder, second, "/w/app.py", 1);
    functions[2] = trace_builder_function(builder, "main", "/w/app.py", 1);
    thread = trace_builder_thread(builder, "MainThread");
    trace_builder_call(builder, thread, functions[2], 100);
    trace_builder_call(builder, thread, functions[0], 200);
    trace_builder_return(builder, thread, functions[0], 300);
    trace_builder_call(builder, thread, functions[1], 400);
    trace_builder_return(builder, thread, functions[1], 700);
    trace_builder_return(builder, thread, functions[2], 900);
    path = trace_builder_finish(builder);
    cr_assert(trace_model_open(&model, (const char *const *)&path, 1, &options,
                               NULL));
    free(path);
    return model;
}

static const char *
selected_name(const struct flame_stage *it)
{
    const struct flame *flame = it->view;

    return flame_function(flame, flame->node)->name;
}

static void
click_at(struct flame_stage *it, int x, int y)
{
    const struct mouse_event event = {
        .kind = MOUSE_PRESS,
        .button = MOUSE_BUTTON_LEFT,
        .x = (unsigned)x,
        .y = (unsigned)y,
    };

    cr_assert(flame_view.mouse(it->view, &event, NULL));
    draw(it);
}

/* Steps are about functions, wherever they are in another model; where they are
 * not, the step is not either. */
Test(flame, keeps_its_steps_in_another_model)
{
    struct flame_stage it = {0};
    const struct flame *flame;
    char *folders[3];
    struct trace_model *models[3];

    for (int i = 0; i < 3; i++) {
        folders[i] = temporary_folder_make();
    }
    models[0] = make_model(folders[0], "load", "parse");
    models[1] = make_model(folders[1], "parse", "load");
    models[2] = make_model(folders[2], "read", "write");
    flame_stage_open(&it, 1);
    flame = it.view;
    for (int i = 0; i < 3; i++) {
        it.viewer.model = models[i];
        cr_assert(flame_view.reload(it.view, NULL));
        if (i == 0) {
            act(&it, ACTION_DOWN);
            act(&it, ACTION_DOWN);
            cr_assert(eq(str, (char *)selected_name(&it), "parse"));
            act(&it, ACTION_DROP_FUNCTION);
        }
        draw(&it);
        cr_assert(eq(sz, flame->transforms.count, i < 2 ? 1 : 0));
        cr_assert(eq(u32, flame->profile.node_count, i < 2 ? 3 : 4));
        if (i < 2) {
            cr_assert(eq(u64, flame->profile.total_ns, i == 0 ? 500 : 700));
        }
    }
    it.viewer.model = it.stage.model;
    cr_assert(flame_view.reload(it.view, NULL));
    for (int i = 0; i < 3; i++) {
        trace_model_close(models[i]);
        temporary_folder_remove(folders[i]);
    }
    flame_stage_close(&it);
}

/* Whatever row of the list is clicked, its function is selected in the chart,
 * and the other way round. */
Test(flame, shares_its_selection_with_the_list)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};
        struct flame *flame;
        size_t row;

        flame_stage_open(&it, seed);
        flame = it.view;
        cr_assert(flame_view.resize(it.view, 80, 24, NULL));
        act(&it, ACTION_NEXT_PANE);
        for (int i = 0; i < 10 && flame->list.count > 0; i++) {
            size_t shown = flame->list.count - flame->list_top;

            if (shown > flame_list_rows(flame)) {
                shown = flame_list_rows(flame);
            }
            row = random_below(&it.stage.random, shown);
            click_at(&it, 5, flame_list_first(flame) + (int)row);
            row = flame_list_cursor(flame);
            cr_assert(lt(sz, row, flame->list.count));
            cr_assert(flame->is_in_list);
            cr_assert(
                eq(u32, flame->list_function, flame->list.rows[row].function));
            act(&it, ACTION_NEXT_PANE);
            cr_assert(not(flame->is_in_list));
            if (flame_selected_box(flame)->rest_count == 0) {
                cr_assert(eq(u32, flame->profile.nodes[flame->node].function,
                             flame->list.rows[row].function));
            }
            act(&it, ACTION_NEXT_PANE);
        }
        flame_stage_close(&it);
    }
}

Test(flame, stays_with_its_functions_in_another_model)
{
    struct flame_stage it = {0};
    char *folders[3];
    struct trace_model *models[3];

    for (int i = 0; i < 3; i++) {
        folders[i] = temporary_folder_make();
    }
    models[0] = make_model(folders[0], "load", "parse");
    models[1] = make_model(folders[1], "parse", "load");
    models[2] = make_model(folders[2], "read", "write");
    flame_stage_open(&it, 1);
    for (int i = 0; i < 3; i++) {
        it.viewer.model = models[i];
        cr_assert(flame_view.reload(it.view, NULL));
        if (i == 0) {
            act(&it, ACTION_DOWN);
            act(&it, ACTION_REROOT);
            act(&it, ACTION_DOWN);
            act(&it, ACTION_RIGHT);
        }
        draw(&it);
        cr_assert(eq(str, (char *)selected_name(&it), i < 2 ? "load" : "main"));
        cr_assert(eq(uint, ((struct flame *)it.view)->root, 1));
    }
    it.viewer.model = it.stage.model;
    cr_assert(flame_view.reload(it.view, NULL));
    for (int i = 0; i < 3; i++) {
        trace_model_close(models[i]);
        temporary_folder_remove(folders[i]);
    }
    flame_stage_close(&it);
}

/* Both draw the same. */
static void
check_same_screen(const struct flame_stage *a, const struct flame_stage *b)
{
    cr_assert(eq(sz,
                 stage_first_difference(screen_at(a->screen, 0, 0),
                                        screen_at(b->screen, 0, 0), 80 * 24),
                 80 * 24));
}

static enum action_id
random_step(struct random *random)
{
    static const enum action_id actions[] = {
        ACTION_DOWN,           ACTION_DOWN,
        ACTION_RIGHT,          ACTION_UP,
        ACTION_REROOT,         ACTION_BOTTOM_UP,
        ACTION_THREADS,        ACTION_COLLAPSE_RECURSION,
        ACTION_FOCUS_FUNCTION, ACTION_FOCUS_SUBTREE,
        ACTION_MERGE_FUNCTION, ACTION_MERGE_NODE,
        ACTION_DROP_FUNCTION,  ACTION_COLLAPSE_FUNCTION,
        ACTION_CANCEL,         ACTION_COLLAPSE_MODULE,
    };

    return actions[random_below(random, sizeof actions / sizeof actions[0])];
}

/* Small graphs are transformed at once, large ones by a job. */
Test(flame, is_the_same_when_a_job_transforms_it)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage a = {0};
        struct flame_stage b = {0};

        flame_stage_open(&a, seed);
        flame_stage_open(&b, seed);
        ((struct flame *)b.view)->at_once_max = 0;
        for (int i = 0; i < 30; i++) {
            enum action_id action = random_step(&a.stage.random);

            act(&a, action);
            act(&b, action);
            check_same_screen(&a, &b);
        }
        flame_stage_close(&a);
        flame_stage_close(&b);
    }
}

/* Keys that come before the profile does are not lost, nor those behind a step
 * that takes a job. */
Test(flame, does_what_was_typed_ahead)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage slow = {0};
        struct flame_stage fast = {0};

        flame_stage_open(&slow, seed);
        flame_stage_open(&fast, seed);
        ((struct flame *)slow.view)->at_once_max = 0;
        for (int i = 0; i < 20; i++) {
            enum action_id action = random_step(&slow.stage.random);
            bool is_done;

            if (action == ACTION_CANCEL) {
                continue; /* it forgets what was typed */
            }
            act(&fast, action);
            cr_assert(flame_view.command(slow.view, action, &is_done, NULL));
            cr_assert(is_done);
        }
        draw(&slow);
        fast.viewer.message[0] = '\0';
        slow.viewer.message[0] = '\0';
        draw(&fast);
        draw(&slow);
        check_same_screen(&slow, &fast);
        flame_stage_close(&slow);
        flame_stage_close(&fast);
    }
}

Test(flame, forgets_what_was_typed_ahead_on_escape)
{
    struct flame_stage it = {0};
    const struct flame *flame;
    bool is_done;

    flame_stage_open(&it, 1);
    flame = it.view;
    cr_assert(flame_view.command(it.view, ACTION_DOWN, &is_done, NULL));
    cr_assert(is_done);
    cr_assert(flame_view.command(it.view, ACTION_CANCEL, &is_done, NULL));
    cr_assert(is_done);
    cr_assert(flame_view.command(it.view, ACTION_CANCEL, &is_done, NULL));
    cr_assert(not(is_done));
    draw(&it);
    cr_assert(eq(u32, flame->node, 0));
    flame_stage_close(&it);
}

/* Boxes never get more columns or time than what is above them. */
static void
check_widths(const struct flame *flame)
{
    const struct flame_chart *chart = &flame->chart;

    for (size_t row = 1; row < chart->row_count; row++) {
        size_t count;
        size_t above_count;
        const struct flame_box *boxes = flame_chart_row(chart, row, &count);
        const struct flame_box *above =
            flame_chart_row(chart, row - 1, &above_count);
        uint64_t time_ns = 0;
        uint64_t above_ns = 0;

        for (size_t i = 0; i < count; i++) {
            time_ns += boxes[i].total_ns;
            cr_assert(i == 0
                      || boxes[i].x >= boxes[i - 1].x + boxes[i - 1].width);
        }
        for (size_t i = 0; i < above_count; i++) {
            above_ns += above[i].total_ns;
        }
        cr_assert(le(u64, time_ns, above_ns));
    }
}

Test(flame, fits_children_below_their_parents_whatever_is_done)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};

        flame_stage_open(&it, seed);
        for (int i = 0; i < 40; i++) {
            act(&it, random_step(&it.stage.random));
            check_widths(it.view);
        }
        flame_stage_close(&it);
    }
}

/* A click on any crumb shows what was shown when it was the last. */
Test(flame, goes_back_to_the_crumb_that_is_clicked)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};
        struct flame *flame;
        struct flame_crumbs crumbs;

        flame_stage_open(&it, seed);
        flame = it.view;
        act(&it, ACTION_BOTTOM_UP);
        act(&it, ACTION_DOWN);
        act(&it, ACTION_COLLAPSE_RECURSION);
        act(&it, ACTION_DOWN);
        act(&it, ACTION_REROOT);
        cr_assert(eq(sz, flame->transforms.count, 2));
        for (flame_crumbs_of(flame, &crumbs); crumbs.count > 1;
             flame_crumbs_of(flame, &crumbs)) {
            const struct flame_crumb crumb = crumbs.items[crumbs.count - 2];

            click_at(&it, crumb.x, flame_first_row(flame) - 1);
            cr_assert(eq(sz, flame->transforms.count, crumb.step_count));
            cr_assert(eq(u32, flame->root, crumb.node));
        }
        cr_assert(not(flame_has_crumbs(flame)));
        flame_stage_close(&it);
    }
}

/* Going back also scrolls the list to where it was. */
Test(flame, restores_the_rows_of_the_list)
{
    unsigned checked = 0;

    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct flame_stage it = {0};
        const struct flame *flame;

        flame_stage_open(&it, seed);
        flame = it.view;
        cr_assert(flame_view.resize(it.view, 80, 11, NULL));
        act(&it, ACTION_NEXT_PANE);
        act(&it, ACTION_FIRST);
        act(&it, ACTION_DOWN);
        act(&it, ACTION_DOWN);
        if (flame->is_in_list
            && flame->list.count > flame_list_rows(flame) + (size_t)2) {
            void *copy = flame_view.take(it.view, NULL);

            act(&it, ACTION_LAST);
            cr_assert(gt(sz, flame->list_top, 2));
            flame_view.restore(it.view, copy);
            draw(&it);
            cr_assert(eq(sz, flame->list_top, 0));
            flame_view.drop(copy);
            checked++;
        }
        flame_stage_close(&it);
    }
    cr_assert(gt(uint, checked, 0));
}
