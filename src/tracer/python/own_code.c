// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/own_code.c - which functions are the recorder's own and are
 * not shown.
 */
#include "tracer/python/own_code.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <string.h>

/* Constant once the extension is loaded, so kept for the whole process. */
static char package_folder[PATH_MAX];
static const void *first_byte;
static const void *last_byte;

/* The bytes of this object in memory, from its program headers. */
static int
find_own_range(struct dl_phdr_info *info, size_t size, void *data)
{
    uintptr_t here = (uintptr_t)data;

    (void)size;
    for (unsigned i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        uintptr_t end = start + info->dlpi_phdr[i].p_memsz;

        if (info->dlpi_phdr[i].p_type == PT_LOAD && here >= start
            && here < end) {
            first_byte = (const void *)start;
            last_byte = (const void *)(end - 1);
            return 1;
        }
    }
    return 0;
}

void
own_code_prepare(void)
{
    Dl_info info;
    const char *slash = NULL;

    if (first_byte != NULL) {
        return;
    }
    dl_iterate_phdr(find_own_range, (void *)(uintptr_t)own_code_prepare);
    if (dladdr((void *)(uintptr_t)own_code_prepare, &info) == 0
        || info.dli_fname == NULL
        || (slash = strrchr(info.dli_fname, '/')) == NULL
        || (size_t)(slash - info.dli_fname) >= sizeof package_folder) {
        return;
    }
    memcpy(package_folder, info.dli_fname, (size_t)(slash - info.dli_fname));
}

const char *
own_code_folder(void)
{
    return package_folder;
}

bool
own_code_is_file(struct text_span path)
{
    size_t size = strlen(package_folder);

    return size > 0 && path.size > size && path.data[size] == '/'
           && memcmp(path.data, package_folder, size) == 0;
}

bool
own_code_is_method(const PyMethodDef *method)
{
    uintptr_t address = (uintptr_t)method->ml_meth;

    return address >= (uintptr_t)first_byte && address <= (uintptr_t)last_byte
           && first_byte != NULL;
}
