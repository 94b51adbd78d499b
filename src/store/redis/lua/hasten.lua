-- Makes due what was put off. ARGV: now, direction, desk ('' for any). What belongs to no desk yet may be for this one.
local now, wanted, desk = tonumber(ARGV[1]), ARGV[2], ARGV[3]
for _, m in ipairs(redis.call('ZRANGEBYSCORE', DUE, '(' .. ARGV[1], '+inf')) do
  local sid, d = string.match(m, '^(.*):([ac])$')
  local present = redis.call('HMGET', session_key(sid), d .. 'u', 'dk')
  local is_free = (tonumber(present[1]) or 0) == 0
  if d == wanted and is_free and (desk == '' or not present[2] or present[2] == desk) then
    redis.call('ZADD', DUE, now, m)
  end
end
