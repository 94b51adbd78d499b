import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Attachment, HostedFile } from '../../simulators/rapidpro/index.ts'
import type { Message } from '../../simulators/rocketchat/index.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { type Conversation, handOver, visitorMessages } from './rocketchat-conversation.ts'

const PHOTO = { name: 'rash.jpg', type: 'image/jpeg', data: Buffer.from('ffd8ffe000104a464946', 'hex') }
const FILES: HostedFile[] = [
  PHOTO,
  { name: 'voice.ogg', type: 'audio/ogg', data: 'OggS' },
  { name: 'clip.mp4', type: 'video/mp4', data: 'ftyp' },
  { name: 'lab result é.pdf', type: 'application/pdf', data: '%PDF' },
  { name: 'all.zip', type: 'application/zip', data: 'PK' },
]

describe.each(STORES)('on %s', store => {
  describe.each(['4.4', '8.8'] as const)('files of a client reach Rocket.Chat %s', profile => {
    let world: World
    beforeAll(async () => {
      const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 }
      world = await startWorld({ store, rocketchat: { profile, settings } })
    })
    afterEach(() => {
      const { settings, faults } = world.rocketchat
      Object.assign(settings, { FileUpload_Enabled: true, FileUpload_MaxFileSize: -1 })
      faults.clear()
    })
    afterAll(() => world?.stop())

    it.each(FILES)('with name, type and bytes: $name', async file => {
      const conversation = await handOver(world)
      const [message, ...more] = await send(world, conversation, '', [file])
      expect(more).toEqual([])
      expect(message).toMatchObject({ file: { name: file.name, type: file.type } })
      expect(uploadOf(world, message)?.data).toEqual(Buffer.from(file.data))
    })

    it('all of them, after the text, in order', async () => {
      const conversation = await handOver(world)
      const messages = await send(world, conversation, 'all of these', FILES)
      const shown = messages.map(({ msg, file }) => file?.name ?? msg)
      expect(shown).toEqual(['all of these', ...FILES.map(({ name }) => name)])
    })

    it('under a type that RapidPro only knew the kind of', async () => {
      const conversation = await handOver(world)
      const url = world.rapidpro.hostFile(PHOTO)
      await conversation.flow.clientSays('', [{ content_type: 'image', url }])
      const [message] = visitorMessages(world, conversation.room)
      expect(message).toMatchObject({ file: { name: 'rash.jpg', type: 'image/jpeg' } })
    })

    it.each<[string, HostedFile, Partial<World['rocketchat']['settings']>]>([
      ['a type it refuses', { name: 'x.svg', type: 'image/svg+xml', data: '<svg/>' }, {}],
      ['a size it refuses', PHOTO, { FileUpload_MaxFileSize: 3 }],
      ['uploads switched off', PHOTO, { FileUpload_Enabled: false }],
      ['a file that may not be fetched', { ...PHOTO, forbidden: true }, {}],
    ])('as a link: %s', async (_why, file, settings) => {
      Object.assign(world.rocketchat.settings, settings)
      const conversation = await handOver(world)
      const url = world.rapidpro.hostFile(file)
      const outcome = await conversation.flow.clientSays('see', [{ content_type: file.type, url }])
      expect(outcome).toMatchObject({ status: 200 })
      const messages = visitorMessages(world, conversation.room)
      expect(messages.map(({ msg }) => msg)).toEqual(['see', url])
      expect(messages.every(message => message.file === undefined)).toBe(true)
    })

    it('each once, although Rocket.Chat stumbles before it takes the second', async () => {
      const conversation = await handOver(world)
      const [first, second] = FILES as [HostedFile, HostedFile]
      world.rocketchat.faults.add({ kind: 'server-error', route: '/api/v1/livechat/upload/*', times: 1 })
      const messages = await send(world, conversation, 'two files', [first, second])
      expect(messages.map(({ msg, file }) => file?.name ?? msg)).toEqual([
        'two files',
        first.name,
        second.name,
      ])
    })

    it('and where they lie reaches no log', () => {
      expect(world.mediator.text()).not.toContain('/storage/attachments/')
    })
  })
})

/** The client sends files; gives what stands in the room for it. */
async function send(
  world: World,
  { flow, room }: Conversation,
  text: string,
  files: HostedFile[],
): Promise<Message[]> {
  const attachments: Attachment[] = files.map(file => ({
    content_type: file.type,
    url: world.rapidpro.hostFile(file),
  }))
  const outcome = await flow.clientSays(text, attachments)
  expect(outcome).toMatchObject({ status: 200 })
  return visitorMessages(world, room)
}

function uploadOf({ rocketchat }: World, message: Message | undefined) {
  return rocketchat.state.uploads.get(message?.file?._id ?? '')
}
