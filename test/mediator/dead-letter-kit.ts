import { pino } from 'pino'
import type { Entry } from '../../src/domain/mailbox.ts'
import type { Attachment } from '../../src/domain/message.ts'
import type { Settlement, Store, Work } from '../../src/store/store.ts'

export const NOW = Date.UTC(2026, 0, 5, 12)

/** Lines of the log, as objects. */
export function createNotebook() {
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { lines, log }
}

/** Opens a conversation for a client, and gives its session. */
export async function openFor(store: Store, uuid: string, desk = 'desk', at = NOW): Promise<string> {
  const gate = { open: true, dayType: 'workingday', dayName: 'monday', at }
  const draft = { bot: 'bot', client: { uuid, name: 'Rosa Peña' }, department: 'any', openedAt: at, gate }
  const opening: Entry = {
    id: 'open',
    at,
    kind: 'open',
    opening: { desks: [desk], results: {}, promised: true },
  }
  const registered = await store.register(draft, opening, at)
  const work = registered.work as Work
  const conversation = { id: `room of ${uuid}`, state: null }
  await store.settle(work.turn, work.head, { kind: 'opened', desk, conversation, state: 'assigned' }, at)
  return work.session.id
}

/** Something a client says, which is refused for good. */
export async function refuse(
  store: Store,
  uuid: string,
  id: string,
  at = NOW,
  message: { text: string; attachments: Attachment[] } = { text: `words of ${id}`, attachments: [] },
): Promise<void> {
  const entry: Entry = { id, at: at - 1_000, kind: 'message', message }
  const to = { by: 'client', userid: uuid } as const
  const accepted = await store.accept({ to, direction: 'to_agent', entries: [entry] }, at)
  if (accepted.outcome !== 'accepted' || !accepted.work) throw new Error('not accepted')
  await store.settle(accepted.work.turn, entry, { kind: 'removed', dead: 'it said no' }, at)
}

/** What waits for the agent, in order; after that nothing does. */
export async function deliverAll(store: Store, session: string, at: number): Promise<string[]> {
  const delivered: string[] = []
  let work = await store.claim(session, 'to_agent', at)
  while (work) {
    delivered.push(work.head.id)
    const settled: Settlement = await store.settle(work.turn, work.head, { kind: 'removed' }, at)
    work = settled.outcome === 'settled' ? settled.next : undefined
  }
  return delivered
}
