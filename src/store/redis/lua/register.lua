-- Creates a session with its opening as the only entry, and takes the turn; or finds the client's live session.
-- ARGV: now, userid, new session id, record, name, address, opening entry
-- Returns {'created'|'exists', session id, view, turn|false, due|false}
local now = tonumber(ARGV[1])
local pointer = T .. 'c:' .. ARGV[2]
local current = redis.call('GET', pointer)
if current then
  local v = view(current)
  if v and v[2] ~= 'ended' then
    local due = redis.call('ZSCORE', DUE, member(current, 'a'))
    local turn = false
    if v[2] == 'opening' and due and tonumber(due) <= now then turn = take(current, 'a', now) end
    return { 'exists', current, shown(v), turn, v[2] == 'opening' and not turn and put_off_until(current, 'a') }
  end
end
local sid = ARGV[3]
redis.call('SET', pointer, sid)
redis.call('SET', T .. 'r:' .. sid, ARGV[4])
redis.call('HSET', session_key(sid), 'st', 'opening', 'nm', ARGV[5], 'un', ARGV[6])
redis.call('ZADD', IDLE, now + IDLE_FOR, sid)
redis.call('RPUSH', mailbox_key(sid, 'a'), ARGV[7])
count('a', 'accepted', '', 1)
return { 'created', sid, shown(view(sid)), take(sid, 'a', now, true), false }
