-- Shared by every script; put before it, and behind the constants LEASE, IDLE_FOR, DEAD_FOR, SEEN_FOR, SILENT and UNDO_AFTER (ms). All keys of one session carry the same hash tag, so one cluster node has them.
--   KEYS[1]           <tag>:due          ZSET  "<session>:<a|c>" -> when that mailbox must be looked at (ms)
--   <tag>:live:<desk> SET   sessions that are not over and have a conversation there
--   <tag>:look        ZSET  "<session>" -> when its desk is to be asked about its conversation (ms)
--   <tag>:tally       HASH  "<a|c> <what became> <desk>" -> how many entries, ever; version: of what all of this is
--   <tag>:idle        ZSET  "<session>" -> when that session expires or may be forgotten (ms)
--   <tag>:c:<userid>  STRING the client's present session
--   <tag>:r:<session> STRING what never changes of it (JSON), but for who the client is
--   <tag>:s:<session> HASH  st dk cv cs ag ea er ed nm un ct (the session; nm un the client's name and address, gone when all of
--                     an ended session is settled; ct 1 = closed at the desk after another had ended it), dl: its dead letters not replayed, and per mailbox (a, c) f u n t:
--                     fence, lease end (0 = free), failed attempts of the head, told;
--                     lf lc: the highest fence of a link that follows it, and how far that has read (JSON)
--   <tag>:m:<session>:<a|c>  LIST  entries (JSON, "id" first)
--   <tag>:i:<session>:<a|c>  ZSET  seen ids -> when (ms)
--   <tag>:dead        ZSET  dead letters not replayed -> when (ms);  <tag>:d:<id> HASH meta entry replayed
local T = string.sub(KEYS[1], 1, -4)
local DUE, IDLE, LOOK, TALLY = KEYS[1], T .. 'idle', T .. 'look', T .. 'tally'
local function session_key(sid) return T .. 's:' .. sid end
local function mailbox_key(sid, d) return T .. 'm:' .. sid .. ':' .. d end
local function seen_key(sid, d) return T .. 'i:' .. sid .. ':' .. d end
local function live_key(desk) return T .. 'live:' .. desk end
local function dead_key(sid, d, id) return T .. 'd:' .. sid .. '.' .. d .. '.' .. id end
local function member(sid, d) return sid .. ':' .. d end
local function other(d) if d == 'a' then return 'c' else return 'a' end end

-- The session: record, then the eleven session fields ('' where there is none); nil when there is no such session.
local function view(sid)
  local record = redis.call('GET', T .. 'r:' .. sid)
  if not record then return nil end
  local v = redis.call('HMGET', session_key(sid), 'st', 'dk', 'cv', 'cs', 'ag', 'ea', 'er', 'ed', 'nm', 'un', 'ct')
  for i = 1, 11 do v[i] = v[i] or '' end
  table.insert(v, 1, record)
  return v
end

-- The same as one text for the driver, which is cheaper to send and to read than nine.
local function shown(v) return v and table.concat(v, '\31') end

-- Entries are written with their id first, so an id (given as JSON without the closing quote) is found without decoding
-- anyone's words. True for the entry itself, and with `pieces` for a piece of it.
local function has_id(entry, id, pieces)
  local start = '{"id":' .. id
  if string.sub(entry, 1, #start) ~= start then return false end
  local next_char = string.sub(entry, #start + 1, #start + 1)
  return next_char == '"' or (pieces and next_char == '.')
end

-- Takes the turn of a mailbox known to be free and not empty; answers {fence, head, failed attempts, told}. A caller who
-- has just written the head itself is not sent it again. A turn that nobody gave back was an attempt that failed.
local function take(sid, d, now, known)
  local c = redis.call('HMGET', session_key(sid), d .. 'f', d .. 'n', d .. 't', d .. 'u')
  local fence, failed = (tonumber(c[1]) or 0) + 1, tonumber(c[2]) or 0
  redis.call('HSET', session_key(sid), d .. 'f', fence, d .. 'u', now + LEASE)
  if (tonumber(c[4]) or 0) > 0 then failed = redis.call('HINCRBY', session_key(sid), d .. 'n', 1) end
  redis.call('ZADD', DUE, now + LEASE, member(sid, d))
  return { fence, known and '' or redis.call('LINDEX', mailbox_key(sid, d), 0), tostring(failed), c[3] or '0' }
end

-- When a mailbox that has been put off is looked at; false while somebody has the turn.
local function put_off_until(sid, d)
  if (tonumber(redis.call('HGET', session_key(sid), d .. 'u')) or 0) > 0 then return false end
  return redis.call('ZSCORE', DUE, member(sid, d))
end

-- Counts entries; desk is false or '' while none is found.
local function count(d, became, desk, n)
  redis.call('HINCRBY', TALLY, d .. ' ' .. became .. ' ' .. (desk or ''), n)
end

-- Appends without taking the turn: an empty mailbox becomes due at once.
local function append(sid, d, entry, now)
  count(d, 'accepted', redis.call('HGET', session_key(sid), 'dk'), 1)
  if redis.call('RPUSH', mailbox_key(sid, d), entry) == 1 then
    redis.call('ZADD', DUE, now, member(sid, d))
  end
end

-- Appends a notice, unless one of its id was appended before.
local function tell_once(sid, d, entry, id, now)
  if redis.call('ZADD', seen_key(sid, d), 'NX', now, id) == 1 then append(sid, d, entry, now) end
end

-- It is over, or gone: its desk, if it got that far, has it no more.
local function leave(desk, sid)
  redis.call('ZREM', LOOK, sid)
  if desk then redis.call('SREM', live_key(desk), sid) end
end

-- Ends a session that is not over yet; true if it did.
local function finish(sid, now, at, reason, desk_at)
  local present = redis.call('HMGET', session_key(sid), 'st', 'dk')
  if present[1] == 'ended' then return false end
  redis.call('HSET', session_key(sid), 'st', 'ended', 'ea', at, 'er', reason, 'ed', desk_at)
  redis.call('ZADD', IDLE, now + SEEN_FOR, sid)
  leave(present[2], sid)
  return true
end

-- Where an accepted entry is; `waiting` also while any piece of it is.
local function fate_of(sid, d, id, json_id)
  for _, entry in ipairs(redis.call('LRANGE', mailbox_key(sid, d), 0, -1)) do
    if has_id(entry, json_id, true) then return 'waiting' end
  end
  local dead = redis.call('HMGET', dead_key(sid, d, id), 'meta', 'replayed')
  return dead[1] and not dead[2] and 'dead' or 'settled'
end

-- Who the client is, and what the desk needs for the conversation, is kept no longer than something may be owed.
local function scrub_if_over(sid, d)
  local present = redis.call('HMGET', session_key(sid), 'st', 'dl')
  local is_owed = redis.call('EXISTS', mailbox_key(sid, other(d))) == 1 or (tonumber(present[2]) or 0) > 0
  if present[1] == 'ended' and not is_owed then redis.call('HDEL', session_key(sid), 'nm', 'un', 'cs') end
end

-- Sessions that are over and hold an `undo` each. From ARGV[first] on, six for each: desk, session id, record, name,
-- address, entry. They are due a little later, so that what is being carried out at the desk is there to be found.
local function leave_behind(first, now)
  for i = first, #ARGV, 6 do
    local desk, sid = ARGV[i], ARGV[i + 1]
    redis.call('SET', T .. 'r:' .. sid, ARGV[i + 2])
    redis.call('HSET', session_key(sid), 'st', 'ended', 'dk', desk, 'ea', now, 'er', 'failed', 'nm', ARGV[i + 3], 'un', ARGV[i + 4])
    redis.call('ZADD', IDLE, now + SEEN_FOR, sid)
    append(sid, 'a', ARGV[i + 5], now + UNDO_AFTER)
  end
end
