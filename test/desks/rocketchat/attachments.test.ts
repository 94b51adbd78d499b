import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attachment } from '../../../src/domain/message.ts'
import { aSending, expectError, MESSAGE_ID, nock, play, type Scene, type Step, UUID } from './support.ts'

const URL_OF_IT = 'https://media.example.org/a/b1/Holiday%20secret'
const PICTURE: Attachment = { contentType: 'image/jpeg', url: URL_OF_IT }

const fetched: Step = {
  ask: `GET ${URL_OF_IT}`,
  answer: 'the bytes',
  headers: { 'content-type': 'image/jpeg' },
}
const upload = (...words: string[]): Step => ({
  ask: 'POST livechat/upload/room1',
  sends: ['name="file"', 'the bytes', ...words],
  sendsHeaders: { 'x-visitor-token': UUID },
  answer: { _id: 'm1', rid: 'room1', file: { _id: 'f1' }, success: true },
})
const uploaded = upload('filename="Holiday secret.jpg"', 'Content-Type: image/jpeg')
const answering = (status: number, answer: unknown): Step => ({ ...uploaded, status, answer })
const asText = (msg: string): Step => ({
  ask: 'POST livechat/message',
  sends: { token: UUID, rid: 'room1', _id: MESSAGE_ID, msg },
  answer: { message: { rid: 'room1' } },
})
const asLink = asText(URL_OF_IT)
const redirect = (ask: string, location: string): Step => ({
  ask: `GET ${ask}`,
  status: 302,
  headers: { location },
})

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})

type Row = Scene & { attachment?: Partial<Attachment>; error?: string }

const files: Row[] = [
  { label: 'goes up as a file', steps: [fetched, uploaded] },
  {
    label: 'keeps its own name',
    attachment: { name: 'me.png' },
    steps: [fetched, upload('filename="me.png"')],
  },
  {
    label: 'takes its type from the answer when the sender knew only its kind',
    attachment: { contentType: 'audio' },
    steps: [
      { ...fetched, headers: { 'content-type': 'audio/ogg; codecs=opus' } },
      upload('filename="Holiday secret.ogg"', 'Content-Type: audio/ogg'),
    ],
  },
  {
    label: 'is named by its kind when nothing names it',
    attachment: { url: 'https://media.example.org/' },
    steps: [{ ...fetched, ask: 'GET https://media.example.org/' }, upload('filename="image.jpg"')],
  },
  {
    label: 'is followed over three redirects',
    steps: [
      redirect(URL_OF_IT, '/two'),
      redirect('https://media.example.org/two', 'https://cdn.example.org/three'),
      redirect('https://cdn.example.org/three', '/four'),
      { ...fetched, ask: 'GET https://cdn.example.org/four' },
      uploaded,
    ],
  },
]

const links: Row[] = [
  {
    label: 'that is redirected without end',
    steps: [...[1, 2, 3, 4].map(() => redirect(URL_OF_IT, URL_OF_IT)), asLink],
  },
  {
    label: 'that is redirected out of the web',
    steps: [redirect(URL_OF_IT, 'file:///etc/passwd'), asLink],
  },
  { label: 'that is gone', steps: [{ ...fetched, status: 410 }, asLink] },
  { label: 'that is not for us', steps: [{ ...fetched, status: 403 }, asLink] },
  { label: 'that needs a login', steps: [{ ...fetched, status: 401 }, asLink] },
  {
    label: 'that cannot be fetched at the third try',
    attempt: 3,
    steps: [{ ...fetched, status: 503 }, asLink],
  },
  {
    label: 'of a type that is refused',
    steps: [fetched, answering(400, { success: false, reason: 'error-type-not-allowed' }), asLink],
  },
  {
    label: 'that is too large for the server',
    steps: [
      fetched,
      answering(400, { success: false, error: '[error-file-too-large]', errorType: 'error-file-too-large' }),
      asLink,
    ],
  },
  {
    label: 'where files are off',
    steps: [fetched, answering(400, { success: false, reason: 'error-file-upload-disabled' }), asLink],
  },
  { label: 'that is too large for a proxy', steps: [fetched, answering(413, '<html>'), asLink] },
  {
    label: 'with a name',
    attachment: { name: 'me.png' },
    steps: [{ ...fetched, status: 404 }, asText(`me.png: ${URL_OF_IT}`)],
  },
  {
    label: 'that is a place',
    attachment: { contentType: 'geo', url: 'geo:14.62,-90.51' },
    steps: [
      asText('geo:14.62,-90.51\nhttps://www.openstreetmap.org/?mlat=14.62&mlon=-90.51#map=16/14.62/-90.51'),
    ],
  },
  {
    label: 'at no address of the web',
    attachment: { contentType: 'audio/ogg', url: 'ftp://media.example.org/1' },
    steps: [asText('ftp://media.example.org/1')],
  },
]

const failures: Row[] = [
  { label: 'cannot be fetched now', steps: [{ ...fetched, status: 503 }], error: 'UNREACHABLE' },
  { label: 'is fetched too often', attempt: 2, steps: [{ ...fetched, status: 429 }], error: 'THROTTLED' },
  {
    label: 'comes too late for the room',
    steps: [fetched, answering(403, { success: false, error: 'unauthorized' })],
    error: 'CONVERSATION_GONE',
  },
  {
    label: 'comes too late for the room, 9.0',
    steps: [fetched, answering(403, { success: false, error: 'forbidden' })],
    error: 'CONVERSATION_GONE',
  },
  { label: 'meets a firewall', steps: [fetched, answering(403, '<html>')], error: 'MISCONFIGURED' },
  { label: 'meets a crash', steps: [fetched, answering(500, 'Server error.')], error: 'UNREACHABLE' },
  {
    label: 'lands in another room',
    steps: [fetched, answering(200, { rid: 'room2' })],
    error: 'CONVERSATION_GONE',
  },
]

async function send(row: Row): Promise<{ outcome: unknown; logged: string[] }> {
  let logged: string[] = []
  const outcome = await play(row, stage => {
    logged = stage.logged
    const attachments = [{ ...PICTURE, ...row.attachment }]
    return stage.desk.sendToAgent(aSending({ attachments }), stage.call)
  })
  return { outcome, logged }
}

describe('a file', () => {
  test.each(files)('$label', async row => {
    expect((await send(row)).outcome).toBeUndefined()
  })

  test.each(failures)('that $label fails', async row => {
    expectError((await send(row)).outcome, row.error ?? '')
  })

  test.each(links)('$label goes as a link', async row => {
    const { outcome, logged } = await send(row)
    expect(outcome).toBeUndefined()
    expect(logged.join()).not.toMatch(/secret|me\.png/)
  })

  test('is fetched without our credentials', async () => {
    const settings = { user_id: 'bot-id', auth_token: 'bot-token' }
    nock('https://media.example.org', { badheaders: ['x-auth-token', 'x-user-id'] })
      .get('/a/b1/Holiday%20secret')
      .reply(200, 'the bytes')
    const headers = { 'x-visitor-token': UUID, 'x-auth-token': 'bot-token' }
    const steps = [{ ...uploaded, sendsHeaders: headers }]
    const outcome = await play({ label: '', settings, steps }, ({ desk, call }) =>
      desk.sendToAgent(aSending({ attachments: [PICTURE] }), call),
    )
    expect(outcome).toBeUndefined()
  })
})

test('a message that was not taken apart is sent whole, each piece under an id of its own', async () => {
  const steps: Step[] = [
    asText('look'),
    { ...fetched, status: 404 },
    { ...asLink, sends: { token: UUID, rid: 'room1', _id: `${MESSAGE_ID}a1`, msg: URL_OF_IT } },
  ]
  const outcome = await play({ label: '', steps }, ({ desk, call }) =>
    desk.sendToAgent(aSending({ text: 'look', attachments: [PICTURE] }), call),
  )
  expect(outcome).toBeUndefined()
})
