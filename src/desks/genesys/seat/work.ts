import type { Notice } from './notice.ts'
import type { Operation } from './operations.ts'

/** What the seat does with what it hears: it takes chats up and passes them on, or it carries what agents say. */
export type Work = {
  /** `isListed`: of the list of what the seat has in hand, and not news. */
  hear(notice: Notice, isListed: boolean): void
  /** What the seat has in hand is about to be listed. */
  catchingUp(): void
  /** What happened before now may have been missed; `inHand`: all there is, where that could be found out. */
  caughtUp(inHand: ReadonlySet<string> | undefined): void
  /** An operation is about to be carried out, and what came of it. */
  before(interaction: string, operation: Operation): void
  after(interaction: string, operation: Operation, isDone: boolean): void
  /** Whether the seat is in this interaction on its own account, and has to clear up after it. */
  isOurs(interaction: string): boolean
  /** Called often, and soon after something was heard. Throws what must stop the link. */
  settle(): Promise<void>
}
