-- Records what became of the head of a mailbox; repeating it changes nothing.
-- ARGV: now, session id, direction, fence, kind, head id, head id as in has_id, then by kind:
--   removed:   nothing, or dead reason, dead meta, tell, its id, ending ('' or "at reason desk-time"), hand back, given up (1|''),
--              leftovers
--   opened:    desk, conversation, conversation state, state, agent, leftovers
--   expanded:  entry...
--   retry:     at, counts (1|0), entry, tell, its id
--   abandoned: userid, leftovers
-- leftovers: as in leave_behind
-- Returns {'fenced'} or {'wanted'} or {'settled', view|false, turn|false}
local now, sid, d, fence, kind = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local skey, mkey = session_key(sid), mailbox_key(sid, d)
local c = redis.call('HMGET', skey, d .. 'f', d .. 'u', d .. 'n', d .. 't', 'dk')
local desk = c[5] or ''
if c[1] ~= fence then
  if kind == 'abandoned' and not c[1] then return { 'settled', false, false } end
  return { 'fenced' }
end

local function next_work()
  local head = redis.call('LINDEX', mkey, 0)
  if not head then
    redis.call('HSET', skey, d .. 'u', 0)
    redis.call('ZREM', DUE, member(sid, d))
    scrub_if_over(sid, d)
    return { 'settled', false, false }
  end
  redis.call('HSET', skey, d .. 'u', now + LEASE)
  redis.call('ZADD', DUE, now + LEASE, member(sid, d))
  return { 'settled', shown(view(sid)), { fence, head, '0', '0' } }
end

local head = redis.call('LINDEX', mkey, 0)
if c[2] == '0' then return { 'settled', false, false } end
if not head then return { 'settled', false, false } end
if not has_id(head, ARGV[7], false) then
  return { 'settled', shown(view(sid)), { fence, head, c[3] or '0', c[4] or '0' } }
end

if kind == 'retry' then
  redis.call('HSET', skey, d .. 'u', 0, d .. 'n', (tonumber(c[3]) or 0) + tonumber(ARGV[9]))
  redis.call('ZADD', DUE, ARGV[8], member(sid, d))
  if ARGV[10] ~= '' then redis.call('LSET', mkey, 0, ARGV[10]) end
  if ARGV[11] ~= '' then
    redis.call('HSET', skey, d .. 't', 1)
    tell_once(sid, other(d), ARGV[11], ARGV[12], now)
  end
  return { 'settled', false, false }
end

if kind == 'abandoned' then
  if redis.call('LLEN', mkey) > 1 or redis.call('EXISTS', mailbox_key(sid, other(d))) == 1 then return { 'wanted' } end
  local pointer = T .. 'c:' .. ARGV[8]
  if redis.call('GET', pointer) == sid then redis.call('DEL', pointer) end
  leave(redis.call('HGET', skey, 'dk'), sid)
  redis.call('DEL', skey, T .. 'r:' .. sid, mailbox_key(sid, 'a'), mailbox_key(sid, 'c'), seen_key(sid, 'a'), seen_key(sid, 'c'))
  redis.call('ZREM', DUE, member(sid, 'a'), member(sid, 'c'))
  redis.call('ZREM', IDLE, sid)
  count('a', 'given-up', desk, 1)
  leave_behind(9, now)
  return { 'settled', false, false }
end

-- What was counted before a desk was found is counted on under it.
local function move_to(found)
  for _, box in ipairs({ 'a', 'c' }) do
    local n = redis.call('LLEN', mailbox_key(sid, box))
    if n > 0 then
      count(box, 'moved', desk, n)
      count(box, 'accepted', found, n)
    end
  end
  desk = found
end
if kind == 'opened' then move_to(ARGV[8]) end
redis.call('LPOP', mkey)
if (c[3] and c[3] ~= '0') or (c[4] and c[4] ~= '0') then redis.call('HDEL', skey, d .. 'n', d .. 't') end

if kind == 'opened' then
  local early = redis.call('HMGET', skey, 'early', 'st', 'ag')
  redis.call('HSET', skey, 'dk', ARGV[8], 'cv', ARGV[9], 'cs', ARGV[10])
  if early[2] == 'opening' then redis.call('HSET', skey, 'st', early[1] or ARGV[11]) end
  if early[2] ~= 'ended' then
    redis.call('SADD', live_key(ARGV[8]), sid)
    redis.call('ZADD', LOOK, now + SILENT, sid)
  end
  if early[1] then redis.call('HDEL', skey, 'early') end
  if ARGV[12] ~= '' and not early[3] then redis.call('HSET', skey, 'ag', ARGV[12]) end
  count(d, 'delivered', desk, 1)
  leave_behind(13, now)
elseif kind == 'expanded' then
  for i = #ARGV, 8, -1 do redis.call('LPUSH', mkey, ARGV[i]) end
  count(d, 'accepted', desk, #ARGV - 8)
elseif #ARGV == 7 then
  count(d, 'delivered', desk, 1)
else
  local dead_reason, dead_meta, tell, ending, hand_back = ARGV[8], ARGV[9], ARGV[10], ARGV[12], ARGV[13]
  if dead_reason ~= '' then
    local key = dead_key(sid, d, ARGV[6])
    redis.call('HSET', key, 'meta', dead_meta, 'attempts', (tonumber(c[3]) or 0) + 1, 'entry', head)
    redis.call('HDEL', key, 'replayed')
    redis.call('PEXPIRE', key, DEAD_FOR)
    -- Those who die in the same ms keep their order.
    local last = redis.call('ZREVRANGE', T .. 'dead', 0, 0, 'WITHSCORES')[2]
    local at = math.max(now, (tonumber(last) or 0) + 1 / 1024)
    redis.call('ZADD', T .. 'dead', string.format('%.4f', at), sid .. '.' .. d .. '.' .. ARGV[6])
    -- The list is asked for by it, and says how to go on by it: it must be that of its place.
    redis.call('HSET', key, 'at', string.format('%d', math.floor(at)))
    redis.call('HINCRBY', skey, 'dl', 1)
  end
  count(d, dead_reason ~= '' and 'dead' or ARGV[14] ~= '' and 'given-up' or 'delivered', desk, 1)
  if tell ~= '' then tell_once(sid, other(d), tell, ARGV[11], now) end
  if ending ~= '' then
    local at, reason, desk_at = string.match(ending, '^(%S+) (%S+) (%S*)$')
    if finish(sid, now, at, reason, desk_at) and hand_back ~= '' then append(sid, 'c', hand_back, now) end
  end
  leave_behind(15, now)
end
return next_work()
