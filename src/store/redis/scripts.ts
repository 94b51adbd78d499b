import { readFileSync } from 'node:fs'
import { UNDO_AFTER_MS } from '../../domain/mailbox.ts'
import { SEEN_MS } from '../../domain/session.ts'
import type { StoreOptions } from '../store.ts'
import type { Client } from './client.ts'

/** One atomic step on the shard of KEYS[1], its key `due`. */
const shardScripts = [
  'register',
  'accept',
  'settle',
  'claim',
  'renew',
  'forget',
  'replay',
  'tally',
  'fate',
  'hasten',
  'holds-message',
  'look',
  'close-again',
  'upgrade',
  'follow',
  'probe',
] as const

/** One atomic step on the leases of a desk's links, by the number of keys it is given. */
const linkScripts = { 'take-link': 2, 'renew-link': 1, 'release-link': 1 } as const

type ScriptName = (typeof shardScripts)[number] | keyof typeof linkScripts

/** What goes in and out is written at the top of each file in lua/. */
export type Scripts = Record<ScriptName, (key: string, ...rest: (string | number)[]) => Promise<unknown>>

function read(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
}

/** What never changes while we run is written into the scripts instead of sent with every call. */
function constantsOf({ leaseMs, sessionTtlMs, deadLetterTtlMs, silentMs }: StoreOptions): string {
  const numbers = {
    LEASE: leaseMs,
    IDLE_FOR: sessionTtlMs,
    DEAD_FOR: deadLetterTtlMs,
    SEEN_FOR: SEEN_MS,
    SILENT: silentMs,
    UNDO_AFTER: UNDO_AFTER_MS,
  }
  return Object.entries(numbers)
    .map(([name, ms]) => `local ${name} = ${ms}\n`)
    .join('')
}

/** Teaches the connection our scripts; Redis keeps them and is only sent their hash. */
export function defineScripts(redis: Client, options: StoreOptions): Scripts {
  const prelude = constantsOf(options) + read('prelude') + (redis.isCluster ? read('moving') : '')
  const define = (name: string, numberOfKeys: number, lua: string) =>
    redis.defineCommand(`mediator_${name}`, { numberOfKeys, lua })
  for (const name of shardScripts) define(name, 1, prelude + read(name))
  for (const [name, numberOfKeys] of Object.entries(linkScripts)) define(name, numberOfKeys, read(name))
  const commands = redis as unknown as Record<string, Scripts[ScriptName]>
  const names = [...shardScripts, ...Object.keys(linkScripts)]
  return Object.fromEntries(names.map(name => [name, commands[`mediator_${name}`]?.bind(redis)])) as Scripts
}
