-- Gives a lease back; the desk's last fence stays. Stands alone, without the prelude.
-- KEYS: lease (see take-link.lua). ARGV: fence. Returns 1, or 0 when it was lost.
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
