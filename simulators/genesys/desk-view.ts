import type { Chat } from './types.ts'

/** A chat for people who look at the simulator: all of it but a GMS customer's secret keys. */
export function showControlled({ keys: _keys, seats, ...chat }: Chat) {
  return { ...chat, seats: Object.fromEntries(seats) }
}
