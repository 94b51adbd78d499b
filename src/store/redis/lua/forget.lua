-- Removes an ended session unless a mailbox still holds something, or a dead letter may be replayed (those that have run out
-- are not counted down, hence the time). ARGV: now, put off to, session id, userid. Returns 1|0.
local sid, skey = ARGV[3], session_key(ARGV[3])
local present = redis.call('HMGET', skey, 'st', 'dk', 'dl', 'ea')
if not present[1] then
  redis.call('ZREM', IDLE, sid)
  return 0
end
if present[1] ~= 'ended' then return 0 end
local may_be_replayed = (tonumber(present[3]) or 0) > 0 and tonumber(ARGV[1]) < tonumber(present[4]) + DEAD_FOR + IDLE_FOR
if may_be_replayed or redis.call('EXISTS', mailbox_key(sid, 'a'), mailbox_key(sid, 'c')) > 0 then
  redis.call('ZADD', IDLE, ARGV[2], sid)
  return 0
end
local pointer = T .. 'c:' .. ARGV[4]
if redis.call('GET', pointer) == sid then redis.call('DEL', pointer) end
redis.call('DEL', skey, T .. 'r:' .. sid, seen_key(sid, 'a'), seen_key(sid, 'c'))
redis.call('ZREM', IDLE, sid)
leave(present[2], sid)
return 1
