import { parseArgs } from 'node:util'
import { startRapidpro } from './rapidpro/index.ts'
import { deskRouteList, startRocketchat } from './rocketchat/index.ts'

type Running = { url: string; stop(): Promise<void>; says: string[] }
type Options = {
  port?: string | undefined
  profile?: string | undefined
  webhook?: string | undefined
  secret?: string | undefined
  token?: string | undefined
}

const usage = `npm run simulate -- <name> [--port N] [--profile X]
  rocketchat   profiles 4.4, 6.4, 6.14, 7.11, 8.8   [--webhook URL --secret S]
  rapidpro     profiles 7.4, 9, 26                  [--token T]`

const faultRoutes = [
  'GET | POST | DELETE /__faults           {"kind", "route"?, "method"?, "times"?, ...}',
  'POST /__faults/down                     {"ms"}',
]

const phoneRoutes = [
  'GET  /__bot/state · GET /__bot/contacts/:uuid/messages',
  'POST /__bot/contacts · /__bot/contacts/:uuid/say · /__bot/flows · /__bot/settings · /__bot/files',
]

const simulators: Record<string, (options: Options) => Promise<Running>> = {
  rocketchat: async ({ port = '3100', profile = '8.8', webhook, secret = '' }) => {
    const rocketchat = await startRocketchat({
      port: Number(port),
      profile: oneOf(['4.4', '6.4', '6.14', '7.11', '8.8'], profile),
      ...(webhook && { webhook: { url: webhook, secret } }),
    })
    return { ...rocketchat, says: ['The agent:', ...deskRouteList] }
  },
  rapidpro: async ({ port = '3200', profile = '9', token }) => {
    const options = {
      port: Number(port),
      profile: oneOf(['7.4', '9', '26'], profile),
      ...(token && { token }),
    }
    const rapidpro = await startRapidpro(options)
    return { ...rapidpro, says: [`API token ${rapidpro.token}`, 'The phone and the flow:', ...phoneRoutes] }
  },
}

function oneOf<const Name extends string>(names: readonly Name[], said: string): Name {
  const name = names.find(known => known === said)
  if (!name) throw new Error(`no profile ${said}; there are ${names.join(', ')}`)
  return name
}

async function run(): Promise<void> {
  const { values, positionals } = readArguments()
  const [name = ''] = positionals
  const start = simulators[name]
  if (!start) throw new Error(`no simulator "${name}"\n\n${usage}`)
  const running = await start(values)
  const lines = [...running.says, 'What goes wrong:', ...faultRoutes]
  process.stdout.write(`${name} at ${running.url}  (Ctrl-C ends it)\n${lines.join('\n')}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop())
}

function readArguments() {
  const text = { type: 'string' } as const
  const options = { port: text, profile: text, webhook: text, secret: text, token: text }
  return parseArgs({ options, allowPositionals: true })
}

await run().catch(error => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
