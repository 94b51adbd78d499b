import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { type Rapidpro, type RapidproOptions, startRapidpro } from '../../simulators/rapidpro/index.ts'

export const ann = '5d76d86b-3bb9-4d5a-b822-c9d86f5d8e4f'
export const nobody = '11111111-2222-3333-4444-555555555555'
export const ended = '50c3706e-fedb-42c0-8eab-dda3335714b7'
export const group = '2b1f5d1a-0c53-4a5c-9d0f-1f1c0f4a8d11'
const contacts = [{ uuid: ann, name: 'Ann', urn: 'tel:+12024561111', fields: { age: '33' } }]

const running: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map(one => one.stop()))
})

/** A RapidPro with Ann, a flow and a group, stopped after the test. */
export async function start(options: RapidproOptions = {}): Promise<Rapidpro> {
  const flows = [{ uuid: ended, name: 'Chat ended' }]
  const rapidpro = await startRapidpro({
    contacts,
    flows,
    groups: [{ uuid: group, name: 'VIP' }],
    ...options,
  })
  running.push(rapidpro)
  return rapidpro
}

/** A server of one handler, stopped after the test; its root URL. */
export async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  }
  running.push({ stop })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A call to the API with the token; an object goes as JSON, a form or a text as it is. */
export async function call(rapidpro: Rapidpro, method: string, path: string, body?: unknown, headers = {}) {
  const form = body instanceof FormData
  const response = await fetch(`${rapidpro.url}/api/v2/${path}`, {
    method,
    headers: {
      authorization: `Token ${rapidpro.token}`,
      ...(form || body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: form || typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: text ? JSON.parse(text) : undefined }
}
export const post = (rapidpro: Rapidpro, path: string, body: unknown) => call(rapidpro, 'POST', path, body)
export const get = (rapidpro: Rapidpro, path: string) => call(rapidpro, 'GET', path)

export const texts = (answer: { json: { results: { text: string }[] } }) =>
  answer.json.results.map(({ text }) => text)
export const say = (text: unknown) => ({ contact: ann, text })
export const wide = (text: string) => ({ contacts: [ann], text })

export function form(type: string, bytes: number, field = 'file'): FormData {
  const data = new FormData()
  data.append(field, new Blob([new Uint8Array(bytes)], { type }), 'photo 1.jpg')
  return data
}
