import { expect, test } from 'vitest'
import { UUID } from './support.ts'
import { at, changed, fixture, parse, type Row, said, saying, text } from './tidings.ts'

const PDF = {
  contentType: 'application/pdf',
  url: 'https://chat.example.org/file-upload/f1/plan.pdf?token=jwt',
  name: 'plan.pdf',
  size: 1234,
}
const fileAt = (publicFilePath: string) =>
  saying('agent-file', {
    attachments: undefined,
    fileUpload: { publicFilePath, type: 'application/pdf', size: 1234 },
  })
const unlocked = `rc_room_type=l&rc_rid=room1&rc_token=${UUID}`

const messages: Row[] = [
  {
    label: 'an agent writes',
    body: fixture('agent-text'),
    events: [{ ...said, message: text('Buenas 👋, ¿en qué le ayudo?') }],
  },
  {
    label: 'an agent writes, 4.x',
    body: fixture('agent-text-4.x'),
    events: [{ ...said, message: text('hola') }],
  },
  {
    label: 'the author has no name of its own',
    body: saying('agent-text', { msg: 'a', u: { _id: 'agent1', username: 'maria' } }),
    events: [{ ...said, message: text('a') }],
  },
  {
    label: 'the author is not the one who serves',
    body: saying('agent-text', { msg: 'a', u: { _id: 'bot', username: 'rocket.cat' }, agentId: 'bot' }),
    events: [{ ...said, message: text('a'), agent: 'rocket.cat' }],
  },
  {
    label: 'the original API, text',
    body: fixture('agent-text-original-api'),
    events: [{ type: 'message', conversation: '', client: UUID, message: text('hola') }],
  },
  {
    label: 'the original API, file',
    body: fixture('agent-file-original-api'),
    events: [
      {
        type: 'message',
        conversation: '',
        client: UUID,
        message: {
          text: '',
          attachments: [
            { contentType: 'application/pdf', url: 'https://chat.example.org/file-upload/f1/plan.pdf' },
          ],
        },
      },
    ],
  },
  {
    label: 'several at once',
    body: changed('agent-text', {
      messages: [
        ...saying('agent-text', { msg: 'a' }).messages,
        ...saying('agent-text', { _id: 'm2', msg: 'b' }).messages,
      ],
    }),
    events: [
      { ...said, message: text('a') },
      { ...said, id: 'm2', message: text('b') },
    ],
  },
  {
    label: 'an edit',
    body: fixture('agent-edit'),
    events: [
      {
        ...said,
        id: 'm1:2025-06-15T15:06:00.000Z',
        at: at('15:06:00'),
        message: text('at nine, not at ten'),
      },
    ],
  },
  {
    label: 'a quoted reply',
    body: fixture('agent-quote'),
    events: [{ ...said, message: text('yes, *that* one') }],
  },
  {
    label: 'a reply that quotes twice',
    body: saying('agent-text', {
      msg: '[ ](https://a/live/r?msg=1)\n[ ](https://a/live/r?msg=2)\nyes [x](y)',
    }),
    events: [{ ...said, message: text('yes [x](y)') }],
  },
  {
    label: 'UI blocks',
    body: fixture('agent-blocks'),
    events: [
      {
        ...said,
        message: text(
          'Your appointment\nMonday at *nine*\nRoom 3\nConfirm\nhttps://example.org/ok\nhttps://example.org/map.png\nBring your card',
        ),
      },
    ],
  },
  {
    label: 'UI blocks beside words',
    body: saying('agent-blocks', { msg: 'in words' }),
    events: [{ ...said, message: text('in words') }],
  },
  {
    label: 'a time that cannot be read',
    body: saying('agent-text', { msg: 'a', ts: 'soon' }),
    events: [{ ...said, at: undefined, message: text('a') }],
  },
  {
    label: 'keys of unexpected types',
    body: changed('agent-text', {
      departmentId: 7,
      agent: 'maria',
      lastMessageAt: {},
      messages: [null, 'x', { ...fixture('agent-text').messages[0], msg: 'a', file: 'x', attachments: {} }],
    }),
    events: [{ ...said, message: text('a') }],
  },
  { label: 'the visitor', body: fixture('visitor-echo'), events: [] },
  { label: 'a page the visitor went to', body: fixture('navigation'), events: [] },
  { label: 'the system', body: saying('agent-text', { t: 'uj' }), events: [] },
  { label: 'nobody, nothing', body: saying('agent-text', { msg: ' ' }), events: [] },
  { label: 'an agent, without a word', body: saying('agent-text', { msg: undefined }), events: [] },
]

const files: Row[] = [
  {
    label: 'with its caption',
    body: fixture('agent-file'),
    events: [{ ...said, message: { text: 'your plan 👇', attachments: [PDF] } }],
  },
  {
    label: 'with its caption in both places',
    body: saying('agent-file', { msg: 'your plan :point_down:' }),
    events: [{ ...said, message: { text: 'your plan 👇', attachments: [PDF] } }],
  },
  {
    label: 'with words and a caption',
    body: saying('agent-file', { msg: 'here' }),
    events: [{ ...said, message: { text: 'here\nyour plan 👇', attachments: [PDF] } }],
  },
  {
    label: 'with an empty text, before 5.3',
    body: saying('agent-file', { msg: '', attachments: undefined }),
    events: [{ ...said, message: { text: '', attachments: [PDF] } }],
  },
  {
    label: 'at an address without a token',
    body: fileAt('https://chat.example.org/file-upload/f1/plan.pdf'),
    events: [
      {
        ...said,
        message: {
          text: '',
          attachments: [{ ...PDF, url: `https://chat.example.org/file-upload/f1/plan.pdf?${unlocked}` }],
        },
      },
    ],
  },
  {
    label: 'at a path of the site',
    body: fileAt('/file-upload/f1/plan.pdf'),
    events: [
      {
        ...said,
        message: {
          text: '',
          attachments: [{ ...PDF, url: `https://chat.example.org/file-upload/f1/plan.pdf?${unlocked}` }],
        },
      },
    ],
  },
  {
    label: 'at somebody else’s, who is told no token',
    body: fileAt('https://bucket.example.net/f1'),
    events: [
      { ...said, message: { text: '', attachments: [{ ...PDF, url: 'https://bucket.example.net/f1' }] } },
    ],
  },
  { label: 'at no address', body: fileAt(''), events: [] },
  {
    label: 'that is gone, with words',
    body: saying('agent-file', { msg: 'here', fileUpload: undefined, attachments: undefined }),
    events: [{ ...said, message: text('here') }],
  },
]

test.each(messages)('a message: $label', ({ body, events }) => expect(parse(body)).toEqual(events))

test.each(files)('a file: $label', ({ body, events }) => expect(parse(body)).toEqual(events))
