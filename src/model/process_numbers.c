// SPDX-License-Identifier: Apache-2.0
#include "model/process_numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "format/reader.h"
#include "model/model_data.h"

enum { PID_MAX = 4 * 1024 * 1024 }; /* PID_MAX_LIMIT of Linux */

static int
compare_pids(const void *left, const void *right, void *context)
{
    const struct trace_model *model = context;
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    uint32_t a_pid = model->processes[a].pid;
    uint32_t b_pid = model->processes[b].pid;

    return a_pid != b_pid ? (a_pid > b_pid) - (a_pid < b_pid)
                          : (a > b) - (a < b);
}

static const struct vzt_section_header *
header_of(const struct trace_model *model, size_t process)
{
    return &model->sections[model->process_sections[process]].section->header;
}

/* Whether two of one id are one process, which became another program. */
static bool
is_same_process(const struct trace_model *model, size_t a, size_t b)
{
    const struct vzt_section_header *one = header_of(model, a);
    const struct vzt_section_header *other = header_of(model, b);

    return one->process_start != 0 && one->process_start == other->process_start
           && one->pid_namespace == other->pid_namespace
           && memcmp(one->boot_id, other->boot_id, sizeof one->boot_id) == 0;
}

/* Whether there is a process of that id. */
static bool
has_pid(const struct trace_model *model, const size_t *order, uint32_t pid)
{
    size_t low = 0;
    size_t high = model->process_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (model->processes[order[middle]].pid < pid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < model->process_count
           && model->processes[order[low]].pid == pid;
}

/* Those of the id of order[first], up to end. */
static void
number_equals(struct trace_model *model, const size_t *order, size_t first,
              size_t end, uint32_t *next)
{
    for (size_t i = first; i < end; i++) {
        struct model_process *process = &model->processes[order[i]];
        size_t same = first;

        while (same < i && !is_same_process(model, order[same], order[i])) {
            same++;
        }
        if (same < i) {
            process->number = model->processes[order[same]].number;
            continue;
        }
        if (i == first) {
            process->number = process->pid;
            continue;
        }
        do {
            ++*next;
        } while (has_pid(model, order, *next));
        process->number = *next;
    }
}

bool
process_numbers_set(struct trace_model *model, struct error *err)
{
    size_t count = model->process_count;
    size_t *order = array_new(count, sizeof *order, err);
    uint32_t next = PID_MAX;

    if (order == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof *order, compare_pids, model);
    for (size_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count
               && model->processes[order[end]].pid
                      == model->processes[order[first]].pid) {
            end++;
        }
        number_equals(model, order, first, end, &next);
    }
    free(order);
    return true;
}
