import { parseArgs } from 'node:util'
import { simulators } from './catalog.ts'

const FAULT_ROUTES = [
  'GET | POST | DELETE /__faults           {"kind", "route"?, "method"?, "times"?, ...}',
  'POST /__faults/down                     {"ms"}',
]

function usage(): string {
  const lines = Object.entries(simulators).map(([name, { port, profiles, takes = '' }]) => {
    const known = profiles ? `profiles ${profiles.join(', ')}` : ''
    return `  ${name.padEnd(13)}port ${port}  ${known.padEnd(36)}${takes}`.trimEnd()
  })
  return ['npm run simulate -- <name> [--port N] [--profile X]', ...lines, ''].join('\n')
}

type Asked = {
  name: string
  simulator: (typeof simulators)[string]
  values: ReturnType<typeof readArguments>['values']
}

async function run(): Promise<void> {
  const asked = understand()
  if (asked) await start(asked)
}

/** Undefined where only the usage is wanted, or nothing else can be given. */
function understand(): Asked | undefined {
  try {
    const { values, positionals } = readArguments()
    if (values.help) return void process.stdout.write(usage())
    const [name = ''] = positionals
    const simulator = Object.hasOwn(simulators, name) ? simulators[name] : undefined
    if (!simulator) throw new Error(name ? `no simulator "${name}"` : 'which simulator?')
    return { name, simulator, values }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${usage()}`)
    process.exitCode = 2
    return undefined
  }
}

async function start({ name, simulator, values }: Asked): Promise<void> {
  const { profiles = [''] } = simulator
  const { port = simulator.port, profile = profiles[0] ?? '', secret = '', webhook, token } = values
  const more = { ...(webhook && { webhook }), ...(token && { token }) }
  const { running, says } = await simulator.start({ port: Number(port), profile, secret, ...more })
  const lines = [...says, 'What goes wrong:', ...FAULT_ROUTES]
  process.stdout.write(`${name} at ${running.url}  (Ctrl-C ends it)\n${lines.join('\n')}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.stop())
}

function readArguments() {
  const text = { type: 'string' } as const
  const help = { type: 'boolean', short: 'h' } as const
  const options = { port: text, profile: text, webhook: text, secret: text, token: text, help }
  return parseArgs({ options, allowPositionals: true })
}

await run().catch(error => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
