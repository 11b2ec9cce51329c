// SPDX-License-Identifier: Apache-2.0
/*
 * cli/install_paths.h - where our own files are, found from the binary.
 *
 *     PREFIX/bin/viztracer           PREFIX/lib/viztracer/python/viztracer
 *     ENV/bin/viztracer              ENV/lib/python3.N/site-packages/viztracer
 *     SITE/viztracer/_bin/viztracer  SITE/viztracer
 *     TARGET/bin/viztracer           TARGET/viztracer
 *
 * The first is a build tree, an installed prefix or a moved one; the others
 * are made by pip. A package made by pip counts only when the binary that it
 * carries is, byte for byte, the one that runs.
 */
#ifndef CLI_INSTALL_PATHS_H
#define CLI_INSTALL_PATHS_H

#include <stdbool.h>

struct error;

struct install_paths {
    char *python_folder;    /* on sys.path it makes "import viztracer" work */
    char *bootstrap_folder; /* on PYTHONPATH it starts the recorder */
};

/* Absolute paths, which the caller releases. */
bool install_paths_find(struct install_paths *paths, struct error *err);

void install_paths_release(struct install_paths *paths);

#endif
