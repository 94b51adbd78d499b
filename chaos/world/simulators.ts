import { join } from 'node:path'
import type { Fault } from '../../simulators/lib/fault-set.ts'
import { findFreePort } from '../../test/support/free-port.ts'
import type { Shown } from '../judge/judge.ts'
import { ask } from './ask.ts'
import { type Child, launch } from './child.ts'
import { waitFor } from './wait.ts'

const RUN = join(import.meta.dirname, '../../simulators/run.ts')
const START_MS = 20_000

/** A simulator in a process of its own. */
export type Simulator = {
  url: string
  addFault(fault: Fault): Promise<string>
  removeFault(id: string): Promise<void>
  clearFaults(): Promise<void>
  stop(): Promise<void>
}

export type RapidproDesk = Simulator & {
  token: string
  addContact(name: string): Promise<string>
  /** What the person's phone shows. */
  screen(contact: string): Promise<Shown[]>
}

export type RocketchatDesk = Simulator & {
  /** The agent of the room writes. */
  say(room: string, text: string): Promise<void>
  /** What the agent sees of the client. */
  screen(room: string): Promise<Shown[]>
}

async function start(name: string, dir: string, options: string[]): Promise<Simulator> {
  const port = await findFreePort()
  const url = `http://127.0.0.1:${port}`
  const command = [process.execPath, RUN, name, '--port', String(port), ...options]
  const child: Child = launch(command as [string], join(dir, `${name}.log`))
  await waitFor(`the ${name} simulator starts`, () => ask('GET', `${url}/__faults`), START_MS)
  return {
    url,
    addFault: async fault => (await ask<{ id: string }>('POST', `${url}/__faults`, fault)).id,
    removeFault: async id => void (await ask('DELETE', `${url}/__faults/${id}`)),
    clearFaults: async () => void (await ask('DELETE', `${url}/__faults`)),
    stop: () => child.end('SIGKILL'),
  }
}

export async function startRapidpro(dir: string, token: string): Promise<RapidproDesk> {
  const simulator = await start('rapidpro', dir, ['--token', token])
  const { url } = simulator
  type Phone = { messages: Shown[] }
  return {
    ...simulator,
    token,
    addContact: async name => (await ask<{ uuid: string }>('POST', `${url}/__bot/contacts`, { name })).uuid,
    screen: async contact => (await ask<Phone>('GET', `${url}/__bot/contacts/${contact}/messages`)).messages,
  }
}

/** `retryMs`: the pause before a webhook is posted again, in place of the release's 20 s. */
export async function startRocketchat(
  dir: string,
  webhook: { url: string; secret: string },
  retryMs: number,
): Promise<RocketchatDesk> {
  const simulator = await start('rocketchat', dir, ['--webhook', webhook.url, '--secret', webhook.secret])
  const { url } = simulator
  await ask('POST', `${url}/__desk/settings`, {
    API_Enable_Rate_Limiter: false,
    webhookRetryMs: retryMs,
  })
  type Room = { messages: { msg: string; ts: string; token?: string; t?: string }[] }
  return {
    ...simulator,
    say: async (room, text) => void (await ask('POST', `${url}/__desk/rooms/${room}/say`, { text })),
    async screen(room) {
      const { messages } = await ask<Room>('GET', `${url}/__desk/rooms/${room}`)
      return messages
        .filter(({ token, t }) => token !== undefined && t === undefined)
        .map(({ msg, ts }) => ({ text: msg, at: Date.parse(ts) }))
    },
  }
}
