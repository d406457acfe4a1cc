-- wrk -t1 -c64 -d8s -s score.lua http://127.0.0.1:8099 : random cards and terminals of score-server, one line of JSON at the end.
-- CARDS and TERMINALS (environment) set how many there are.
local cards = tonumber(os.getenv("CARDS") or "20000")
local terminals = tonumber(os.getenv("TERMINALS") or "10000")
local headers = { ["Content-Type"] = "application/json" }

function init(args) math.randomseed(1) end

function request()
  local body = string.format('{"card_id":"card_%d","terminal_id":"terminal_%d","amount":%.2f}',
    math.random(0, cards - 1), math.random(0, terminals - 1), math.random(100, 50000) / 100)
  return wrk.format("POST", "/score", headers, body)
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"rps": %.0f, "p50_ms": %.2f, "p99_ms": %.2f, "max_ms": %.2f, "requests": %d, "not_2xx": %d, "socket_errors": %d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    summary.requests, e.status, e.connect + e.read + e.write + e.timeout))
end
