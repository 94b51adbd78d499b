import { refuseMatch } from './envelope.ts'

type Kind = 'string' | 'boolean' | 'object' | 'array'
export type Pattern = Record<string, { kind: Kind; optional?: boolean }>

export const text = { kind: 'string' } as const
export const maybeText = { kind: 'string', optional: true } as const

/**
 * The vendor's `check(value, {...})` on routes without a schema. `null` passes for an optional key.
 * Throws the refusal of the first problem; unknown keys are refused unless `extras` is allowed.
 */
export function checkFields(
  value: unknown,
  pattern: Pattern,
  field = '',
  extras = false,
): asserts value is Record<string, unknown> {
  const place = field ? ` in field ${field}` : ''
  if (kindOf(value) !== 'object') throw refuseMatch(`Expected object, got ${kindOf(value)}${place}`)
  const fields = value as Record<string, unknown>
  const unknown = extras ? undefined : Object.keys(fields).find(key => !(key in pattern))
  if (unknown) throw refuseMatch(`Unknown key in field ${field ? `${field}.` : ''}${unknown}`)
  for (const [key, { kind, optional }] of Object.entries(pattern)) {
    if (optional && (fields[key] === undefined || fields[key] === null)) continue
    if (!(key in fields)) throw refuseMatch(`Missing key '${key}'${place}`)
    if (kindOf(fields[key]) !== kind)
      throw refuseMatch(mismatch(kind, fields[key], field ? `${field}.${key}` : key))
  }
}

function mismatch(kind: Kind, value: unknown, field: string): string {
  return `Expected ${kind}, got ${kindOf(value)} in field ${field}`
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
