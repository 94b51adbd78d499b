-- Takes the asking about a conversation that is due. ARGV: now, session id. Returns the view, or false when somebody has
-- just taken it, or something was heard of it meanwhile.
local now, sid = tonumber(ARGV[1]), ARGV[2]
local due = redis.call('ZSCORE', LOOK, sid)
if not due or tonumber(due) > now then return false end
local v = view(sid)
if not v or v[2] == 'ended' then
  redis.call('ZREM', LOOK, sid)
  return false
end
local heard = (tonumber(redis.call('ZSCORE', IDLE, sid)) or 0) - IDLE_FOR
if heard + SILENT > now then
  redis.call('ZADD', LOOK, heard + SILENT, sid)
  return false
end
redis.call('ZADD', LOOK, now + SILENT, sid)
return shown(v)
