import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../support/world.ts'
import { handOver, visitorMessages } from './rocketchat-conversation.ts'

/** A server next to the mediator that is neither the bot's nor the desk's. */
type Neighbour = { url: string; server: Server; asked: string[] }

async function startNeighbour(): Promise<Neighbour> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'image/png').end('PNG')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked }
}

describe('a file that lies on a server next to the mediator', () => {
  let neighbour: Neighbour
  let world: World
  beforeAll(async () => {
    neighbour = await startNeighbour()
  })
  afterEach(() => world?.stop())
  afterAll(() => neighbour?.server.close())

  it('is not fetched: the message goes on with its link, which the log does not have', async () => {
    world = await startWorld()
    const { flow, room } = await handOver(world)
    const url = `${neighbour.url}/secret-path/photo.png?key=secret-query`
    expect(await flow.clientSays('see', [{ content_type: 'image/png', url }])).toMatchObject({ status: 200 })
    expect(visitorMessages(world, room).map(({ msg }) => msg)).toEqual(['see', url])
    expect(neighbour.asked).toEqual([])
    const warnings = world.mediator.log.filter(({ host }) => host !== undefined)
    expect(warnings).toMatchObject([{ level: 40, host: '127.0.0.1' }])
    expect(world.mediator.text()).not.toMatch(/secret-(path|query)/)
    const metrics = await (await fetch(`${world.mediator.url}/metrics`)).text()
    expect(metrics).toMatch(
      /outgoing_call_seconds_count\{account="files",route="file",status="FORBIDDEN"\} 1\n/,
    )
  })

  it('is fetched when the configuration allows its host', async () => {
    world = await startWorld({ toml: '[media]\nallow = ["127.0.0.0/8"]' })
    const { flow, room } = await handOver(world)
    const url = `${neighbour.url}/photo.png`
    expect(await flow.clientSays('see', [{ content_type: 'image/png', url }])).toMatchObject({ status: 200 })
    expect(visitorMessages(world, room).map(({ msg, file }) => file?.name ?? msg)).toEqual([
      'see',
      'photo.png',
    ])
    expect(neighbour.asked).toEqual(['/photo.png'])
  })
})
