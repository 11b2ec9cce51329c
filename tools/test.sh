#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Build every preset that is tested and run the tests.
#
# usage: tools/test.sh JOBS [long]
#
#   dev    all tests
#   asan   all but the lints, under AddressSanitizer and UBSan
#   tsan   the recorder's core with C threads
#   fuzz   libFuzzer on the reader of traces
#
# Without "long" the tests of that label are left out. Ends with a line for
# each build.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1
left_out=long
fuzz_seconds=20
if [ "${2-}" = long ]; then
    left_out=none
    fuzz_seconds=600
fi
results=()
status=0

# build PRESET [TARGET ...]
build() {
    echo "== build $1"
    if ! { cmake --preset "$1" \
        && cmake --build --parallel "$jobs" --preset "$1" \
            ${2:+--target "${@:2}"}; } >build/"$1".log 2>&1; then
        tail -n 60 build/"$1".log
        exit 1
    fi
}

# run NAME COMMAND ...
run() {
    echo "== test $1"
    local start=$SECONDS
    if "${@:2}"; then
        results+=("$1: passed in $((SECONDS - start)) s")
    else
        results+=("$1: FAILED")
        status=1
    fi
}

# run_ctest PRESET LABELS-TO-LEAVE-OUT [OPTIONS OF CTEST]
run_ctest() {
    run "$1" ctest --test-dir build/"$1" --output-on-failure \
        --parallel "$jobs" --timeout 600 --label-exclude "$2" "${@:3}"
}

run_fuzz() {
    local folder=build/fuzz/tests/fuzz
    run fuzz "$folder"/fuzz_trace_reader -max_total_time="$fuzz_seconds" \
        -dict=tests/fuzz/trace_reader.dict -print_final_stats=1 \
        -artifact_prefix="$folder/" -verbosity=0 "$folder"/corpus
}

mkdir -p build
build dev
build asan
build tsan race_record
build fuzz fuzz_trace_reader fuzz_corpus

run_fuzz
run_ctest tsan none --tests-regex '^race_'
run_ctest asan "$left_out|lint"
run_ctest dev "$left_out"

echo
printf '%s\n' "${results[@]}"
exit $status
