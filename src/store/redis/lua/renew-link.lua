-- Prolongs a lease that has not run out. Stands alone, without the prelude.
-- KEYS: lease (see take-link.lua). ARGV: now, for how long (ms), fence. Returns 1, or 0 when it was lost.
local lease = redis.call('HMGET', KEYS[1], 'fence', 'until')
if lease[1] ~= ARGV[3] or tonumber(lease[2]) <= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'until', ARGV[1] + ARGV[2])
return 1
