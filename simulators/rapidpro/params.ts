import { isObject } from './fields.ts'

const maxText = 640
const maxValues = 256

/**
 * Parameters of a flow start as a flow sees them: texts cut at 640 characters, keys cleaned to letters,
 * digits and `_`, lists as objects keyed from "0", null as "", at most 256 values at each level
 * (`normalize_extra`, temba/api/v2/serializers.py).
 */
export function cleanParams(params: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(params).slice(0, maxValues)
  return Object.fromEntries(entries.map(([key, value]) => [cleanKey(key), clean(value)]))
}

function cleanKey(key: string): string {
  return key
    .trim()
    .replace(/[^A-Za-z0-9_]/g, '_')
    .slice(0, 255)
}

function clean(value: unknown): unknown {
  if (value === null) return ''
  if (typeof value === 'string') return [...value].slice(0, maxText).join('')
  if (Array.isArray(value)) return cleanParams({ ...value })
  return isObject(value) ? cleanParams(value) : value
}
