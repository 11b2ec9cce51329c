// SPDX-License-Identifier: Apache-2.0
#include "tui/filter_host.h"

#include <stddef.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/app.h"

bool
filter_host_show(struct filter_host *host, struct app *app,
                 struct trace_model *left, const char *filter,
                 struct error *err)
{
    if (!app_set_filter(app, left != NULL ? left : host->whole, filter, err)) {
        trace_model_close(left);
        return false;
    }
    trace_model_close(host->left);
    host->left = left;
    return true;
}

bool
filter_host_serve(struct filter_host *host, struct app *app, const char *filter,
                  struct error *err)
{
    struct trace_model *left = NULL;
    struct error failure = {0};

    if (filter[0] != '\0'
        && !host->filter(host->context, host->whole, filter, &left,
                         (struct progress){0}, &failure)) {
        app_keep_filter(app, failure.message);
        return true;
    }
    return filter_host_show(host, app, left, filter, err);
}

void
filter_host_reset(struct filter_host *host, const struct trace_model *whole)
{
    trace_model_close(host->left);
    host->left = NULL;
    host->whole = whole;
}

void
filter_host_release(struct filter_host *host)
{
    trace_model_close(host->left);
    *host = (struct filter_host){0};
}
