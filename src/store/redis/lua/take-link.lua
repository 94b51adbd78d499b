-- Takes the lease of a link that is free, has run out, or is this holder's own. Stands alone, without the prelude.
-- KEYS: lease HASH holder fence until (ms); last fence of any link of this desk STRING. ARGV: now, for how long (ms), holder
-- Returns the new fence, or false. It is never below the clock, so it grows even when the last one was lost.
local now = tonumber(ARGV[1])
local lease = redis.call('HMGET', KEYS[1], 'holder', 'until')
if lease[1] and lease[1] ~= ARGV[3] and tonumber(lease[2]) > now then return false end
local last = tonumber(redis.call('GET', KEYS[2])) or 0
local fence = string.format('%.0f', math.max(last + 1, now))
redis.call('SET', KEYS[2], fence)
redis.call('HSET', KEYS[1], 'holder', ARGV[3], 'fence', fence, 'until', now + ARGV[2])
return fence
