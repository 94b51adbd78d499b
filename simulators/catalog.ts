type Running = { url: string; stop(): Promise<void> }

/** How a simulator is started; `profile` is one of its own, `secret` empty unless given. */
type Options = { port: number; profile: string; webhook?: string; secret: string; token?: string }

type Simulator = {
  /** By default. */
  port: number
  /** The default one first. */
  profiles?: readonly string[]
  /** Further options it takes, for the usage text. */
  takes?: string
  /** Resolves with what people need to know beside its address. */
  start(options: Options): Promise<{ running: Running; says: string[] }>
}

const PHONE_ROUTES = [
  'GET  /__bot/state · GET /__bot/contacts/:uuid/messages',
  'POST /__bot/contacts · /__bot/contacts/:uuid/say · /__bot/flows · /__bot/settings · /__bot/files',
]

const ROCKETCHAT = ['8.8', '7.11', '6.14', '6.4', '4.4'] as const
const RAPIDPRO = ['9', '26', '7.4'] as const
const SOCKET_IO = ['4', '2'] as const

/** Each loads its own code only when it is started. */
export const simulators: Record<string, Simulator> = {
  rocketchat: {
    port: 3100,
    profiles: ROCKETCHAT,
    takes: '[--webhook URL --secret S]',
    async start({ port, profile, webhook, secret }) {
      const { deskRouteList, startRocketchat } = await import('./rocketchat/index.ts')
      const options = { port, profile: oneOf(ROCKETCHAT, profile) }
      const running = await startRocketchat({
        ...options,
        ...(webhook && { webhook: { url: webhook, secret } }),
      })
      return { running, says: ['The agent:', ...deskRouteList] }
    },
  },
  rapidpro: {
    port: 3200,
    profiles: RAPIDPRO,
    takes: '[--token T]',
    async start({ port, profile, token }) {
      const { startRapidpro } = await import('./rapidpro/index.ts')
      const running = await startRapidpro({
        port,
        profile: oneOf(RAPIDPRO, profile),
        ...(token && { token }),
      })
      return { running, says: [`API token ${running.token}`, 'The phone and the flow:', ...PHONE_ROUTES] }
    },
  },
  'chat-server': {
    port: 3300,
    profiles: SOCKET_IO,
    async start({ port, profile }) {
      const { deskRouteList, startChatServer } = await import('./chat-server/index.ts')
      const protocol = oneOf(SOCKET_IO, profile) === '2' ? 2 : 4
      const running = await startChatServer({ port, protocol })
      return { running, says: [`Socket.IO ${protocol}`, 'The agent:', ...deskRouteList] }
    },
  },
  yellow: {
    port: 3400,
    takes: '[--webhook URL --secret S] [--token T]',
    async start({ port, webhook, secret, token }) {
      const { deskRouteList, startYellow } = await import('./yellow/index.ts')
      const hook = webhook && { webhook: { url: webhook, token: secret } }
      const running = await startYellow({ port, ...(token && { token }), ...hook })
      const { company } = running
      return { running, says: [`company ${company}, token ${running.token}`, 'The agent:', ...deskRouteList] }
    },
  },
  aivo: {
    port: 3500,
    takes: '[--webhook URL --secret S] [--token T]',
    async start({ port, webhook, secret, token }) {
      const { deskRouteList, startAivo } = await import('./aivo/index.ts')
      const webhookUrl = webhook && secret ? `${webhook}?token=${encodeURIComponent(secret)}` : webhook
      const settings = { ...(webhookUrl && { webhookUrl }), ...(token && { botToken: token }) }
      const running = await startAivo({ port, settings })
      const { botId, botToken } = running.settings
      const api = `API at /api/v1/live-handler, bot ${botId}, token ${botToken}`
      return { running, says: [api, 'The agent:', ...deskRouteList] }
    },
  },
  genesys: {
    port: 3600,
    async start({ port }) {
      const { deskRouteList, startGenesys } = await import('./genesys/index.ts')
      const running = await startGenesys({ port })
      const api = `API at /api/v2, contact centre ${running.contactCenterId}`
      const seats = [...running.state.users.values()].filter(({ password }) => password !== undefined)
      const logins = seats.map(({ userName, password }) => `seat ${userName}, password ${password}`)
      return { running, says: [api, ...logins, 'Agents and customers:', ...deskRouteList] }
    },
  },
}

function oneOf<const Name extends string>(names: readonly Name[], said: string): Name {
  const name = names.find(known => known === said)
  if (!name) throw new Error(`no profile ${said}; there are ${names.join(', ')}`)
  return name
}
