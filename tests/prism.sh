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
# In a session of its own: npx starts the mock as another process, which would outlive it and hold the port.
setsid ${PRISM:-npx --yes @stoplight/prism-cli} mock --errors --host 127.0.0.1 --port "$port" "$file" >"$log" 2>&1 &
mock=$!
result=$(mktemp)
trap 'kill -- "-$mock" 2>/dev/null || true; rm -f "$log" "$result"' EXIT

tries=0
until grep -q 'Prism is listening' "$log"; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$mock" 2>/dev/null; then
        cat "$log" >&2
        exit 1
    fi
    sleep 1
done

status=0
NINJAONE_MOCK=http://127.0.0.1:$port cargo test --locked -p ninja-client --test it -- --nocapture --exact \
    mock::a_mock_of_the_specification_refuses_no_typed_operation >"$result" 2>&1 || status=$?
cat "$result"
# A test of another name would have sent nothing, and not failed.
grep -q '[1-9][0-9]* operations sent, .* 0 refused$' "$result" || status=1
exit "$status"
