#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Record examples/app.py with the build in $1 and show its timeline.
set -euo pipefail
cd "$(dirname "$0")/.."
viztracer=$1/bin/viztracer

# The recording is this run's own, in a folder that goes when it was shown.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "\$ viztracer -o app.vzt examples/app.py"
"$viztracer" --quiet -o "$folder/app.vzt" examples/app.py
echo
echo "\$ viztracer view --print app.vzt"
"$viztracer" view --print "$folder/app.vzt"
