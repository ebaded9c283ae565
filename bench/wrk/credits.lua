-- A second opinion on `tote bench http`: the same request from wrk.
--   wrk -t1 -c64 -d10s --latency -s bench/wrk/credits.lua http://127.0.0.1:8080 -- WALLETS
-- The wallets w00000000 … must exist; `tote bench http --wallets N` creates them.
local run = string.format("%08x", os.time() % 0x100000000)
local thread_count, count, wallets = 0, 0, 1

function setup(thread)
  thread:set("number", thread_count)
  thread_count = thread_count + 1
end

function init(args)
  wallets = tonumber(args[1]) or 1
  prefix = string.format("wrk-%s-%02d-", run, number)
  wrk.method = "POST"
  wrk.body = '{"amount":1}'
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  count = count + 1
  wrk.headers["Idempotency-Key"] = prefix .. count
  return wrk.format(nil, string.format("/v1/wallets/w%08d/credits", wallets == 1 and 0 or math.random(0, wallets - 1)))
end
