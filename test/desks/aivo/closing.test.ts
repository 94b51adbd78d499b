import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aSession, expectError, nock, play, ROOM, type Scene, type Step, setStage } from './support.ts'

const LEFT = { client_left_text: 'The client has left.' }
const PATH = { close_path: 'client/close' }
const tells: Step = {
  path: `${ROOM}/client/message`,
  sends: { message: [{ action: 'text', value: 'The client has left.', source: 'user' }] },
}
const closes: Step = { path: `${ROOM}/client/close`, sends: {} }

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & { error?: [string, ...string[]] }

const rows: Row[] = [
  { label: 'does nothing where nobody said how', steps: [] },
  { label: 'posts to the path it was given', settings: { ...PATH, ...LEFT }, steps: [closes] },
  { label: 'tells the agent', settings: LEFT, steps: [tells] },
  { label: 'is content with one that is gone', settings: PATH, steps: [{ ...closes, status: 410 }] },
  { label: 'is content with one nobody knows', settings: LEFT, steps: [{ ...tells, status: 404 }] },
  {
    label: 'is content with one that is closed',
    settings: PATH,
    steps: [{ ...closes, status: 409, answer: { error: 'already closed' } }],
  },
  {
    label: 'names the path that is refused, for good',
    settings: PATH,
    steps: [{ ...closes, status: 405 }],
    error: ['REJECTED', 'close_path', '405'],
  },
  {
    label: 'does not wait for an agent who might be told',
    settings: LEFT,
    steps: [{ ...tells, status: 409, answer: { error: 'not attended' } }],
    error: ['REJECTED'],
  },
  {
    label: 'tries again after a crash',
    settings: PATH,
    steps: [{ ...closes, status: 500 }],
    error: ['UNREACHABLE'],
  },
  {
    label: 'tries again after a lost answer',
    settings: LEFT,
    steps: [{ ...tells, fails: 'ECONNRESET' }],
    error: ['UNREACHABLE'],
  },
]

describe('closeConversation', () => {
  test.each(rows)('$label', async row => {
    const session = aSession({ state: 'queued' })
    const outcome = await play(row, ({ desk, call }) => desk.closeConversation(session, 'bot', call))
    if (row.error) expectError(outcome, ...row.error)
    else expect(outcome).toBeUndefined()
  })

  test('says that something may be left where the answer to the opening was lost', async () => {
    const { desk, call, logged } = setStage({ ...PATH, ...LEFT })
    const { conversation: _, ...session } = aSession()
    await desk.closeConversation(session, 'failed', call)
    expect(logged).toHaveLength(1)
    expect(JSON.parse(logged[0] ?? '')).toMatchObject({ level: 40, desk: 'aivo', session: 'session-1' })
  })
})
