#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Build every preset that is tested and run the tests.
#
# usage: tools/test.sh JOBS [long]
#
# Without "long" the tests labelled long are left out. Ends with ctest's
# summary of each build.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1
left_out=long
[ "${2-}" = long ] && left_out=none

build() {
    echo "== build $1"
    cmake --preset "$1" >build/"$1".log 2>&1 \
        && cmake --build --parallel "$jobs" --preset "$1" >>build/"$1".log 2>&1 \
        || { tail -n 60 build/"$1".log; exit 1; }
}

failed=()
# run_tests PRESET [LABELS TO LEAVE OUT [OPTIONS OF CTEST]]
run_tests() {
    echo "== test $1"
    ctest --test-dir build/"$1" --output-on-failure --parallel "$jobs" \
        --timeout 600 --label-exclude "$left_out${2:+|$2}" "${@:3}" \
        || failed+=("$1")
}

mkdir -p build
build dev
build asan
build tsan
build fuzz
run_tests dev
run_tests asan lint
run_tests tsan lint --label-regex threads
run_tests fuzz

if [ ${#failed[@]} -gt 0 ]; then
    echo "FAILED in: ${failed[*]}"
    exit 1
fi
echo "All tests passed."
