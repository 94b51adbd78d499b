-- Once for each tag: brings what an earlier version left to what this one counts and asks about. Returns 1|0.
if redis.call('HSETNX', TALLY, 'version', 1) == 0 then return 0 end
for _, m in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
  local sid, d = string.match(m, '^(.*):([ac])$')
  local waiting = redis.call('LLEN', mailbox_key(sid, d))
  if waiting > 0 then count(d, 'accepted', redis.call('HGET', session_key(sid), 'dk'), waiting) end
end
for _, sid in ipairs(redis.call('ZRANGE', IDLE, 0, -1)) do
  local present = redis.call('HMGET', session_key(sid), 'st', 'cv')
  if present[1] and present[1] ~= 'ended' and present[2] then redis.call('ZADD', LOOK, 'NX', 0, sid) end
end
for _, letter in ipairs(redis.call('ZRANGE', T .. 'dead', 0, -1)) do
  local skey = session_key(string.match(letter, '^[^.]+'))
  if redis.call('EXISTS', skey) == 1 then redis.call('HINCRBY', skey, 'dl', 1) end
end
return 1
