import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { SEEN_MS } from '../../domain/session.ts'
import type { StoreOptions } from '../store.ts'

const names = ['register', 'accept', 'settle', 'claim', 'renew', 'forget', 'replay', 'waiting'] as const

type ScriptName = (typeof names)[number]

/** One atomic step on the shard of KEYS[1]; what goes in and out is written at the top of each file in lua/. */
export type Scripts = Record<ScriptName, (dueKey: string, ...args: (string | number)[]) => Promise<unknown>>

function read(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
}

/** What never changes while we run is written into the scripts instead of sent with every call. */
function constantsOf({ leaseMs, sessionTtlMs, deadLetterTtlMs }: StoreOptions): string {
  const numbers = { LEASE: leaseMs, IDLE_FOR: sessionTtlMs, DEAD_FOR: deadLetterTtlMs, SEEN_FOR: SEEN_MS }
  return Object.entries(numbers)
    .map(([name, ms]) => `local ${name} = ${ms}\n`)
    .join('')
}

/** Teaches the connection our scripts; Redis keeps them and is only sent their hash. */
export function defineScripts(redis: Redis, options: StoreOptions): Scripts {
  const prelude = constantsOf(options) + read('prelude')
  for (const name of names)
    redis.defineCommand(`mediator_${name}`, { numberOfKeys: 1, lua: prelude + read(name) })
  const commands = redis as unknown as Record<string, Scripts[ScriptName]>
  return Object.fromEntries(names.map(name => [name, commands[`mediator_${name}`]?.bind(redis)])) as Scripts
}
