import { MediatorError } from './errors.ts'

/**
 * The desk's own group of a department, by a table of the configuration: its own line, else the line `default`.
 * Throws UNKNOWN_DEPARTMENT when it has neither.
 */
export function groupOf<Group>(groups: Record<string, Group>, department: string): Group {
  const group = Object.hasOwn(groups, department) ? groups[department] : groups.default
  if (group !== undefined) return group
  throw new MediatorError(
    'UNKNOWN_DEPARTMENT',
    `its table has no line for the department "${department}", and no line default`,
  )
}
