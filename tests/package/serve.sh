#!/usr/bin/env bash
# serve.sh PROGRAM DATA: the server starts, tells what is in its log by name, and ends with 0 when it is asked to.
set -euo pipefail

output=$2.serve.txt
"$1" serve --data "$2" --listen 127.0.0.1:0 >"$output" 2>&1 &
server=$!
for _ in $(seq 600); do
  if grep -q '^READY' "$output"; then break; fi
  kill -0 "$server" || { cat "$output"; exit 1; }
  sleep 0.1
done
address=$(sed -n 's|^listening  http://\([0-9.:]*\),.*|\1|p' "$output")
exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
printf 'GET /v1/log?after=0 HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$address" >&3
answer=$(cat <&3)
grep -q '"kind":"auction".*"event":"bid","bidder":"bob","amount":500' <<<"$answer" || { echo "$answer"; exit 1; }
kill -TERM "$server"
wait "$server"
