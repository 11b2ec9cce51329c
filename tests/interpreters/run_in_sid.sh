#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Run a test of tests/python with an interpreter that only Debian sid has.
#
# usage: tests/interpreters/run_in_sid.sh VERSION SCRIPT [ARGUMENT ...]
#
# PACKAGE is the built package: its extension, made for 3.12 and all later
# versions, meets an interpreter that it was not built with. The script runs in
# a chroot below ${XDG_CACHE_HOME:-~/.cache}/viztracer-tests, made once with
# debootstrap (about 400 MB), where this source tree is mounted read-only. Needs
# root, and the network the first time. What is missing is said, and the status
# is 77 then.
set -euo pipefail
version=$1
script=$(realpath "$2")
package=$(realpath "$PACKAGE")
shift 2
top=$(realpath "$(dirname "$0")/../..")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/viztracer-tests
root=$cache/sid
log=$cache/sid.log

skip() {
    echo "SKIPPED: Python $version of Debian sid: $1" >&2
    exit 77
}

# The mirror that this machine's own packages come from.
mirror() {
    { grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list \
        /etc/apt/sources.list.d || true; } | head -n 1
}

in_chroot() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}

# The release file of a snapshot may be out of date; it is signed all the same.
install_packages() {
    in_chroot apt-get -q -o Acquire::Check-Valid-Until=false update \
        && in_chroot apt-get -q -y --no-install-recommends install "$@"
}

make_chroot() {
    local url
    url=$(mirror)
    rm -rf "$root.new"
    debootstrap --variant=minbase sid "$root.new" \
        "${url:-http://deb.debian.org/debian}" && mv "$root.new" "$root"
}

prepare() {
    mkdir -p "$cache"
    exec 9>"$cache/sid.lock"
    flock 9
    if [ ! -d "$root" ]; then
        command -v debootstrap >/dev/null \
            || skip "debootstrap is not installed"
        make_chroot >"$log" 2>&1 \
            || { tail -n 5 "$log" >&2; skip "no chroot, see $log"; }
    fi
    if [ ! -x "$root/usr/bin/python$version" ]; then
        cp /etc/resolv.conf "$root/etc/resolv.conf"
        install_packages "python$version" libcjson1 libncursesw6 \
            >>"$log" 2>&1 || { tail -n 5 "$log" >&2;
                skip "no package for it, see $log"; }
    fi
    flock -u 9
}

[ "$(id -u)" = 0 ] || skip "a chroot needs root"
unshare --mount true 2>/dev/null || skip "this system lets nobody mount"
prepare
mkdir -p "$root$top"

# Mounts of its own, which end with it. The script and the paths are seen in
# the chroot by the names that they have outside.
# shellcheck disable=SC2016
exec unshare --mount --propagation private bash -euc '
    root=$1 top=$2 version=$3 package=$4
    shift 4
    mount --bind "$top" "$root$top"
    mount -o remount,bind,ro "$root$top"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp" -o "mode=1777"
    if [ "${top#/tmp/}" != "$top" ]; then # the new /tmp hides it
        mkdir -p "$root$top"
        mount --bind "$top" "$root$top"
        mount -o remount,bind,ro "$root$top"
    fi
    exec chroot "$root" env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 \
        PACKAGE="$package" PYTHON="/usr/bin/python$version" \
        RANDOM_PROGRAMS="${RANDOM_PROGRAMS-20}" "python$version" -B "$@"
' run "$root" "$top" "$version" "$package" "$script" "$@"
