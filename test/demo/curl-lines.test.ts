import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { type DemoRun, runDemo } from './run-demo.ts'

const run = promisify(execFile)

async function squat(): Promise<Server | undefined> {
  const { promise, resolve } = Promise.withResolvers<Server | undefined>()
  const server = createServer()
  server.once('listening', () => resolve(server)).once('error', () => resolve(undefined))
  server.listen(3000, '127.0.0.1')
  return promise
}

describe('the curl lines of the demo', () => {
  let demo: DemoRun
  let squatter: Server | undefined
  beforeAll(async () => {
    // Another demo may have it for a moment; where somebody has it for good, it is just as busy.
    squatter = await until('port 3000 is ours', squat, 10_000).catch(() => undefined)
    demo = runDemo(['--no-play', '--fast'])
    await until('it stays up', () => demo.text().includes('Ctrl-C ends it all.') || demo.errors())
  })
  afterAll(async () => {
    squatter?.close()
    await demo.cleanUp()
  })

  const answers = new Map<string, string>()
  const paste = async (line: string) => {
    const { stdout } = await run('sh', ['-c', line])
    answers.set(line.split(' ').find(word => word.includes('http')) ?? '', stdout)
    return stdout
  }
  const answerOf = (part: string) => [...answers].find(([url]) => url.includes(part))?.[1] ?? ''

  it('takes another port for one that is in use, and says so', () => {
    expect(demo.text()).toMatch(/Port 3000 is in use; http:\/\/127\.0\.0\.1:\d+ is taken in its place\./)
  })

  it('work when they are pasted', async () => {
    const lines = demo
      .text()
      .split('\n')
      .filter(line => line.startsWith('curl '))
    expect(lines).toHaveLength(13)
    for (const line of lines) await paste(line)
    expect(JSON.parse(answerOf('registerClient'))).toMatchObject({ status_code: 200, state: 'queued' })
    expect(JSON.parse(answerOf('sendMessageToAgent'))).toMatchObject({ status_code: 200 })
    expect(JSON.parse(answerOf('/take')).room.servedBy).toBeTruthy()
    expect(JSON.parse(answerOf('/say')).message.msg).toBe('Yes, I am :wave:')
    expect(JSON.parse(answerOf('/file')).message.file.name).toBe('dot.gif')
    expect(JSON.parse(answerOf('/messages')).messages.length).toBeGreaterThan(1)
    expect(JSON.parse(answerOf('/sessions/'))).toMatchObject({ session: { state: 'assigned' } })
    expect(JSON.parse(answerOf('/__faults'))).toHaveProperty('id')
    expect(JSON.parse(answerOf('/close')).room.closedAt).toBeTruthy()
    expect(JSON.parse(answerOf('/day-status'))).toHaveProperty('is_registration_available')
    expect(JSON.parse(answerOf('?at='))).toMatchObject({ day_type: 'holiday', day_name: 'Christmas' })
    expect(JSON.parse(answerOf('/dead-letters'))).toMatchObject({ dead_letters: [] })
    expect(answerOf('/metrics')).toContain('# HELP')
  })

  it('work again, and show what the visitor does', async () => {
    const lines = demo
      .text()
      .split('\n')
      .filter(line => line.startsWith('curl '))
    const [register = '', say = ''] = lines
    expect(JSON.parse(await paste(register))).toMatchObject({ status_code: 200 })
    expect(JSON.parse(await paste(say))).toMatchObject({ status_code: 200 })
    expect(demo.text()).toMatch(/try 2 failed: rocketchat answered 500/)
    await until('the visitor’s words are shown', () => demo.text().includes('Is anybody there?\n'))
    await until('the phone is shown', () => demo.text().includes('on the phone of Pedro'))
  })

  it('leave nothing behind', async () => {
    demo.pressCtrlC()
    expect(await demo.ended).toBe(0)
    expect(demo.leftovers()).toEqual([])
  })
})
