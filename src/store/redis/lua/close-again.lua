-- Leaves a session behind that closes the conversation of another one, which is over, once more; at most once an hour.
-- ARGV: now, session id, conversation, its state, then as in leave_behind. Returns 1|0.
local now, seen = tonumber(ARGV[1]), seen_key(ARGV[2], 'a')
local last = redis.call('ZSCORE', seen, 'again')
if last and tonumber(last) > now - 3600000 then return 0 end
if not view(ARGV[2]) then return 0 end
redis.call('ZADD', seen, now, 'again')
leave_behind(5, now)
redis.call('HSET', session_key(ARGV[6]), 'cv', ARGV[3], 'cs', ARGV[4])
return 1
