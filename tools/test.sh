#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Build every preset that is tested and run the tests.
#
# usage: tools/test.sh JOBS [long]
#
#   dev    all tests
#   asan   all but the lints, under AddressSanitizer and UBSan; the longest
#          ones, of which dev runs the same code, only with "long"
#   tsan   the recorder's core with C threads
#   fuzz   libFuzzer on the reader of traces and the model, on what a terminal
#          sends, on the import of JSON and of compressed traces, and on source
#          files
#
# Without "long" the tests of that label are left out. Ends with a line for
# each build.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1
left_out=long
left_out_of_asan='terminal_(screens|budgets|harness)|html_page'
left_out_of_asan+='|program_(compileall|pip|unittest|json)|kill_|race_record'
left_out_of_asan+='|^fuzz_|cli_(recordings|signals|transparent)_3.12'
left_out_of_asan+='|examples_3.11|beside_3.11'
fuzz_seconds=20
fuzz_seed=-seed=1 # so that what one run finds the next one does, too
if [ "${2-}" = long ]; then
    left_out=none
    left_out_of_asan=none
    fuzz_seconds=600
    fuzz_seed=
    export VIZTRACER_TEST_LONG=1
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
#
# Signals, kills and other processes are a matter of timing on a busy machine:
# what fails gets a second try, and is named at the end, for it is a defect.
run_ctest() {
    local log=build/"$1".tests.log
    run "$1" run_logged "$log" ctest --test-dir build/"$1" \
        --output-on-failure --repeat until-pass:2 \
        --parallel "$jobs" --timeout 600 --label-exclude "$2" "${@:3}"
    grep -oE '[^ ]+ \.+\*\*\*[A-Z][a-z]+' "$log" | sort | uniq -c | sed \
        "s/^ *\([0-9]*\) /$1: failed \1 time(s): /" >>build/failures.log \
        || true
}

run_logged() {
    "${@:2}" | tee "$1"
}

# run_fuzz NAME CORPUS
run_fuzz() {
    local folder=build/fuzz/tests/fuzz log=build/fuzz.$1.log
    "$folder"/fuzz_"$1" -max_total_time="$fuzz_seconds" $fuzz_seed \
        -dict=tests/fuzz/"$1".dict -print_final_stats=1 \
        -artifact_prefix="$folder/" -verbosity=0 "$folder/$2" \
        2>"$log" || { cat "$log"; return 1; }
    tail -n 5 "$log"
}

# Each takes one processor and a set time, so they run side by side.
run_all_fuzz() {
    local jobs=() job failed=0
    run_fuzz trace_reader corpus & jobs+=($!)
    run_fuzz trace_model corpus & jobs+=($!)
    run_fuzz tty_input corpus_tty & jobs+=($!)
    run_fuzz chrome_json corpus_json & jobs+=($!)
    run_fuzz packed_trace corpus_packed & jobs+=($!)
    run_fuzz source_text corpus_source & jobs+=($!)
    for job in "${jobs[@]}"; do
        wait "$job" || failed=1
    done
    return $failed
}

mkdir -p build
build dev
build asan
build tsan race_record
build fuzz fuzz_trace_reader fuzz_trace_model fuzz_tty_input fuzz_chrome_json \
    fuzz_packed_trace fuzz_source_text fuzz_corpus

: >build/failures.log
run fuzz run_all_fuzz
run_ctest tsan none --tests-regex '^race_'
run_ctest asan "$left_out|lint" --exclude-regex "$left_out_of_asan"
run_ctest dev "$left_out"

echo
cat build/failures.log
printf '%s\n' "${results[@]}"
exit $status
