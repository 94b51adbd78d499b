-- Finds out whether a step like all others can be taken. Returns 1.
redis.call('SET', T .. 'probe', '1', 'PX', 1000)
return 1
