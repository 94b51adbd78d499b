-- Writes copies of one session. ARGV: pattern (JSON, a list of commands), how much later their times are (ms),
-- then for each copy: session id, userid, conversation. In the pattern \1 stands for the shard, \2 for the session id, \3 for
-- the userid, \4 for the conversation.
local commands, later = cjson.decode(ARGV[1]), tonumber(ARGV[2])
for i = 3, #ARGV, 3 do
  local names = { ['\1'] = string.sub(ARGV[i], 1, 2), ['\2'] = ARGV[i], ['\3'] = ARGV[i + 1], ['\4'] = ARGV[i + 2] }
  for _, command in ipairs(commands) do
    local filled = {}
    for j, part in ipairs(command) do filled[j] = string.gsub(part, '[\1-\4]', names) end
    -- Times that all sessions of a shard share a list of differ, as they do in life.
    if filled[1] == 'ZADD' and filled[4] == ARGV[i] then
      filled[3] = string.format('%.0f', tonumber(filled[3]) + later + i)
    end
    redis.call(unpack(filled))
  end
end
return (#ARGV - 2) / 3
