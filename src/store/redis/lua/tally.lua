-- What became of the entries of this tag, and how many wait. Returns the hash, flat, with "<a|c> waiting <desk>" added.
local waiting = {}
for _, m in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
  local sid, d = string.match(m, '^(.*):([ac])$')
  local name = d .. ' waiting ' .. (redis.call('HGET', session_key(sid), 'dk') or '')
  waiting[name] = (waiting[name] or 0) + redis.call('LLEN', mailbox_key(sid, d))
end
local counts = redis.call('HGETALL', TALLY)
for name, n in pairs(waiting) do
  counts[#counts + 1] = name
  counts[#counts + 1] = tostring(n)
end
return counts
