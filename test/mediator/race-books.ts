import type { Entry } from '../../src/domain/mailbox.ts'
import { entryIdOf } from '../../src/mediator/ids.ts'
import type { Store } from '../../src/store/store.ts'
import { countWaiting } from '../support/count-waiting.ts'
import type { Done } from './race-desk.ts'
import type { Given, Kept, Lane } from './race-lane.ts'
import { TEXTS } from './replica.ts'

const DAY = 86_400_000
/** How long a session that is over is remembered. */
const REMEMBERED_MS = 3 * DAY

/** Everything that was not kept of what is promised; empty when all was. */
export async function audit(store: Store, lanes: Lane[]): Promise<string[]> {
  const letters = await store.deadLetters({ limit: 100_000 })
  const dead = new Set(letters.map(({ id, userid }) => `${userid} ${id.split('.').slice(1).join('.')}`))
  const waiting = await countWaiting(store)
  const left = waiting.to_agent + waiting.to_client === 0 ? [] : ['a mailbox is not empty']
  const found = await Promise.all(
    lanes.map(async lane => [...check(lane, dead), ...(await checkRooms(store, lane))].map(nameOf(lane))),
  )
  return [...left, ...found.flat()]
}

function nameOf({ plan: { word, time, gated } }: Lane): (complaint: string) => string {
  const gates = gated ? ` ${gated.at} ${gated.choices.join('')} ${gated.last}` : ''
  return complaint => `${word} (${time}${gates}): ${complaint}`
}

function check(lane: Lane, dead: Set<string>): string[] {
  const sessions = [...lane.sessions]
  return [
    ...lane.said.flatMap(given => checkSaid(lane, given, dead)),
    ...lane.heard.flatMap(given => checkHeard(lane, given)),
    ...checkAnswers(lane),
    ...checkNotices(lane, dead),
    ...sessions.flatMap(([id, kept]) => checkHandBack(lane, id, kept)),
    ...sessions.flatMap(([id, kept]) => checkOrder(lane, id, kept)),
    ...checkRoomsOrder(lane),
    ...checkClosings(lane),
    ...lane.sentToClosed.map(() => 'a text was sent into a room that was known to be closed'),
  ]
}

const count = <T>(list: T[], one: T): number => list.filter(other => other === one).length
const answersTo = ({ asked }: Given): (string | undefined)[] => asked.map(({ answer }) => answer)
const isTaken = (answer: string | undefined): boolean => answer === 'success' || answer === 'queued'
const isDead = (dead: Set<string>, { client }: Lane, { text }: Given): boolean =>
  dead.has(`${client} a.${entryIdOf(text)}`)

function checkSaid(lane: Lane, given: Given, dead: Set<string>): string[] {
  const shown = count(
    lane.rooms.flatMap(({ said }) => said.map(({ text }) => text)),
    given.text,
  )
  const answers = answersTo(given)
  if (shown > 1) return ['a text of the client was shown twice']
  const isUncertain = lane.done.some(({ text, unheard }) => unheard && text === given.text)
  if (shown === 1 && !isUncertain && !answers.some(isTaken))
    return ['a text was shown although its client heard it was refused']
  if (shown === 1) return []
  if (answers.includes('success')) return ['a text of the client was called delivered and was not']
  return answers.some(isTaken) && !isDead(dead, lane, given) ? ['a text of the client is lost'] : []
}

function checkHeard(lane: Lane, given: Given): string[] {
  const read = count(lane.phone, given.text)
  const answers = answersTo(given)
  if (read > 1) return ['a text of the agent was read twice']
  if (read === 1) return []
  if (answers.includes('success')) return ['a text of the agent is lost']
  return isLate(lane, given) ? [] : ['a text of the agent was ignored although it is owed']
}

/** Said after an end, or come when everything about it was forgotten. */
function isLate({ ends }: Lane, { at, asked }: Given): boolean {
  return asked.every(one => ends.some(end => at > end.at || one.at - end.at >= REMEMBERED_MS))
}

/** Everybody is answered; and who writes after an end hears that it is one. */
function checkAnswers(lane: Lane): string[] {
  const asked = [...lane.said, ...lane.heard].flatMap(given => given.asked)
  const all = [...asked, ...lane.deletes, ...lane.closings]
  if (all.some(({ answer }) => answer === undefined)) return ['a caller was never answered']
  const [end] = lane.ends
  if (lane.plan.gated || lane.plan.returns || !end) return []
  const expected = (age: number): string => (age < DAY ? 'SESSION_CLOSED' : 'NO_SESSION')
  const wrong = lane.said.filter(
    ({ at, asked: [first] }) => at > end.at && first?.answer !== expected(at - end.at),
  )
  return wrong.map(() => 'a text after the end was not refused as such')
}

/** The client hears of each text that was taken and given up, once; of no other, and not of what the caller was told. */
function checkNotices(lane: Lane, dead: Set<string>): string[] {
  const told = count(lane.phone, TEXTS.client_failed)
  const lost = lane.said.filter(given => isDead(dead, lane, given))
  const owed = lost.filter(given => answersTo(given).every(isTaken))
  return told < owed.length || told > lost.length
    ? [`${told} notices for ${owed.length} to ${lost.length} losses`]
    : []
}

/** Once where the desk, time or a vanished room has ended it; never after a delete. */
function checkHandBack({ handedBack }: Lane, id: string, { reason }: Kept): string[] {
  const back = handedBack.filter(({ session }) => session === id)
  const expected = reason === undefined || reason === 'bot' ? 0 : 1
  if (back.length !== expected) return [`${back.length} hand-backs after the end "${reason}"`]
  return back.every(one => one.reason === reason) ? [] : ['handed back for another reason']
}

/** Each side saw things in the order in which they were accepted, and those in the order in which they were said. */
function checkOrder(lane: Lane, id: string, { accepted }: Kept): string[] {
  const done = lane.done.filter(({ session }) => session === id).map(wordOf)
  return [accepted.toAgent, accepted.toClient].flatMap(entries => {
    const order = entries.map(wordFor)
    const places = [...new Set(done)].map(word => order.indexOf(word)).filter(place => place >= 0)
    const texts = entries.flatMap(entry => (entry.kind === 'message' ? [numberIn(entry.message.text)] : []))
    const isSaidInOrder = lane.plan.gated !== undefined || isRising(texts)
    return isRising(places) && isSaidInOrder ? [] : ['something came in the wrong order']
  })
}

/** What is already on its way to the desk cannot see that the client comes back. */
function checkClosings({ closedOfOthers, plan }: Lane): string[] {
  return plan.gated ? [] : closedOfOthers.map(() => 'an old session closed the room of the next one')
}

/** A room may serve several sessions of its client: its agent reads them in order, too. */
function checkRoomsOrder({ rooms, plan }: Lane): string[] {
  const orders = rooms.map(({ said }) => said.map(({ text }) => text).filter(text => / c\d+$/.test(text)))
  const isInOrder = plan.gated !== undefined || orders.every(texts => isRising(texts.map(numberIn)))
  return isInOrder ? [] : ['the agent of a room read the client in the wrong order']
}

function wordOf({ deed, text }: Done): string {
  return deed === 'say' || deed === 'tell' ? text : deed
}

function wordFor(entry: Entry): string {
  if (entry.kind === 'message') return entry.message.text
  return entry.kind === 'end' ? 'hand-back' : entry.kind
}

const numberIn = (text: string): number => Number(/\d+$/.exec(text)?.[0])
const isRising = (places: number[]): boolean =>
  places.every((place, n) => n === 0 || place > (places[n - 1] ?? 0))

/** A live session has its room open, and no other room is. */
async function checkRooms(store: Store, lane: Lane): Promise<string[]> {
  const session = (await store.findByClient(lane.client))?.session
  const open = lane.rooms.filter(({ isOpen }) => isOpen).map(({ id }) => id)
  const isLive = session !== undefined && session.state !== 'ended'
  if (isLive && !session.conversation) return ['the session is opening for ever']
  const expected = isLive ? [session.conversation?.id] : []
  if (open.some(id => !expected.includes(id))) return ['a room is open without a session']
  return expected.length > open.length ? ['a session lives whose room is closed'] : []
}
