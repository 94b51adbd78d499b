-- Where an accepted entry is now. ARGV: session id, direction, entry id, entry id as in has_id.
-- Returns 'waiting' | 'dead' | 'settled'
local sid, d = ARGV[1], ARGV[2]
return fate_of(sid, d, ARGV[3], ARGV[4])
