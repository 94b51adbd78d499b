import { describe, expect, test } from 'vitest'
import { expectError } from './support.ts'
import { changed, file, fixture, HERE, parse, saying, text } from './tidings.ts'

const URL = 'https://cdn.example.org/x'
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const media = (content: unknown, key = 'payLoad') => saying({ type: 'media', [key]: { content } })

describe("an agent's words", () => {
  test.each<[label: string, body: unknown, event: unknown]>([
    ['the documented text', fixture('agent-text'), text('Hello')],
    ['payload', saying({ type: 'text', payload: { content: 'Hello' } }), text('Hello')],
    ['typographic quotes', saying({ type: 'text', payLoad: { content: ' “Hi” \n' } }), text(' “Hi” \n')],
    ['a capital letter', saying({ type: 'Text', payLoad: { content: 'Hi' } }), text('Hi')],
    ['no type', saying({ payLoad: { content: 'Hi' } }), text('Hi')],
    ['an address as text', saying({ type: 'text', payLoad: { content: URL } }), text(URL)],
    ['a number', saying({ type: 'text', payLoad: { content: 42 } }), text('42')],
    [
      'another spelling of the event',
      changed('agent-text', { event: 'Payload_Received_From_Agent' }),
      text('Hello'),
    ],
    ['no name', changed('agent-text', { agentName: undefined }), { ...text('Hello'), agent: undefined }],
    ['an empty name', changed('agent-text', { agentName: ' ' }), { ...text('Hello'), agent: undefined }],
    [
      'a name that is none',
      changed('agent-text', { agentName: { a: 1 } }),
      { ...text('Hello'), agent: undefined },
    ],
    [
      'nothing but what is needed',
      { event: 'payload-received-from-agent', ticketId: 1, message: { payLoad: { content: 'Hi' } } },
      { ...text('Hi'), conversation: '1', client: undefined, agent: undefined },
    ],
  ])('%s', (_, body, event) => {
    expect(parse(body)).toEqual([event])
  })

  test('twice the same are two messages', () => {
    expect(parse(fixture('agent-text'))[0]?.id).toBeUndefined()
  })

  test.each(['', ' \n'])('%j is nothing', content => {
    expect(parse(saying({ type: 'text', payLoad: { content } }))).toEqual([])
    expect(parse(media(content))).toEqual([])
  })

  test('of somebody without a name, where there is one for all', () => {
    const [event] = parse(changed('agent-text', { agentName: null }), { agent_label: 'Support' })
    expect(event).toMatchObject({ ...HERE, agent: 'Support' })
  })
})

describe("an agent's file", () => {
  test.each<[label: string, body: unknown, event: unknown]>([
    ['the documented one', fixture('agent-media'), file('image/png', `${URL}.png`)],
    ['payload', media({ type: 'image', mediaUrl: URL }, 'payload'), file('image', URL)],
    ['url', media({ type: 'video', url: `${URL}.mp4?a=b` }), file('video/mp4', `${URL}.mp4?a=b`)],
    ['an empty mediaUrl', media({ type: 'image', mediaUrl: '', url: URL }), file('image', URL)],
    ['both', media({ type: 'image', mediaUrl: URL, url: 'https://x.org' }), file('image', URL)],
    ['a bare address', media(`${URL}.JPG`), file('image/jpeg', `${URL}.JPG`)],
    ['a bare address that tells nothing', media(URL), file('application/octet-stream', URL)],
    ['the type of the message', saying({ type: 'Image', payLoad: { content: URL } }), file('image', URL)],
    [
      'the only type that is there',
      saying({ type: 'video', payLoad: { content: { url: URL } } }),
      file('video', URL),
    ],
    [
      'no type of the message',
      saying({ payLoad: { content: { type: 'image', url: URL } } }),
      file('image', URL),
    ],
    ['no type', media({ mediaUrl: `${URL}.pdf` }), file('application/pdf', `${URL}.pdf`)],
    ['no type at all', media({ mediaUrl: URL }), file('application/octet-stream', URL)],
    ['IMAGE', media({ type: 'IMAGE', mediaUrl: URL }), file('image', URL)],
    ['audio', media({ type: 'audio', mediaUrl: `${URL}.ogg` }), file('audio/ogg', `${URL}.ogg`)],
    ['audio without an extension', media({ type: 'audio', mediaUrl: URL }), file('audio', URL)],
    [
      'an image in a file that is none',
      media({ type: 'image', mediaUrl: `${URL}.pdf` }),
      file('image', `${URL}.pdf`),
    ],
    ['document', media({ type: 'document', mediaUrl: `${URL}.docx` }), file(DOCX, `${URL}.docx`)],
    ['pdf', media({ type: 'pdf', mediaUrl: URL }), file('application/pdf', URL)],
    ['a MIME type', media({ type: 'image/webp', mediaUrl: `${URL}.png` }), file('image/webp', `${URL}.png`)],
    [
      'the words of the documentation',
      media({ type: 'image/video/file', mediaUrl: URL }),
      file('application/octet-stream', URL),
    ],
    ['no web address', media({ type: 'file', mediaUrl: '/files/1' }), text('/files/1')],
    ['another kind of address', media('ftp://x.org/a'), text('ftp://x.org/a')],
  ])('%s', (_, body, event) => {
    expect(parse(body)).toEqual([event])
  })
})

describe('what nobody can read is refused', () => {
  test.each([
    ['message', saying(undefined)],
    ['message', saying('Hello')],
    ['message', saying(['Hello'])],
    ['message.payLoad.content', saying({ type: 'text' })],
    ['message.payLoad.content', saying({ type: 'text', payLoad: 'Hello' })],
    ['message.payLoad.content', saying({ type: 'text', payLoad: { content: null } })],
    ['message.payLoad.content', saying({ type: 'text', payLoad: { content: { text: 'Hello' } } })],
    ['message.payLoad.content', media({ type: 'image' })],
    ['message.payLoad.content', media({ type: 'image', mediaUrl: '' })],
    ['message.payLoad.content', media([URL])],
  ])('%s in %j', (key, body) => {
    expectError(attempt(body), 'INVALID', key)
  })
})

function attempt(body: unknown): unknown {
  try {
    return parse(body)
  } catch (error) {
    return error
  }
}
