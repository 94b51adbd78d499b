-- Records what became of the head of a mailbox; repeating it changes nothing.
-- ARGV: now, lease, session id, direction, fence, head id, kind, head id as in has_id, then by kind:
--   removed:   dead reason, dead meta, dead ttl, tell, ending at, ending reason, ending desk time, forget at, hand back
--   opened:    desk, conversation, conversation state, state, agent
--   expanded:  entry...
--   retry:     at, counts (1|0), entry, tell
--   abandoned: userid
-- Returns {'fenced'} or {'settled', view|false, turn|false}
local now, lease, sid, d, kind = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[7]
local skey, mkey = session_key(sid), mailbox_key(sid, d)
local c = redis.call('HMGET', skey, d .. 'f', d .. 'u', d .. 'n', d .. 't')
if c[1] ~= ARGV[5] then
  if kind == 'abandoned' and not c[1] then return { 'settled', false, false } end
  return { 'fenced' }
end

local function next_work(count, told)
  local head = redis.call('LINDEX', mkey, 0)
  if not head then
    redis.call('HSET', skey, d .. 'u', 0)
    redis.call('ZREM', DUE, member(sid, d))
    return { 'settled', false, false }
  end
  redis.call('HSET', skey, d .. 'u', now + lease)
  redis.call('ZADD', DUE, now + lease, member(sid, d))
  return { 'settled', view(sid), { ARGV[5], head, count, told } }
end

local head = redis.call('LINDEX', mkey, 0)
if c[2] == '0' then return { 'settled', false, false } end
if not head or not has_id(head, ARGV[8], false) then return next_work(c[3] or '0', c[4] or '0') end

if kind == 'retry' then
  redis.call('HSET', skey, d .. 'u', 0, d .. 'n', (tonumber(c[3]) or 0) + tonumber(ARGV[10]))
  redis.call('ZADD', DUE, ARGV[9], member(sid, d))
  if ARGV[11] ~= '' then redis.call('LSET', mkey, 0, ARGV[11]) end
  if ARGV[12] ~= '' then
    redis.call('HSET', skey, d .. 't', 1)
    append(sid, other(d), ARGV[12], now)
  end
  return { 'settled', false, false }
end

if kind == 'abandoned' then
  local pointer = T .. 'c:' .. ARGV[9]
  if redis.call('GET', pointer) == sid then redis.call('DEL', pointer) end
  redis.call('DEL', skey, T .. 'r:' .. sid, mailbox_key(sid, 'a'), mailbox_key(sid, 'c'), seen_key(sid, 'a'), seen_key(sid, 'c'))
  redis.call('ZREM', DUE, member(sid, 'a'), member(sid, 'c'))
  redis.call('ZREM', IDLE, sid)
  return { 'settled', false, false }
end

redis.call('LPOP', mkey)
if (c[3] and c[3] ~= '0') or (c[4] and c[4] ~= '0') then redis.call('HDEL', skey, d .. 'n', d .. 't') end

if kind == 'opened' then
  local early = redis.call('HMGET', skey, 'early', 'st', 'ag')
  redis.call('HSET', skey, 'dk', ARGV[9], 'cv', ARGV[10], 'cs', ARGV[11])
  if early[2] == 'opening' then redis.call('HSET', skey, 'st', early[1] or ARGV[12]) end
  if early[1] then redis.call('HDEL', skey, 'early') end
  if ARGV[13] ~= '' and not early[3] then redis.call('HSET', skey, 'ag', ARGV[13]) end
elseif kind == 'expanded' then
  for i = #ARGV, 9, -1 do redis.call('LPUSH', mkey, ARGV[i]) end
else
  if ARGV[9] ~= '' then
    local key = dead_key(sid, d, ARGV[6])
    redis.call('HSET', key, 'meta', ARGV[10], 'attempts', (tonumber(c[3]) or 0) + 1, 'entry', head)
    redis.call('HDEL', key, 'replayed')
    redis.call('PEXPIRE', key, ARGV[11])
    redis.call('ZADD', T .. 'dead', now, sid .. '.' .. d .. '.' .. ARGV[6])
  end
  if ARGV[12] ~= '' then append(sid, other(d), ARGV[12], now) end
  if ARGV[13] ~= '' and finish(sid, ARGV[13], ARGV[14], ARGV[15], ARGV[16]) and ARGV[17] ~= '' then
    append(sid, 'c', ARGV[17], now)
  end
end
return next_work('0', '0')
