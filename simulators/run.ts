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
  return ['npm run simulate -- <name> [--port N] [--profile X]', ...lines].join('\n')
}

async function run(): Promise<void> {
  const { values, positionals } = readArguments()
  const [name = ''] = positionals
  const simulator = Object.hasOwn(simulators, name) ? simulators[name] : undefined
  if (!simulator) throw new Error(`no simulator "${name}"\n\n${usage()}`)
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
  const options = { port: text, profile: text, webhook: text, secret: text, token: text }
  return parseArgs({ options, allowPositionals: true })
}

await run().catch(error => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
