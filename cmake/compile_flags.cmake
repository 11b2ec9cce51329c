# One place for the language level, the warnings and the instrumentation.
# Every target of ours links viztracer_flags.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(viztracer_flags INTERFACE)
target_compile_definitions(viztracer_flags INTERFACE
  _GNU_SOURCE _FILE_OFFSET_BITS=64
  VIZTRACER_VERSION="${PROJECT_VERSION}")
target_include_directories(viztracer_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(viztracer_flags INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wformat=2 $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation> -fno-common -fstack-protector-strong
  $<$<BOOL:${VIZTRACER_WERROR}>:-Werror>)
if(VIZTRACER_SANITIZE)
  target_compile_options(viztracer_flags INTERFACE
    -fsanitize=${VIZTRACER_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  # clang's check of pointers that wrap around also finds NULL + 0, the start
  # of an array without elements, which C2y defines (N3322). What leaves an
  # object is AddressSanitizer's to find.
  if(CMAKE_C_COMPILER_ID STREQUAL Clang)
    target_compile_options(viztracer_flags INTERFACE
      -fno-sanitize=pointer-overflow)
  endif()
  string(REGEX REPLACE "fuzzer-no-link,?" "" link_sanitize "${VIZTRACER_SANITIZE}")
  target_link_options(viztracer_flags INTERFACE -fsanitize=${link_sanitize})
endif()
if(VIZTRACER_COVERAGE)
  target_compile_options(viztracer_flags INTERFACE --coverage)
  target_link_options(viztracer_flags INTERFACE --coverage)
endif()

# Product code is held to more than tests: Criterion's macros trip
# -Wconversion, and only product code has the list of banned functions.
add_library(viztracer_product INTERFACE)
target_link_libraries(viztracer_product INTERFACE viztracer_flags)
target_compile_options(viztracer_product INTERFACE
  -Wconversion "SHELL:-include ${CMAKE_SOURCE_DIR}/src/base/banned.h")
