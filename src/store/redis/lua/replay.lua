-- Puts a dead letter back at the end of its mailbox, once. ARGV: now, session id, direction, entry id
-- Returns 'replayed' | 'already-replayed' | 'unknown' | 'session-ended'
local now, sid, d, key = tonumber(ARGV[1]), ARGV[2], ARGV[3], dead_key(ARGV[2], ARGV[3], ARGV[4])
local letter = sid .. '.' .. d .. '.' .. ARGV[4]
local dead = redis.call('HMGET', key, 'entry', 'replayed')
if dead[2] then return 'already-replayed' end
if not dead[1] or not redis.call('ZSCORE', T .. 'dead', letter) then return 'unknown' end
local state = redis.call('HGET', session_key(sid), 'st')
if not state or (d == 'a' and state == 'ended') then return 'session-ended' end
redis.call('HSET', key, 'replayed', 1)
redis.call('HDEL', key, 'entry')
redis.call('ZREM', T .. 'dead', letter)
append(sid, d, dead[1], now)
return 'replayed'
