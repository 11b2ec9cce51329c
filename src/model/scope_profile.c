// SPDX-License-Identifier: Apache-2.0
#include "model/scope_profile.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_section.h"
#include "model/profile_order.h"
#include "model/profile_pass.h"

const struct model_function *
scope_profile_function(const struct trace_model *model, uint32_t function)
{
    return function < trace_model_function_count(model)
               ? trace_model_function(model, function)
               : trace_model_unknown_function(model);
}

static bool
take_tree(struct scope_profile *profile, const struct profile_pass *pass,
          struct error *err)
{
    profile->level_max = pass->tree.level_max;
    return profile_order_take(profile, pass->model, &pass->tree, err);
}

/* The sums that the model made when it was opened. */
static bool
take_sums_of_model(struct scope_profile *profile,
                   const struct trace_model *model, struct error *err)
{
    uint32_t count = trace_model_function_count(model);

    profile->functions =
        array_new(count + (size_t)1, sizeof *profile->functions, err);
    if (profile->functions == NULL) {
        return false;
    }
    for (uint32_t i = 0; i <= count; i++) {
        const struct model_function *function =
            scope_profile_function(model, i);

        profile->functions[i] = (struct profile_function){
            .call_count = function->call_count,
            .total_ns = function->total_ns,
            .self_ns = function->self_ns,
            .min_ns = function->min_ns,
            .max_ns = function->max_ns,
            .unfinished_count = function->unfinished_count,
        };
    }
    return true;
}

static bool
take_durations(struct scope_profile *profile,
               const struct duration_histograms *histograms, struct error *err)
{
    size_t count = histograms->function_count;

    profile->durations = array_new(count, sizeof *profile->durations, err);
    for (size_t i = 0; profile->durations != NULL && i < count; i++) {
        profile->durations[i] = duration_histograms_facts(histograms, i);
    }
    return profile->durations != NULL;
}

static bool
take_pass(struct scope_profile *profile, const struct trace_model *model,
          const struct trace_scope *scope,
          const struct scope_profile_options *options, struct error *err)
{
    struct profile_pass pass = {
        .model = model,
        .scope = scope,
        .has_tree = !options->has_no_tree,
        .has_tracks = options->has_tracks,
        .has_durations = options->has_durations,
        .path = options->path,
        .path_length = options->path_length,
        .node_max =
            options->node_max != 0 ? options->node_max : PROFILE_NODE_MAX,
    };
    bool ok = profile_pass_run(&pass, options, err)
              && (!pass.has_tree || take_tree(profile, &pass, err))
              && (!pass.has_durations
                  || take_durations(profile, &pass.durations, err));

    if (ok) {
        uint32_t count = trace_model_function_count(model);

        for (uint32_t i = 0; i <= count; i++) {
            if (pass.functions[i].min_ns == UINT64_MAX) {
                pass.functions[i].min_ns = 0;
            }
        }
        profile->functions = pass.functions;
        pass.functions = NULL;
    }
    profile_pass_release(&pass);
    return ok;
}

bool
scope_profile_build(struct scope_profile *profile,
                    const struct trace_model *model,
                    const struct trace_scope *scope,
                    const struct scope_profile_options *options,
                    struct error *err)
{
    bool is_known = options->has_no_tree && !options->has_durations
                    && trace_scope_is_whole(scope, model);
    struct scope_profile made = {
        .level_max = UINT32_MAX,
        .function_count = trace_model_function_count(model),
    };

    *profile = (struct scope_profile){0};
    if (!(is_known ? take_sums_of_model(&made, model, err)
                   : take_pass(&made, model, scope, options, err))) {
        scope_profile_release(&made);
        return false;
    }
    for (uint32_t i = 0; i <= made.function_count; i++) {
        made.total_ns += made.functions[i].self_ns;
        made.call_count += made.functions[i].call_count;
    }
    *profile = made;
    return true;
}

void
scope_profile_release(struct scope_profile *profile)
{
    free(profile->nodes);
    free(profile->functions);
    free(profile->durations);
    *profile = (struct scope_profile){0};
}
