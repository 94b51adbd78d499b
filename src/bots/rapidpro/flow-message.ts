import type { Attachment } from '../../domain/message.ts'

/**
 * What the client wrote: the result `clientmessage`, or `input.text` where it contains that result, since RapidPro cuts
 * values at 640 characters and keeps only the word a rule matched (mailroom `runtime/config.go` MaxValueLength, goflow
 * `flows/routers/switch.go`). A result saved from `@input` ends with the addresses of the files, which are not words.
 */
export function readText(results: Record<string, string>, typed: string, attachments: Attachment[]): string {
  const addresses = new Set(attachments.map(({ url }) => url))
  const value = withoutLines(clientMessage(results), addresses)
  return typed.includes(value) ? typed : value
}

/** `clientMessage`, `Client Message` and `client_message` are one name to authors, and three keys in RapidPro. */
function clientMessage(results: Record<string, string>): string {
  const exact = results.clientmessage ?? results.client_message
  if (exact !== undefined) return exact
  const found = Object.entries(results).find(
    ([key]) => key.toLowerCase().replaceAll('_', '') === 'clientmessage',
  )
  return found?.[1] ?? ''
}

function withoutLines(text: string, unwanted: Set<string>): string {
  const lines = text.split('\n')
  const kept = lines.filter(line => !unwanted.has(line.trim()))
  return kept.length === lines.length ? text : kept.join('\n').trim()
}

type Given = string | { content_type?: string | null; url?: string | null }

/**
 * Both shapes, `"type:url"` and `{content_type, url}`. Files RapidPro could not fetch (`unavailable`) and what has no web
 * address are left out; a shared place keeps its own scheme: `geo:-2.90875,-79.0117686`.
 * Source: nyaruka/goflow `flows/inputs/msg.go`, `utils/attachment.go`.
 */
export function readAttachments(given: Given[] | null | undefined): Attachment[] {
  return (given ?? []).map(toParts).flatMap(([contentType, url]) => {
    if (contentType === 'geo' && url !== '') return [{ contentType, url: `geo:${url}` }]
    return contentType !== 'unavailable' && isWebAddress(url) ? [{ contentType, url }] : []
  })
}

/** A file of unknown type is RapidPro's bare kind `application`. */
const UNKNOWN_TYPE = 'application'

function toParts(given: Given): [contentType: string, rest: string] {
  if (typeof given === 'object') {
    const url = given.url?.trim() ?? ''
    return [given.content_type?.trim() || UNKNOWN_TYPE, url.replace(/^geo:/, '')]
  }
  const text = given.trim()
  if (isWebAddress(text)) return [UNKNOWN_TYPE, text]
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url)
}
