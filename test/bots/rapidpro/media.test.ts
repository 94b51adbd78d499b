import nock from 'nock'
import { describe, expect, it } from 'vitest'
import type { Attachment } from '../../../src/domain/message.ts'
import { api, contact, created, makeCall, mockRapidPro, openBot, serve, session } from './kit.ts'

mockRapidPro()

const host = 'https://files.example.org'
const uuid = '6a65f5ac-7ad5-4a24-8b9a-1f7b8d1f0c11'
const photo: Attachment = { contentType: 'image/png', url: `${host}/photo?token=secret`, name: 'photo.png' }
const link = { contact, text: `photo.png ${photo.url}` }
const withFile = { contact, attachments: [uuid] }

/** The host of the file; fails the request if it carries our token. */
function files(): nock.Interceptor {
  return nock(host, { badheaders: ['authorization'] }).get('/photo?token=secret')
}

function send(attachment: Attachment, attempt = 1, text = '', call = makeCall(attempt)) {
  return openBot().sendToClient(session, { text, attachments: [attachment] }, call)
}

describe('a file', () => {
  it('is brought into the workspace, with its declared type', async () => {
    const forms: unknown[] = []
    files().reply(200, 'PNG', { 'content-type': 'application/octet-stream' })
    api('media', (body: unknown) => forms.push(body) > 0).reply(201, { uuid })
    api('messages', withFile).reply(201, created())
    await send(photo)
    expect(forms[0]).toContain('name="file"; filename="photo.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n')
  })

  it('travels with its text', async () => {
    files().reply(200, 'PNG')
    api('media').reply(201, { uuid })
    api('messages', { contact, text: 'look', attachments: [uuid] }).reply(201, created())
    await send(photo, 1, 'look')
  })

  it.each(['image', 'application/octet-stream'])(
    'of the type %s has the type its host says',
    async contentType => {
      const forms: unknown[] = []
      files().reply(200, 'PNG', { 'content-type': 'image/webp; charset=binary' })
      api('media', (body: unknown) => forms.push(body) > 0).reply(201, { uuid })
      api('messages', withFile).reply(201, created())
      await send({ contentType, url: photo.url })
      expect(forms[0]).toContain('filename="photo"\r\nContent-Type: image/webp\r\n')
    },
  )

  it('is fetched over three redirects', async () => {
    files().reply(302, '', { location: '/a' })
    nock(host).get('/a').reply(307, '', { location: 'https://cdn.example.org/b' })
    nock('https://cdn.example.org').get('/b').reply(301, '', { location: '/c' })
    nock('https://cdn.example.org').get('/c').reply(200, 'PNG')
    api('media').reply(201, { uuid })
    api('messages', withFile).reply(201, created())
    await send(photo)
  })
})

describe('a link goes instead', () => {
  it.each([400, 401, 403, 404, 410])('when the host answers %i', async status => {
    files().reply(status, 'words')
    api('messages', link).reply(201, created())
    await send(photo)
  })

  it.each([
    [400, { file: ['Unsupported file type.'] }],
    [400, { file: ['Limit for file uploads is 25.0 MB.'] }],
    [404, { detail: 'Not found.' }],
    [405, { detail: 'x' }],
    [413, '<html>'],
    [415, { detail: 'x' }],
    [200, '<html>'],
  ])('when media.json answers %i %j', async (status, body) => {
    files().reply(200, 'PNG')
    api('media').reply(status, body)
    api('messages', link).reply(201, created())
    await send(photo)
  })

  it('when there is no end of redirects', async () => {
    for (const hop of ['/1', '/2', '/3', '/4']) {
      if (hop === '/1') files().reply(302, '', { location: hop })
      else
        nock(host)
          .get(`/${Number(hop[1]) - 1}`)
          .reply(302, '', { location: hop })
    }
    api('messages', link).reply(201, created())
    await send(photo)
  })

  it.each(['file:///etc/passwd', 'http://', undefined])('when it leads to %s', async location => {
    files().reply(302, '', location === undefined ? {} : { location })
    api('messages', link).reply(201, created())
    await send(photo)
  })

  it('when it is too large, said or not', async () => {
    api('messages', link).reply(201, created())
    await send({ ...photo, size: 25 * 1024 * 1024 + 1 })
    const url = await serve((_request, response) => response.end(Buffer.alloc(25 * 1024 * 1024 + 1)))
    api('messages', { contact, text: `${photo.name} ${url}` }).reply(201, created())
    await send({ ...photo, url })
  })

  it('without a download, when RapidPro takes no such type', async () => {
    api('messages', link).reply(201, created())
    await send({ ...photo, contentType: 'application/zip' })
  })

  it('when it is no web address', async () => {
    api('messages', { contact, text: 'geo:-2.9,-79.0' }).reply(201, created())
    await send({ contentType: 'geo', url: 'geo:-2.9,-79.0' })
  })

  it('under its text', async () => {
    files().reply(404)
    api('messages', { contact, text: `look\n${link.text}` }).reply(201, created())
    await send(photo, 1, 'look')
  })

  it('without its name when both are too long; not at all when it does not fit', async () => {
    const url = `${host}/${'x'.repeat(600)}`
    api('messages', { contact, text: url }).reply(201, created())
    await send({ contentType: 'text/plain', url, name: 'n'.repeat(40) })
    const sending = send({ contentType: 'text/plain', url: url + url })
    await expect(sending).rejects.toMatchObject({ code: 'REJECTED' })
  })
})

describe('trouble that may pass', () => {
  const reset = Object.assign(new Error('x'), { code: 'ECONNRESET' })
  const troubles: [string, () => unknown][] = [
    ['host 503', () => files().reply(503)],
    ['host 429', () => files().reply(429)],
    ['host reset', () => files().replyWithError(reset)],
    ['media.json 500', () => [files().reply(200, 'PNG'), api('media').reply(500, 'Server Error')]],
    ['media.json 403', () => [files().reply(200, 'PNG'), api('media').reply(403, {})]],
  ]

  it.each(troubles)('%s: thrown twice, then a link', async (_label, happen) => {
    for (const attempt of [1, 2]) {
      happen()
      const call = makeCall(attempt)
      const sending = send(photo, attempt, '', call)
      await expect(sending).rejects.toMatchObject({ name: 'MediatorError', transient: true })
      expect(call.lines.join()).not.toContain('a file goes as a link')
    }
    happen()
    api('messages', link).reply(201, created())
    await send(photo, 3)
  })

  it('says neither address nor name in the log', async () => {
    files().reply(503)
    api('messages').reply(201, created())
    const call = makeCall(3)
    await openBot().sendToClient(session, { text: '', attachments: [photo] }, call)
    expect(call.lines.join()).toContain('a file goes as a link')
    expect(call.lines.join()).not.toMatch(/secret|photo/)
  })
})
