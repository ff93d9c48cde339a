#!/bin/sh
# Make a virtual environment by a lock file, hashes checked, with the project in it as it stands in this folder.
# usage: deploy/setup.sh VENV LOCK [PYTHON]
set -eu

venv=$1 lock=$2 wanted=${3:-}

usable() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

choose() {
    if [ -n "$wanted" ]; then
        usable "$wanted" || { echo "$wanted is no Python of 3.11 or later with venv: name another: make PYTHON=..." >&2; return 1; }
        echo "$wanted"
        return
    fi
    for candidate in python3.11 python3.12 python3.13 python3 python3.14 python /usr/bin/python3 /usr/local/bin/python3; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "no usable Python of 3.11 or later was found: install one (on Debian: python3 and python3-venv), or name it: make PYTHON=..." >&2
    return 1
}

if ! usable "$venv/bin/python"; then
    python=$(choose)
    echo "making $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
echo "installing what $lock pins; the first time takes a minute or two"
pip="$venv/bin/python -m pip --disable-pip-version-check --quiet"
$pip install --require-hashes -r "$lock"
$pip install --no-build-isolation --no-deps --no-index --editable .
touch "$venv/.ready"
