import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { PhoneMessage } from '../../simulators/rapidpro/index.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { allQuiet, type Conversation, handOver } from './rocketchat-conversation.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const PHOTO: AgentFile = { name: 'rash.png', type: 'image/png', data: PNG }
const ZIP: AgentFile = { name: 'forms.zip', type: 'application/zip', data: 'PK' }
const HOSTED: AgentFile[] = [
  PHOTO,
  { name: 'voice note.ogg', type: 'audio/ogg', data: 'OggS' },
  { name: 'clip.mp4', type: 'video/mp4', data: 'ftyp' },
  { name: 'prescripción #1.pdf', type: 'application/pdf', data: '%PDF-1.7' },
]
const LINKED: AgentFile[] = [
  ZIP,
  { name: 'letter.docx', type: 'application/msword', data: 'doc' },
  { name: 'notes.txt', type: 'text/plain', data: 'notes' },
]

describe.each(STORES)('on %s', store => {
  describe.each(['7.4', '9', '26'] as const)('files of an agent reach RapidPro %s', profile => {
    let world: World
    beforeAll(async () => {
      world = await startWorld({ store, rapidpro: { profile } })
    })
    afterEach(() => world.rapidpro.faults.clear())
    afterAll(() => world?.stop())

    it.each(HOSTED)('as files of its own where it takes them: $name', async file => {
      const conversation = await handOver(world)
      const [message, ...more] = await sendFile(world, conversation, file)
      expect(more).toEqual([])
      if (profile === '7.4') return expectLink(message, file)
      const [attachment] = message?.attachments ?? []
      expect(message).toMatchObject({ text: '', attachments: [{ content_type: file.type }] })
      expect(attachment?.url.startsWith(world.rapidpro.url)).toBe(true)
      expect(await bytesOf(attachment?.url)).toEqual(Buffer.from(file.data))
      expect([...world.rapidpro.state.media.values()].at(-1)).toMatchObject({ filename: file.name })
    })

    it.each(LINKED)('as a link that opens where it does not: $name', async file => {
      const conversation = await handOver(world)
      const [message, ...more] = await sendFile(world, conversation, file)
      expect(more).toEqual([])
      await expectLink(message, file)
    })

    it('as a link when they are too large', async () => {
      const conversation = await handOver(world)
      const file = { name: 'long.mp4', type: 'video/mp4', data: Buffer.alloc(25 * 1024 * 1024 + 1, 'x') }
      const media = world.rapidpro.state.media.size
      const [message] = await sendFile(world, conversation, file)
      expect(message).toMatchObject({ text: expect.stringMatching(/^long\.mp4 http/), attachments: [] })
      expect(world.rapidpro.state.media.size).toBe(media)
    })

    it('in the order they were sent, captions first', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      await rocketchat.say(conversation.room._id, 'one')
      await rocketchat.webhooksSettled()
      await sendFile(world, conversation, { ...PHOTO, caption: 'two :smile:' })
      await sendFile(world, conversation, { ...ZIP, caption: 'three' })
      await rocketchat.say(conversation.room._id, 'four')
      await allQuiet(world, conversation)
      const kinds = screenOf(world, conversation).map(({ text, attachments: [file] }) =>
        file ? file.content_type : text.replace(/^(\S+) http.*/, 'link to $1'),
      )
      const picture = profile === '7.4' ? 'link to rash.png' : 'image/png'
      expect(kinds).toEqual(['one', 'two 😄', picture, 'three', 'link to forms.zip', 'four'])
    })

    it('once, although RapidPro stumbles on the way', async () => {
      const conversation = await handOver(world)
      world.rapidpro.faults.add({ kind: 'server-error', method: 'POST', route: '/api/v2/*', times: 1 })
      const [message, ...more] = await sendFile(world, conversation, PHOTO)
      expect(more).toEqual([])
      if (profile === '7.4') return expectLink(message, PHOTO)
      expect(message).toMatchObject({ attachments: [{ content_type: 'image/png' }] })
    })

    it('whatever way Rocket.Chat protects them', async () => {
      const { settings, url } = world.rocketchat
      const conversation = await handOver(world)
      settings.FileUpload_Enable_json_web_token_for_files = false
      await sendFile(world, conversation, PHOTO)
      settings.FileUpload_ProtectFiles = false
      await sendFile(world, conversation, PHOTO)
      settings.Site_Url = ''
      await sendFile(world, conversation, PHOTO)
      Object.assign(settings, {
        FileUpload_Enable_json_web_token_for_files: true,
        FileUpload_ProtectFiles: true,
        Site_Url: url,
      })
      const screen = screenOf(world, conversation)
      expect(screen).toHaveLength(3)
      for (const { text, attachments } of screen) {
        const address = attachments[0]?.url ?? text.split(' ').at(-1)
        expect(await bytesOf(address)).toEqual(PNG)
      }
    })

    it('and their secrets reach no log', () => {
      expect(world.mediator.text()).not.toMatch(/file-upload\/|rc_token|[?&]token=/)
    })
  })
})

type AgentFile = { name: string; type: string; data: Buffer | string; caption?: string }

/** The agent sends a file; gives what the client has received since. */
async function sendFile(world: World, conversation: Conversation, file: AgentFile): Promise<PhoneMessage[]> {
  const before = screenOf(world, conversation).length
  await world.rocketchat.sendFile(conversation.room._id, file)
  await allQuiet(world, conversation)
  return screenOf(world, conversation).slice(before)
}

function screenOf({ rapidpro }: World, { contact }: Conversation): PhoneMessage[] {
  return rapidpro.messagesTo(contact.uuid).filter(({ via }) => via !== 'flow')
}

async function expectLink(message: PhoneMessage | undefined, file: AgentFile): Promise<void> {
  const { text = '', attachments } = message ?? {}
  expect(attachments).toEqual([])
  expect(text.startsWith(`${file.name} http`)).toBe(true)
  expect(await bytesOf(text.slice(file.name.length + 1))).toEqual(Buffer.from(file.data))
}

async function bytesOf(url: string | undefined): Promise<Buffer> {
  return Buffer.from(await (await fetch(url ?? '')).arrayBuffer())
}
