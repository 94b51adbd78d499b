-- Removes an ended session unless a mailbox still holds something. ARGV: now, put off to, session id, userid. Returns 1|0.
local sid, skey = ARGV[3], session_key(ARGV[3])
local present = redis.call('HMGET', skey, 'st', 'dk')
if not present[1] then
  redis.call('ZREM', IDLE, sid)
  return 0
end
if present[1] ~= 'ended' then return 0 end
if redis.call('EXISTS', mailbox_key(sid, 'a'), mailbox_key(sid, 'c')) > 0 then
  redis.call('ZADD', IDLE, ARGV[2], sid)
  return 0
end
local pointer = T .. 'c:' .. ARGV[4]
if redis.call('GET', pointer) == sid then redis.call('DEL', pointer) end
redis.call('DEL', skey, T .. 'r:' .. sid, seen_key(sid, 'a'), seen_key(sid, 'c'))
redis.call('ZREM', IDLE, sid)
leave(present[2], sid)
return 1
