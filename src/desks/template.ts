import { z } from 'zod'
import { readableUrn } from '../domain/address.ts'
import type { OpeningRequest } from './desk.ts'

/** Text of a setting with `{uuid}`, `{name}`, `{urn}`, `{department}` and `{results.NAME}` in it; no other braces. */
export const template = z
  .string()
  .regex(
    /^(?:[^{}]|\{(?:uuid|name|urn|department|results\.[^{}]+)\})*$/,
    'only {uuid}, {name}, {urn}, {department} and {results.NAME} can be filled in',
  )

type Known = Pick<OpeningRequest, 'client' | 'department' | 'results'>

/** The template with what is known of the client and the opening; nothing in place of what is not. */
export function fillTemplate(text: string, { client, department, results }: Known): string {
  const values = new Map<string, string | undefined>([
    ['uuid', client.uuid],
    ['name', client.name?.trim()],
    ['urn', readableUrn(client.urn)],
    ['department', department],
    ...Object.entries(results).map(([name, value]) => [`results.${name}`, value] as const),
  ])
  return text.replace(/\{([^{}]+)\}/g, (_, name: string) => values.get(name) ?? '').trim()
}
