#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Make sure that the Debian packages of one or more groups are installed.
#
# usage: tools/packages.sh build|test|gallery|...
#
# As root, or where sudo asks for no password, installs what is missing and
# says what and why. Otherwise prints the one line to ask an administrator
# for and exits with status 1. Never asks a question.
set -euo pipefail

# What each group is for, and its packages.
reason_of() {
    case $1 in
    build) echo "to build viztracer" ;;
    test) echo "to build and run its tests" ;;
    gallery) echo "to render the viewer's screens" ;;
    *) echo "tools/packages.sh: there is no group '$1'" >&2; exit 2 ;;
    esac
}

# Node may come from elsewhere, and then has npm with it.
node_packages() {
    command -v npm >/dev/null || echo nodejs npm
}

packages_of() {
    case $1 in
    build) echo build-essential cmake ninja-build pkg-config git python3-dev \
        libncurses-dev libcjson-dev zlib1g-dev $(node_packages) ;;
    test) echo libcriterion-dev clang libclang-rt-14-dev clang-format \
        clang-tidy tmux ncurses-term locales mandoc valgrind gcovr \
        python3-venv openssh-server openssh-client chromium firefox-esr \
        debootstrap pypy3 uftrace ;;
    gallery) echo python3 python3-pyte python3-pil fonts-dejavu-core ;;
    esac
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# How commands are run as root: "", or sudo, or nothing that works.
find_root() {
    if [ "$(id -u)" = 0 ]; then
        root=()
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        root=(sudo -n)
    else
        return 1
    fi
}

apt() {
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

ask_for() {
    echo "To go on, these packages are needed; as an administrator:" >&2
    echo >&2
    echo "    apt-get update && apt-get install -y ${missing[*]}" >&2
    echo >&2
    exit 1
}

missing=()
reasons=()
for group in "$@"; do
    reason=$(reason_of "$group")
    of_group=()
    for package in $(packages_of "$group"); do
        if ! is_installed "$package"; then
            of_group+=("$package")
        fi
    done
    if [ ${#of_group[@]} -gt 0 ]; then
        missing+=("${of_group[@]}")
        reasons+=("$reason: ${of_group[*]}")
    fi
done

[ ${#missing[@]} -gt 0 ] || exit 0

echo "Missing packages"
printf '    %s\n' "${reasons[@]}"

if ! command -v apt-get >/dev/null; then
    echo "This is not Debian: install them, or what they are called here," \
        "by hand." >&2
    exit 1
fi
find_root || ask_for
echo "Installing them with apt-get ..."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt update && apt install --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    ask_for
fi
