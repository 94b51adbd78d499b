import type { OtherSide } from './other-side.ts'
import { post } from './post.ts'
import { API_TOKEN, type Talk } from './requests.ts'

let nextNumber = 0

/** A contact of the bot; gives its uuid. */
export async function createClient({ rapidpro }: OtherSide): Promise<string> {
  const urn = `tel:+5025${String(nextNumber++).padStart(7, '0')}`
  const { uuid } = await post(`${rapidpro}/__bot/contacts`, { name: 'Bench', urn })
  return String(uuid)
}

export function createClients(side: OtherSide, number: number): Promise<string[]> {
  return Promise.all(Array.from({ length: number }, () => createClient(side)))
}

/** Hands a client to the service at `url`. */
export async function registerClient(url: string, uuid: string, department: string): Promise<void> {
  await post(`${url}/live-agents/registerClient`, { contact: { uuid, name: 'Bench' }, department })
}

/** Conversations of new clients, opened through the service at `url`. */
export async function openTalks(
  side: OtherSide,
  url: string,
  number: number,
  department = 'Support',
): Promise<Talk[]> {
  const talks: Talk[] = []
  for (const userid of await createClients(side, number)) {
    await registerClient(url, userid, department)
    talks.push({ userid, room: await roomOf(url, userid), visitor: `visitor${talks.length}` })
  }
  return talks
}

async function roomOf(url: string, userid: string): Promise<string> {
  const headers = { authorization: `Token ${API_TOKEN}` }
  const answer = await fetch(`${url}/live-agents/sessions/${userid}`, { headers })
  return ((await answer.json()) as { session: { conversation: string } }).session.conversation
}
