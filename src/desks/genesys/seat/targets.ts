import type { Operation } from './operations.ts'
import type { SeatConnection } from './settings.ts'

type Target = NonNullable<SeatConnection['transfers']>[string]
type Transfer = Extract<Operation, { operation: 'SingleStepTransfer' }>

/** The line of the table for a department, or the line `default`. */
export function targetOf(transfers: SeatConnection['transfers'], department: string): Target | undefined {
  if (!transfers) return undefined
  return Object.hasOwn(transfers, department) ? transfers[department] : transfers.default
}

/** The seat leaves, and somebody else takes over. */
export function toTransfer({ skill, agent, queue }: Target): Transfer {
  return {
    operation: 'SingleStepTransfer',
    ...(skill !== undefined && { skill }),
    ...(agent !== undefined && { agentId: agent }),
    ...(queue !== undefined && { queueName: queue }),
  }
}
