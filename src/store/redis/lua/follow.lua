-- Lets a lease follow a live session that has a conversation; letters read under an earlier one are refused from now on.
-- ARGV: session id, fence. Returns {view, cursor|false}, or false when there is none, or a later lease came before.
local sid, skey = ARGV[1], session_key(ARGV[1])
local v = view(sid)
if not v or v[2] == 'ended' or v[4] == '' then return false end
local reading = redis.call('HMGET', skey, 'lf', 'lc')
if reading[1] and tonumber(ARGV[2]) < tonumber(reading[1]) then return false end
redis.call('HSET', skey, 'lf', ARGV[2])
return { shown(v), reading[2] }
