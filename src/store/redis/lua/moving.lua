-- Between the prelude and each script, on a cluster. While it moves this slot to another node, a key that is not here may be
-- there: two keys that never exist show it, before anything is written. The driver tries again.
local moving = redis.pcall('EXISTS', T .. 'none', T .. 'none2')
if type(moving) == 'table' then return redis.error_reply('TRYAGAIN this shard is being moved to another node') end
