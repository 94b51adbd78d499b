import { type ZodType, z } from 'zod'
import type { DeskDefinition } from './desk.ts'

/** The bodies of the operations of all these kinds of desk; undefined when none has any. */
export function operationsOf(
  definitions: readonly Pick<DeskDefinition, 'operations'>[],
): ZodType | undefined {
  const [first, ...rest] = definitions.flatMap(({ operations }) => operations ?? [])
  return first && rest.length > 0 ? z.union([first, ...rest]) : first
}
