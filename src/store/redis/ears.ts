import type { Redis } from 'ioredis'

/** A connection of its own for what others say, opened with the first `hear`. */
export type Ears = {
  /** Rejects while Redis is away. Once it has resolved, it hears again by itself whenever Redis comes back. */
  hear(channel: string, heard: (text: string) => void): Promise<() => Promise<void>>
  close(): void
}

type Ear = { channel: string; heard: (text: string) => void }

/** How often Redis is told what we listen to, in ms: one that does not answer is found dead, and one that forgot is mended. */
const LISTEN_MS = 1_000

/** How long somebody who wants to hear waits for a connection, in ms. It is tried for on and on. */
const OPEN_MS = 3_000

/** `redis` is this one's alone, and not connected yet (see listener.ts). `isStray`: nobody tells it anything there. */
export function createEars(redis: Redis, isStray: () => boolean): Ears {
  const ears = new Set<Ear>()
  let opening: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  redis.on('ready', listen)
  redis.on('message', say)

  return {
    async hear(channel, heard) {
      const ear = { channel, heard }
      ears.add(ear)
      try {
        await open()
        await redis.subscribe(channel)
      } catch (error) {
        ears.delete(ear)
        throw error
      }
      return () => deafen(ear)
    },
    close() {
      clearInterval(timer)
      ears.clear()
      redis.disconnect()
    },
  }

  /** Later on ioredis connects by itself, whatever became of the first time. */
  async function open(): Promise<void> {
    if (redis.status === 'wait') {
      timer ??= setInterval(listen, LISTEN_MS).unref()
      opening = redis.connect().finally(() => (opening = undefined))
    }
    await within(OPEN_MS, opening)
  }

  function listen(): void {
    if (redis.status === 'ready' && isStray()) redis.disconnect(true)
    const channels = [...new Set([...ears].map(({ channel }) => channel))]
    // Refused or cut off: the next time will do.
    if (channels.length > 0 && redis.status === 'ready') redis.subscribe(...channels).catch(() => undefined)
  }

  async function deafen(ear: Ear): Promise<void> {
    if (!ears.delete(ear) || [...ears].some(({ channel }) => channel === ear.channel)) return
    // A connection that is lost has unsubscribed us already.
    await redis.unsubscribe(ear.channel).catch(() => undefined)
  }

  function say(channel: string, text: string): void {
    for (const ear of [...ears]) if (ear.channel === channel && ears.has(ear)) tellEar(ear, text)
  }
}

function tellEar({ heard }: Ear, text: string): void {
  try {
    heard(text)
  } catch {
    // It is for whoever hears to report what goes wrong there; the others are told all the same.
  }
}

async function within(ms: number, opening: Promise<void> | undefined): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no connection to listen on')), ms)
  await Promise.race([opening, late]).finally(() => clearTimeout(timer))
}
