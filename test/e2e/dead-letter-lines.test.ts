import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerSomebody } from '../http/asks.ts'
import { API_TOKEN } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'

const run = promisify(execFile)

const DOCS = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const LINES = [...DOCS.matchAll(/^ {4}(curl .*dead-letters.*)$/gm)].map(([, line = '']) => line)

describe('the lines about dead letters in docs/operations.md', () => {
  let world: World
  let known: Record<string, string>
  beforeAll(async () => {
    world = await startWorld()
    known = await refuseOne(world)
  })
  afterAll(() => world?.stop())

  it('are there', () => {
    expect(LINES).toHaveLength(7)
  })

  it.each(LINES)('%s', async line => {
    const command = line.replace(/<([a-z ]+)>/g, (_, name) => known[name] ?? 'unknown')
    const env = { ...process.env, MEDIATOR: world.mediator.url, TOKEN: API_TOKEN }
    const { stdout } = await run('bash', ['-c', command.replace('curl', 'curl -s')], { env })
    expect(JSON.parse(stdout), stdout).toMatchObject({ status_code: 200, status: 'success' })
  })
})

type Letter = { id: string }

/** Words of an agent that RapidPro refuses for good, and what the lines leave open about them. */
async function refuseOne(world: World): Promise<Record<string, string>> {
  const { uuid, rid } = await registerSomebody(world)
  world.rapidpro.blockContact(uuid)
  await world.rocketchat.say(rid, 'hello')
  const { id } = await until('there is a dead letter', async () => {
    const { body } = await world.call('GET', '/live-agents/dead-letters')
    return (body.dead_letters as Letter[])[0]
  })
  return { id, 'contact uuid': uuid, conversation: rid }
}
