-- Finds the session, drops a repeat, applies change and ending, appends the entries, takes a free and empty mailbox.
-- ARGV: now, how ('client'|'hint'|'session'), userid or session id, desk, conversation ('' = not addressed by conversation),
--       direction (a|c), dedupe, dedupe as in has_id, new state, new agent, said at, ending ('' or "at reason desk-time"),
--       reading ('' or "fence cursor"; the cursor is '' where there is none), entry...
-- how: 'client' is the client's present session, 'session' that session; addressed by a conversation, it must be bound to it.
--      'hint' and 'session' also take one that is still opening, which the caller has looked into; 'hint' only at a desk
--      that is asked to open it.
-- An ending that the desk sends for a session that is over already is remembered (ct).
-- Returns {outcome, session id, view, turn|false, due|false} or {'no-session'} or {'elsewhere'} or {'fenced'|'ended'|'opening', ...}
--         or {'repeat', ..., fate}
local now, sid, desk, conversation, d, dedupe = tonumber(ARGV[1]), ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local new_state, new_agent, said_at, ending = ARGV[9], ARGV[10], ARGV[11], ARGV[12] ~= ''
if ARGV[2] ~= 'session' then
  sid = redis.call('GET', T .. 'c:' .. sid)
  if not sid then return { conversation ~= '' and 'elsewhere' or 'no-session' } end
end
local v = view(sid)
if not v then return { 'no-session' } end
local state = v[2]
if conversation ~= '' and (v[4] ~= conversation or v[3] ~= desk) and (state ~= 'opening' or ARGV[2] == 'client') then
  return { 'elsewhere' }
end

local function is_asked()
  local head = cjson.decode(redis.call('LINDEX', mailbox_key(sid, 'a'), 0) or '{}')
  for _, asked in ipairs(head.opening and head.opening.desks or {}) do
    if asked == desk then return true end
  end
  return false
end
if ARGV[2] == 'hint' and state == 'opening' and not is_asked() then return { 'elsewhere' } end

local fence, cursor = string.match(ARGV[13], '^(%S+) (.*)$')
if fence then
  local followed = redis.call('HGET', session_key(sid), 'lf')
  if followed and tonumber(fence) < tonumber(followed) then return { 'fenced', sid, shown(v), false, false } end
end
local function keep_reading()
  if not fence then return end
  redis.call('HSET', session_key(sid), 'lf', fence)
  if cursor ~= '' then redis.call('HSET', session_key(sid), 'lc', cursor) end
end

local seen = seen_key(sid, d)
if dedupe ~= '' and redis.call('ZSCORE', seen, dedupe) then
  keep_reading()
  return { 'repeat', sid, shown(v), false, false, fate_of(sid, d, dedupe, ARGV[8]) }
end

local changed = ending
if state == 'ended' then
  local late = d == 'c' and not ending and said_at ~= '' and v[9] and v[9] ~= '' and tonumber(said_at) <= tonumber(v[9])
  if ending and d == 'c' and ARGV[2] ~= 'client' then redis.call('HSET', session_key(sid), 'ct', 1) end
  if not late then return { 'ended', sid, shown(v), false, false } end
elseif ending then
  if state == 'opening' and conversation ~= '' then return { 'opening', sid, shown(v), false, false } end
  local at, reason, desk_at = string.match(ARGV[12], '^(%S+) (%S+) (%S*)$')
  finish(sid, now, at, reason, desk_at)
else
  if new_state ~= '' and new_state ~= state then
    redis.call('HSET', session_key(sid), state == 'opening' and 'early' or 'st', new_state)
    changed = true
  end
  if new_agent ~= '' and new_agent ~= v[6] then
    redis.call('HSET', session_key(sid), 'ag', new_agent)
    changed = true
  end
  redis.call('ZADD', IDLE, now + IDLE_FOR, sid)
end
if changed then v = view(sid) end
keep_reading()

if dedupe ~= '' then
  redis.call('ZADD', seen, now, dedupe)
  redis.call('ZREMRANGEBYSCORE', seen, '-inf', now - SEEN_FOR)
end
local entries = #ARGV - 13
if entries == 0 then return { 'accepted', sid, shown(v), false, false } end
count(d, 'accepted', v[3], entries)
local length = redis.call('RPUSH', mailbox_key(sid, d), unpack(ARGV, 14))
if length == entries then return { 'accepted', sid, shown(v), take(sid, d, now, true), false } end
return { 'accepted', sid, shown(v), false, put_off_until(sid, d) }
