// SPDX-License-Identifier: Apache-2.0
#include "tui/loader.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/trace_model.h"

#define NS_PER_MS UINT64_C(1000000)

struct loader {
    pthread_t thread;
    int fd;
    loader_function *function;
    void *context;
    atomic_uint_fast64_t done;
    atomic_uint_fast64_t total;
    atomic_bool is_cancelled;
    unsigned patience_ms; /* 0 = it has no end */
    uint64_t end_ns;      /* of that; of the thread once it runs */
    atomic_bool is_cut;
    /* Of the thread until it is joined. */
    bool is_ok;
    struct trace_model *model;
    struct error err;
};

static void
begin_patience(struct loader *loader)
{
    loader->end_ns = clock_monotonic_ns() + loader->patience_ms * NS_PER_MS;
}

static bool
note_progress(void *context, uint64_t done, uint64_t total)
{
    struct loader *loader = context;

    atomic_store(&loader->done, done);
    atomic_store(&loader->total, total);
    if (loader->patience_ms > 0 && total == 0) {
        begin_patience(loader);
    } else if (loader->patience_ms > 0 && done < total
               && clock_monotonic_ns() > loader->end_ns) {
        atomic_store(&loader->is_cut, true);
    }
    return !atomic_load(&loader->is_cancelled) && !atomic_load(&loader->is_cut);
}

static void *
run(void *context)
{
    const uint64_t one = 1;
    struct loader *loader = context;
    const struct progress progress = {note_progress, loader};

    loader->is_ok = loader->function(loader->context, &loader->model, progress,
                                     &loader->err);
    (void)!write(loader->fd, &one, sizeof one);
    return NULL;
}

bool
loader_start(struct loader **out, loader_function *function, void *context,
             unsigned patience_ms, struct error *err)
{
    struct loader *loader = array_new(1, sizeof *loader, err);
    int reason;

    if (loader == NULL) {
        return false;
    }
    loader->function = function;
    loader->context = context;
    loader->patience_ms = patience_ms;
    begin_patience(loader);
    loader->fd = eventfd(0, EFD_CLOEXEC);
    if (loader->fd < 0) {
        (void)error_set_system(err, errno, "cannot wait for the trace");
        free(loader);
        return false;
    }
    reason = pthread_create(&loader->thread, NULL, run, loader);
    if (reason != 0) {
        (void)close(loader->fd);
        free(loader);
        return error_set_system(err, reason, "cannot make a thread");
    }
    *out = loader;
    return true;
}

int
loader_fd(const struct loader *loader)
{
    return loader->fd;
}

double
loader_fraction(const struct loader *loader)
{
    uint64_t total = atomic_load(&loader->total);
    uint64_t done = atomic_load(&loader->done);

    return total == 0 ? -1 : done >= total ? 1 : (double)done / (double)total;
}

void
loader_cancel(struct loader *loader)
{
    atomic_store(&loader->is_cancelled, true);
}

bool
loader_is_cut(const struct loader *loader)
{
    return atomic_load(&loader->is_cut);
}

bool
loader_is_cancelled(const struct loader *loader)
{
    return atomic_load(&loader->is_cancelled);
}

bool
loader_finish(struct loader *loader, struct trace_model **out,
              struct error *err)
{
    bool is_ok;

    (void)pthread_join(loader->thread, NULL);
    is_ok = loader->is_ok;
    if (is_ok) {
        *out = loader->model;
    } else {
        *err = loader->err;
    }
    (void)close(loader->fd);
    free(loader);
    return is_ok;
}
