import type { SessionChange } from '../../domain/session.ts'

/** A copy in which what the change names is replaced; what it leaves open stays. */
export function withChange<T extends object>(target: T, { state, agent }: SessionChange): T & SessionChange {
  return {
    ...target,
    ...(state !== undefined && { state }),
    ...(agent !== undefined && { agent }),
  }
}
