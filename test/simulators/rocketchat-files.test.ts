import { expect, test } from 'vitest'
import type { Rocketchat, RocketchatOptions } from '../../simulators/rocketchat/index.ts'
import {
  type Answer,
  bot,
  call,
  type Json,
  openRoom,
  startReceiver,
  startWorkspace,
} from './rocketchat-kit.ts'

type Part = { name?: string; file?: string; type?: string; text?: string }

function formOf(...parts: Part[]): FormData {
  const form = new FormData()
  for (const { name = 'file', file, type = 'text/plain', text = 'abc' } of parts)
    if (file) form.append(name, new Blob([text], { type }), file)
    else form.append(name, text)
  return form
}

async function upload(rocketchat: Rocketchat, form: FormData, token = 'eva'): Promise<Answer> {
  const rid = await openRoom(rocketchat)
  return call(rocketchat, 'POST', `upload/${rid}`, form, { 'x-visitor-token': token })
}

const note = { file: 'note.txt' }

test('an upload answers the message, flat', async () => {
  const rocketchat = await startWorkspace()
  const image = { file: 'a b.png', type: 'application/octet-stream' }
  const { status, body } = await upload(rocketchat, formOf(image, { name: 'description', text: 'look' }))
  expect(status).toBe(200)
  expect(body).toMatchObject({
    msg: '',
    token: 'eva',
    file: { name: 'a b.png', type: 'image/png' },
    attachments: [{ title: 'a b.png', image_type: 'image/png', description: 'look' }],
    newRoom: false,
    success: true,
  })
})

type Refused = [what: string, on: RocketchatOptions, parts: Part[], status: number, body: Json]
const limited = { settings: { FileUpload_MaxFileSize: 2 } }
test.each<Refused>([
  ['no file', {}, [{ name: 'msg' }], 400, { errorType: 'error-no-file' }],
  ['no file in 7', { profile: '7.11' }, [{ name: 'msg' }], 400, { errorType: 'No file uploaded' }],
  ['another part', {}, [{ ...note, name: 'photo' }], 400, { error: '[invalid-field]' }],
  ['two files', {}, [note, note], 400, { errorType: 'error-too-many-files' }],
  [
    'a stray text',
    {},
    [note, { name: 'groupable' }],
    400,
    { error: 'Match error: Unknown key in field groupable' },
  ],
  ['a drawing', {}, [{ file: 'a.svg', type: 'image/svg+xml' }], 400, { reason: 'error-type-not-allowed' }],
  [
    'what is not on the white list',
    { settings: { FileUpload_MediaTypeWhiteList: 'image/*' } },
    [note],
    400,
    { reason: 'error-type-not-allowed' },
  ],
  ['too much', limited, [note], 400, { errorType: 'error-file-too-large' }],
  ['too much in 7', { ...limited, profile: '7.11' }, [note], 400, { reason: 'error-size-not-allowed' }],
  [
    'what the switch forbids',
    { settings: { Livechat_fileupload_enabled: false } },
    [note],
    400,
    { reason: 'error-file-upload-disabled' },
  ],
])('%s is refused', async (_what, on, parts, status, body) => {
  const rocketchat = await startWorkspace(on)
  expect(await upload(rocketchat, formOf(...parts))).toMatchObject({ status, body })
  expect(rocketchat.state.counts.visitorMessages).toBe(0)
})

test('only the visitor of an open room may upload', async () => {
  const rocketchat = await startWorkspace()
  const unauthorized = { status: 403, body: { success: false, error: 'unauthorized' } }
  expect(await upload(rocketchat, formOf(note), 'somebody')).toMatchObject(unauthorized)
  const rid = await openRoom(rocketchat)
  await rocketchat.close(rid)
  const late = await call(rocketchat, 'POST', `upload/${rid}`, formOf(note), { 'x-visitor-token': 'eva' })
  expect(late).toMatchObject(unauthorized)
})

async function sendNote(options: RocketchatOptions = {}) {
  const receiver = await startReceiver()
  const rocketchat = await startWorkspace({ ...options, webhook: { url: receiver.url } })
  const rid = await openRoom(rocketchat)
  await rocketchat.sendFile(rid, {
    name: 'bill 1.pdf',
    type: 'application/pdf',
    data: 'PDF',
    caption: 'the bill',
  })
  await rocketchat.webhooksSettled()
  const [message = {}] = receiver.received.at(-1)?.body.messages ?? []
  const { publicFilePath } = message.fileUpload as { publicFilePath: string }
  return { rocketchat, rid, message, link: new URL(publicFilePath) }
}

test("an agent's file comes with a link that opens", async () => {
  const { link, message } = await sendNote()
  expect(message).not.toHaveProperty('msg')
  expect(message).toMatchObject({
    file: { name: 'bill 1.pdf', type: 'application/pdf' },
    attachments: [{ description: 'the bill' }],
    fileUpload: { type: 'application/pdf', size: 3 },
  })
  const file = await fetch(link)
  expect(file.headers.get('content-type')).toBe('application/pdf')
  expect(await file.text()).toBe('PDF')
})

test.each([
  ['8.8', 403],
  ['6.14', 200],
] as const)('an hour later, %s answers the link with %i', async (profile, status) => {
  let now = Date.now()
  const { link } = await sendNote({ profile, now: () => now })
  now += 3_601_000
  expect((await fetch(link)).status).toBe(status)
})

test('a file opens to its token, its visitor and the bot, and to nobody else', async () => {
  const { link, rid } = await sendNote()
  const statusOf = async (query: string, headers: Record<string, string> = {}) => {
    link.search = query
    return (await fetch(link, { headers })).status
  }
  expect(await statusOf('')).toBe(403)
  expect(await statusOf('?token=a.b.c')).toBe(403)
  expect(await statusOf(`?rc_room_type=l&rc_rid=${rid}&rc_token=eva`)).toBe(200)
  expect(await statusOf(`?rc_room_type=l&rc_rid=${rid}&rc_token=other`)).toBe(403)
  expect(await statusOf(`?rc_rid=${rid}&rc_token=eva`)).toBe(403)
  expect(await statusOf('', { cookie: `rc_room_type=l; rc_rid=${rid}; rc_token=eva` })).toBe(200)
  expect(await statusOf('', bot)).toBe(200)
  link.pathname = '/file-upload/unknown/x'
  expect(await statusOf('')).toBe(404)
})

test('unprotected files have a bare link', async () => {
  const { link } = await sendNote({ settings: { FileUpload_ProtectFiles: false } })
  expect(link.search).toBe('')
  expect((await fetch(link)).status).toBe(200)
})
