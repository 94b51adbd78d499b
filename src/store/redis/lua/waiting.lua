-- Counts the entries of all mailboxes of this tag. Returns {to_agent, to_client}
local count = { a = 0, c = 0 }
for _, m in ipairs(redis.call('ZRANGE', DUE, 0, -1)) do
  local sid, d = string.match(m, '^(.*):([ac])$')
  count[d] = count[d] + redis.call('LLEN', mailbox_key(sid, d))
end
return { count.a, count.c }
