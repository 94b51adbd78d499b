import { Refusal } from './refusal.ts'

export type Arguments = Record<string, unknown>

/** The body as an object; code 1 for none, since then everything is missing. */
export function readArguments(body: unknown): Arguments {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(1, 'the body')
  return { ...body }
}

/** A text that must be there and not empty: code 1 without it, 2 when it is something else. */
export function required(args: Arguments, name: string): string {
  const text = optional(args, name)
  if (!text) throw new Refusal(1, name)
  return text
}

export function optional(args: Arguments, name: string): string | undefined {
  const value = args[name]
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
  throw new Refusal(2, `${name} is not a text`)
}

/** A whole number, also written as a text; undefined when absent, code 2 when it is something else. */
export function optionalNumber(args: Arguments, name: string): number | undefined {
  const value = args[name]
  if (value === undefined || value === '') return undefined
  if (!/^-?\d+$/.test(String(value))) throw new Refusal(2, `${name} is not a number`)
  return Number(value)
}

/** Attached data: an object of texts, numbers and booleans, kept as texts. */
export function readUserData(value: unknown = {}): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(2, 'userData is not an object')
  const entries = Object.entries(value)
  if (entries.some(([, item]) => typeof item === 'object'))
    throw new Refusal(2, 'userData has a value that is no text')
  return Object.fromEntries(entries.map(([key, item]) => [key, String(item)]))
}
