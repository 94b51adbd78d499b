-- Finds the session, drops a repeat, applies change and ending, appends the entries, takes a free and empty mailbox.
-- ARGV: now, lease, idle until, forget seen before, forget session at, how, userid or session id, desk, conversation ('' = not addressed by conversation), direction (a|c), dedupe, new state, new agent,
--       ending at, ending reason, ending desk time, said at, dedupe as an entry's id (see has_id), entry...
-- how: 'client' is the client's present session, 'session' that session; when it is addressed by a conversation, it must be
--      bound to it, or be still opening
-- Returns {outcome, session id, view, turn|false, due|false} or {'no-session'} or {'elsewhere'} or {'repeat', ..., fate}
local now, lease = tonumber(ARGV[1]), tonumber(ARGV[2])
local desk, conversation, d, dedupe = ARGV[8], ARGV[9], ARGV[10], ARGV[11]
local ending = ARGV[14] ~= ''
local sid = ARGV[7]
if ARGV[6] ~= 'session' then
  sid = redis.call('GET', T .. 'c:' .. sid)
  if not sid then return { conversation ~= '' and 'elsewhere' or 'no-session' } end
end
local v = view(sid)
if not v then return { 'no-session' } end
local state = v[2]
if conversation ~= '' and state ~= 'opening' and (v[4] ~= conversation or v[3] ~= desk) then
  return { 'elsewhere' }
end

local seen = seen_key(sid, d)
if dedupe ~= '' and redis.call('ZSCORE', seen, dedupe) then
  local fate = 'settled'
  local dead = redis.call('HMGET', dead_key(sid, d, dedupe), 'meta', 'replayed')
  if dead[1] and not dead[2] then fate = 'dead' end
  for _, entry in ipairs(redis.call('LRANGE', mailbox_key(sid, d), 0, -1)) do
    if has_id(entry, ARGV[18], true) then fate = 'waiting' end
  end
  return { 'repeat', sid, v, false, false, fate }
end

local changed = ending
if state == 'ended' then
  local late = d == 'c' and not ending and ARGV[17] ~= '' and v[9] and v[9] ~= '' and tonumber(ARGV[17]) <= tonumber(v[9])
  if not late then return { 'ended', sid, v, false, false } end
elseif ending then
  if state == 'opening' and conversation ~= '' then return { 'opening', sid, v, false, false } end
  finish(sid, ARGV[14], ARGV[15], ARGV[16], ARGV[5])
else
  if ARGV[12] ~= '' and ARGV[12] ~= state then
    redis.call('HSET', session_key(sid), state == 'opening' and 'early' or 'st', ARGV[12])
    changed = true
  end
  if ARGV[13] ~= '' and ARGV[13] ~= v[6] then
    redis.call('HSET', session_key(sid), 'ag', ARGV[13])
    changed = true
  end
  redis.call('ZADD', IDLE, ARGV[3], sid)
end
if changed then v = view(sid) end

if dedupe ~= '' then
  redis.call('ZADD', seen, now, dedupe)
  redis.call('ZREMRANGEBYSCORE', seen, '-inf', ARGV[4])
end
local entries = #ARGV - 18
if entries == 0 then return { 'accepted', sid, v, false, false } end
local length = redis.call('RPUSH', mailbox_key(sid, d), unpack(ARGV, 19))
if length == entries then return { 'accepted', sid, v, take(sid, d, now, lease), false } end
return { 'accepted', sid, v, false, put_off_until(sid, d) }
