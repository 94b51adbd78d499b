-- Prolongs a turn. ARGV: now, session id, direction, fence. Returns 1, or 0 when it was lost or given back.
local sid, d, lease_end = ARGV[2], ARGV[3], ARGV[1] + LEASE
local c = redis.call('HMGET', session_key(sid), d .. 'f', d .. 'u')
if c[1] ~= ARGV[4] or c[2] == '0' then return 0 end
redis.call('HSET', session_key(sid), d .. 'u', lease_end)
redis.call('ZADD', DUE, lease_end, member(sid, d))
return 1
