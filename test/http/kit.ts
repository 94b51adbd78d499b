import { pino } from 'pino'
import { rapidpro } from '../../src/bots/rapidpro/index.ts'
import { type App, buildServer, type ServerKit } from '../../src/http/server.ts'
import type { Answer } from '../../src/mediator/answer.ts'

const TOKEN = 'token-of-the-kit'

const done = async (): Promise<Answer> => ({ word: 'success', msg: 'done' })

type Doors = ServerKit['bot'] & ServerKit['operations'] & ServerKit['deadLetters']

/** The HTTP layer alone, over doors that lead nowhere unless they are given. */
export function buildApp(doors: Partial<Doors> = {}): Promise<App> {
  const { session = done, list = done, show = done, replay = done, replayAll = done, ...bot } = doors
  return buildServer({
    log: pino({ level: 'silent' }),
    apiTokens: [TOKEN],
    bot: { inbound: rapidpro.inbound, register: done, send: done, end: done, ...bot },
    desks: { find: () => undefined, sendMessageToClient: [], receive: done },
    calendar: {
      dayStatus: () => {
        throw new Error('no calendar here')
      },
    },
    conversations: {
      operations: undefined,
      operate: async () => ({ status: 200, msg: 'done', vendor: null }),
      transcript: async () => ({ kind: 'sent' }),
    },
    operations: { session },
    deadLetters: { list, show, replay, replayAll },
    count: () => undefined,
    probes: {
      ready: async () => undefined,
      links: () => ({}),
      metrics: async () => ({ contentType: 'text/plain', text: '' }),
    },
  })
}

export async function inject(app: App, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  const headers = { authorization: `Token ${TOKEN}` }
  return app.inject({ method, url, headers, ...(payload && { payload }) })
}
