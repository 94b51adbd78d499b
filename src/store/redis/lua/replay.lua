-- Puts a dead letter back at the end of its mailbox, once. ARGV: now, session id, direction, entry id
-- Returns 'replayed' | 'already-replayed' | 'unknown' | 'session-ended'
local now, sid, d, key = tonumber(ARGV[1]), ARGV[2], ARGV[3], dead_key(ARGV[2], ARGV[3], ARGV[4])
local letter = sid .. '.' .. d .. '.' .. ARGV[4]
local dead = redis.call('HMGET', key, 'entry', 'replayed')
if dead[2] then return 'already-replayed' end
if not dead[1] or not redis.call('ZSCORE', T .. 'dead', letter) then return 'unknown' end
local state = redis.call('HGET', session_key(sid), 'st')
local entry = dead[1]
local kind = string.match(entry, '^{"id":".-","at":%d+,"kind":"(%a+)"')
if not state or (d == 'a' and state == 'ended' and kind ~= 'close' and kind ~= 'undo') then return 'session-ended' end
redis.call('HSET', key, 'replayed', 1)
redis.call('HDEL', key, 'entry')
redis.call('HINCRBY', session_key(sid), 'dl', -1)
redis.call('ZREM', T .. 'dead', letter)
-- Accepted anew: it has its whole time before it.
append(sid, d, string.gsub(entry, '^({"id":".-","at":)%d+', '%1' .. ARGV[1], 1), now)
return 'replayed'
