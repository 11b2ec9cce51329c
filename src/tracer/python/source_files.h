// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/source_files.h - keep the sources of what runs in the trace.
 */
#ifndef TRACER_PYTHON_SOURCE_FILES_H
#define TRACER_PYTHON_SOURCE_FILES_H

#include "format/record_encode.h"

/*
 * Put the file into the recording when it is the first time that it is named.
 * What is no regular file ("<string>", a member of a zip file, a pipe) or is
 * larger than 16 MiB is left out.
 */
void source_file_record(struct text_span path);

#endif
