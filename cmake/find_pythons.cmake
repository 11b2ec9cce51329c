# Find the interpreters the recorder extension is built for.
#
# viztracer_find_pythons() sets VIZTRACER_PYTHON_TARGETS, a cached list with one
# item an interpreter: executable|version|extension suffix|include folder. Only
# one interpreter stands for a (version, ABI suffix). Candidates are those of
# VIZTRACER_PYTHONS when set, else what is on PATH, in /usr/bin, under pyenv and
# in the active virtual environment.

function(viztracer_python_candidates out)
  if(VIZTRACER_PYTHONS)
    set(${out} ${VIZTRACER_PYTHONS} PARENT_SCOPE)
    return()
  endif()
  set(candidates)
  if(DEFINED ENV{VIRTUAL_ENV})
    list(APPEND candidates "$ENV{VIRTUAL_ENV}/bin/python3")
  endif()
  file(GLOB installed
    /usr/bin/python3 /usr/bin/python3.? /usr/bin/python3.??
    "$ENV{HOME}/.pyenv/versions/*/bin/python3")
  list(APPEND candidates ${installed})
  string(REPLACE ":" ";" folders "$ENV{PATH}")
  foreach(folder IN LISTS folders)
    file(GLOB installed "${folder}/python3" "${folder}/python3.?"
      "${folder}/python3.??")
    list(APPEND candidates ${installed})
  endforeach()
  list(FILTER candidates EXCLUDE REGEX "/shims/") # pyenv's, found above
  list(REMOVE_DUPLICATES candidates)
  set(${out} ${candidates} PARENT_SCOPE)
endfunction()

function(viztracer_find_pythons)
  if(DEFINED VIZTRACER_PYTHON_TARGETS
     AND "${VIZTRACER_PYTHONS_ASKED}" STREQUAL "${VIZTRACER_PYTHONS}")
    return()
  endif()
  viztracer_python_candidates(candidates)
  set(targets)
  set(known)
  foreach(candidate IN LISTS candidates)
    execute_process(
      COMMAND "${candidate}" -I "${CMAKE_SOURCE_DIR}/cmake/python_probe.py"
      OUTPUT_VARIABLE answer RESULT_VARIABLE status
      OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(NOT status EQUAL 0 OR answer STREQUAL "")
      if(VIZTRACER_PYTHONS)
        message(FATAL_ERROR "${candidate} is not a CPython 3.6 or later")
      endif()
      continue()
    endif()
    list(GET answer 1 version)
    list(GET answer 2 suffix)
    list(GET answer 4 has_headers)
    if(NOT has_headers)
      message(STATUS "Recorder: CPython ${version} at ${candidate} "
                     "has no Python.h (python3-dev), skipped")
      continue()
    endif()
    if("${suffix}" IN_LIST known)
      continue()
    endif()
    list(APPEND known "${suffix}")
    list(SUBLIST answer 0 4 answer)
    string(REPLACE ";" "|" answer "${answer}")
    list(APPEND targets "${answer}")
    message(STATUS "Recorder: CPython ${version} at ${candidate}")
  endforeach()
  if(NOT targets)
    message(WARNING "No CPython 3.6 or later with headers was found "
                    "(package python3-dev): no recorder is built")
  endif()
  set(VIZTRACER_PYTHON_TARGETS "${targets}" CACHE STRING
    "Interpreters found: executable|version|suffix|include" FORCE)
  set(VIZTRACER_PYTHONS_ASKED "${VIZTRACER_PYTHONS}" CACHE INTERNAL "")
  mark_as_advanced(VIZTRACER_PYTHON_TARGETS)
endfunction()
