import { API_TOKEN } from './requests.ts'

/** JSON there and back, to the service or to a simulator. Throws what was answered when that is no 2xx. */
export async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json', authorization: `Token ${API_TOKEN}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Record<string, unknown>
}
