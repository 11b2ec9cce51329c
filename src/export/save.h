// SPDX-License-Identifier: Apache-2.0
/*
 * export/save.h - the one function that the recorder extension looks up in
 * libviztracer.so when the traced program itself saves.
 */
#ifndef EXPORT_SAVE_H
#define EXPORT_SAVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Convert the recording at recording_path (a .vzt file or a directory) into
 * output_path, whose suffix picks the format; ".vzt" copies the sections as
 * they are. On failure returns false and writes a message of at most
 * message_size - 1 bytes. *event_count gets the number of events. Called
 * by name (dlsym) from another build of the same version.
 */
bool viztracer_save(const char *recording_path, const char *output_path,
                    bool has_file_info, unsigned long long *event_count,
                    char *message, size_t message_size);

#endif
