import type { AgentEvent } from '../../domain/agent-event.ts'
import { missingFrom } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Pacer } from '../../lib/pacer.ts'
import type { Conversing, Standing } from '../desk.ts'
import type { Account } from './account.ts'
import type { Room } from './api.ts'
import { readHistory, readStanding, type Served } from './api-looks.ts'
import { readMessage, type Scene, toTaken, type Workspace } from './room-events.ts'
import { keptMessage, roomEvent, roomMessage } from './wire.ts'

export type Looking = {
  account: Account
  workspace: Workspace
  /** Of the calls that others need, too. */
  pacer: Pacer | undefined
}

/**
 * How a room stands, and what was said in it. Two calls that only read and need no login; `GET livechat/room` would open one.
 * Throws CONVERSATION_GONE for a room that was removed.
 */
export async function lookUp(
  { account, workspace, pacer }: Looking,
  session: Conversing,
  room: Room,
  call: Call,
): Promise<Standing> {
  const served = await readStanding(account, room.token, call, pacer)
  const since = missingFrom(session, account.clock.now()) + served.aheadMs
  const event = roomEvent.parse({ _id: room.rid, visitor: { token: room.token } })
  const scene = { ...workspace, event, token: room.token }
  const kept = await readSince(account, room, since, call)
  const said = kept.flatMap(message => readKept(message, served, scene))
  if (served.room?._id === room.rid) return openStanding(session, served, scene, since, said)
  const told = inOrder(said, since)
  if (isOver(account, served, said)) return { state: 'closed', said: told }
  return { state: session.state === 'queued' ? 'queued' : 'assigned', said: told.filter(isNoEnd) }
}

function openStanding(
  { agent: known }: Conversing,
  { room, agent }: Served,
  scene: Scene,
  since: number,
  said: AgentEvent[],
): Standing {
  const { servedBy } = room ?? {}
  const told = said.filter(isNoEnd)
  if (!servedBy) return { state: 'queued', said: inOrder(told, since) }
  // An opening tells the agent's username only.
  const name = agent?.name ?? servedBy.username
  const isKnown = known !== undefined && (known === name || known === servedBy.username)
  if (isKnown) return { state: 'assigned', agent: known, said: inOrder(told, since) }
  const taken = toTaken({ ...scene, event: { ...scene.event, servedBy, agent: agent ?? undefined } })
  const standing = { state: 'assigned' as const, said: inOrder([taken, ...told], since) }
  return name === undefined ? standing : { ...standing, agent: name }
}

/**
 * The end stands in the history, unless the workspace hides such messages. Then a room that is missing has ended: but only who
 * is not logged in is surely shown all rooms (a bot user perhaps those of its units), and one open room may stand for two (#38148).
 */
function isOver({ login }: Account, { room }: Served, said: AgentEvent[]): boolean {
  if (said.some(event => !isNoEnd(event))) return true
  return room == null && login['X-User-Id'] === undefined
}

function isNoEnd({ type }: AgentEvent): boolean {
  return type !== 'closed'
}

function inOrder(events: AgentEvent[], since: number): AgentEvent[] {
  const recent = events.filter(({ at }) => at !== undefined && at >= since)
  return recent.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0))
}

const PAGE = 50
/** More than is ever said in the time that ids are remembered. What is older was passed on long ago, or is lost. */
const MOST_PAGES = 8

type Kept = ReturnType<typeof keptMessage.parse> & { whole: unknown }

/** Oldest first; as the room grows meanwhile, a page may begin with what the last one ended with. */
async function readSince(account: Account, room: Room, since: number, call: Call): Promise<Kept[]> {
  const found = new Map<string, Kept>()
  for (let page = 0; page < MOST_PAGES; page++) {
    const elements = await readHistory(account, room, { offset: page * PAGE, limit: PAGE }, call)
    const kept = elements.flatMap(toKept).filter(({ rid }) => rid === undefined || rid === room.rid)
    const isNews = kept.some(({ _id }) => !found.has(_id))
    for (const message of kept) found.set(message._id, message)
    const oldest = Math.min(...kept.map(({ ts }) => new Date(ts ?? 0).getTime()))
    if (elements.length < PAGE || !isNews || oldest < since) break
  }
  return [...found.values()].reverse()
}

function toKept(whole: unknown): Kept[] {
  const { data } = keptMessage.safeParse(whole)
  return data ? [{ ...data, whole }] : []
}

/** As the webhook tells of it: an author who is not the visitor has an `agentId`, and attachments come with files only. */
function readKept(message: Kept, served: Served, scene: Scene): AgentEvent[] {
  const { data } = roomMessage.safeParse(message.whole)
  if (!data) return []
  const { t, agentId: _, attachments, ...said } = data
  const isEnd = t === 'livechat-close'
  const told = {
    ...said,
    ...(t !== undefined && !isEnd && { t }),
    ...(isEnd && { closingMessage: true }),
    ...(!isVisitors(message, served) && { agentId: message.u?._id }),
    ...(said.file && { attachments }),
  }
  return readMessage(told, scene)
}

/** Nobody may be told their own words: who is not surely somebody else is the visitor. */
function isVisitors({ token, u }: Kept, { guest }: Served): boolean {
  return token !== undefined || u?._id === undefined || u._id === (guest?._id ?? u._id)
}
