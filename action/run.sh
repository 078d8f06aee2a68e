#!/usr/bin/env bash
# The one step of the action: installs difylint unless it is given, checks, and says how it went.
# Reads DIFYLINT_* (the inputs), writes to GITHUB_OUTPUT; runs outside of GitHub as well.
set -euo pipefail

binary=${DIFYLINT_BINARY:-}
if [ -z "$binary" ]; then
    tools=${RUNNER_TEMP:-$(mktemp -d)}/difylint
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check \
        "difylint${DIFYLINT_VERSION:+==$DIFYLINT_VERSION}"
    binary=$tools/bin/difylint
fi

# one argument in each line; empty lines are nothing
lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        if [ -n "$line" ]; then arguments+=("$line"); fi
    done <<<"$1"
}

arguments=(check --output-format github)
if [ -n "${DIFYLINT_PROFILE:-}" ]; then arguments+=("--profile=$DIFYLINT_PROFILE"); fi
if [ -n "${DIFYLINT_FAIL_ON:-}" ]; then arguments+=("--fail-on=$DIFYLINT_FAIL_ON"); fi
if [ -n "${DIFYLINT_SINCE:-}" ]; then arguments+=("--since=$DIFYLINT_SINCE"); fi
if [ -n "${DIFYLINT_SARIF:-}" ]; then arguments+=("--output-format=sarif=$DIFYLINT_SARIF"); fi
if [ -n "${DIFYLINT_HTML:-}" ]; then arguments+=("--output-format=html=$DIFYLINT_HTML"); fi
lines "${DIFYLINT_ARGS:-}"
arguments+=(--)
lines "${DIFYLINT_PATH:-.}"

status=0
"$binary" "${arguments[@]}" || status=$?

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    {
        echo "status=$status"
        echo "sarif=${DIFYLINT_SARIF:-}"
        echo "html=${DIFYLINT_HTML:-}"
    } >>"$GITHUB_OUTPUT"
fi
exit "$status"
