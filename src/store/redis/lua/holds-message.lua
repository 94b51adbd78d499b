-- Whether a message waits in the mailbox, not only openings, notices and ends. ARGV: session id, direction. Returns 1|0.
for _, entry in ipairs(redis.call('LRANGE', mailbox_key(ARGV[1], ARGV[2]), 0, -1)) do
  if string.find(entry, '^{"id":".-","at":%d+,"kind":"message"') then return 1 end
end
return 0
