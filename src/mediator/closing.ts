import { MediatorError } from '../domain/errors.ts'
import type { EndReason, Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Store } from '../store/store.ts'
import type { Sides } from './sides.ts'

/** Closes the session's conversation at its desk, unless it is closed there, or serves somebody else by now. */
export async function close(
  store: Store,
  sides: Sides,
  session: Session,
  reason: EndReason,
  call: Call,
): Promise<void> {
  const { desk, ending } = session
  if (desk === undefined || ending?.closedThere || (await isTakenOver(store, session))) return
  await sides.desk(desk).closeConversation(session, reason, call)
}

/** Finds and closes what an opening for this session may have left at a desk: nobody may wait there for a client who has gone. */
export async function undo(
  store: Store,
  sides: Sides,
  session: Session,
  desk: string,
  call: Call,
): Promise<void> {
  const at = sides.desk(desk)
  const isApart = session.conversation === undefined && at.opensForEachSession === true
  if (!isApart && (await isTakenOver(store, session))) return
  await at.closeConversation(session, 'failed', call)
}

/** What is open at the desk serves somebody now, the same client who has come back or another: it is not ours to close. */
async function isTakenOver(store: Store, session: Session): Promise<boolean> {
  const { id, client, desk, conversation } = session
  const holder = desk && conversation && (await store.findByConversation(desk, conversation.id))
  if (holder && holder.id !== id && holder.state !== 'ended') return true
  const present = (await store.findByClient(client.uuid))?.session
  if (!present || present.id === id || present.state === 'ended') return false
  if (present.conversation === undefined)
    throw new MediatorError('THROTTLED', 'the client is just coming back')
  if (desk !== undefined && desk !== present.desk) return false
  return conversation === undefined || present.conversation.id === conversation.id
}
