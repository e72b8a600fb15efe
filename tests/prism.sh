#!/bin/sh
# Sends every typed operation of ninja-client to a mock of NinjaOne's specification that nobody here wrote, and fails on any that it refuses.
#
#     tests/prism.sh PATH_TO_OPENAPI
#
# Needs npx, which fetches @stoplight/prism-cli where PRISM does not name an installed one.
set -eu

file=${1:?usage: tests/prism.sh PATH_TO_OPENAPI}
port=${PORT:-4010}
log=$(mktemp)
${PRISM:-npx --yes @stoplight/prism-cli} mock --errors --host 127.0.0.1 --port "$port" "$file" >"$log" 2>&1 &
mock=$!
trap 'kill "$mock" 2>/dev/null || true; rm -f "$log"' EXIT

tries=0
until grep -q 'Prism is listening' "$log"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$mock" 2>/dev/null; then
        cat "$log" >&2
        exit 1
    fi
    sleep 1
done

NINJAONE_MOCK=http://127.0.0.1:$port cargo test --locked -p ninja-client --test it -- --nocapture \
    mock::a_mock_of_the_specification_refuses_no_typed_operation
