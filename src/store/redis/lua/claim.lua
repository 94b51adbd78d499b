-- Takes the turn of a mailbox that is due. ARGV: now, session id, direction. Returns {view, turn} or false.
local now, sid, d = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local due = redis.call('ZSCORE', DUE, member(sid, d))
if not due or tonumber(due) > now then return false end
local v = view(sid)
if not v or redis.call('LLEN', mailbox_key(sid, d)) == 0 then
  redis.call('ZREM', DUE, member(sid, d))
  return false
end
return { shown(v), take(sid, d, now) }
