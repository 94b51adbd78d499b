-- Prolongs a turn. ARGV: now, lease, session id, direction, fence. Returns 1, or 0 when it was lost or given back.
local sid, d = ARGV[3], ARGV[4]
local c = redis.call('HMGET', session_key(sid), d .. 'f', d .. 'u')
if c[1] ~= ARGV[5] or c[2] == '0' then return 0 end
redis.call('HSET', session_key(sid), d .. 'u', ARGV[1] + ARGV[2])
redis.call('ZADD', DUE, ARGV[1] + ARGV[2], member(sid, d))
return 1
