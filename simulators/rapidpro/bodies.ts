import type { Attachment, Reference } from './model.ts'
import { showUrn } from './urns.ts'

/** What a run knows when a flow posts to a webhook. `urn` and `name` may be null, as authors' bodies can be. */
export type FlowState = {
  contact: { uuid: string; name?: string | null; urn?: string | null }
  flow?: Reference
  /** By result name as the author wrote it: the value alone, or with its category. */
  results?: Record<string, string | { value: string; category?: string }>
  /** The message the run is answering. */
  input?: { uuid: string; text: string; attachments?: Attachment[] }
  department?: string
  hideUrns?: boolean
}

/** `MaxValueLength` of mailroom: longer values are cut without a word. In code points. */
const maxValueLength = 640
const defaultFlow: Reference = { uuid: '50c3706e-fedb-42c0-8eab-dda3335714b7', name: 'Live agents' }

/** The body the flow editor fills in: `contact`, `flow` and `results`, no more. */
export function defaultBody(state: FlowState): string {
  return toSortedJson(describeRun(state))
}

/** The default body with `department`, where there is one, and the whole `input`. */
export function recommendedBody(state: FlowState): string {
  const { department, input } = state
  const attachments = (input?.attachments ?? []).map(({ content_type, url }) => `${content_type}:${url}`)
  return toSortedJson({
    ...describeRun(state),
    ...(department === undefined ? {} : { department }),
    ...(input ? { input: { uuid: input.uuid, text: input.text, attachments } } : {}),
  })
}

/** The default body with `department` alone: what authors write who only add what they must. */
export function departmentBody(state: FlowState): string {
  return toSortedJson({ ...describeRun(state), department: state.department ?? '' })
}

/**
 * The body of flows brought over from the old editor (goflow `flows/definition/legacy/v13.go`): attachments
 * as objects, `input.urn` as an object, results with all their parts.
 */
export function legacyBody(state: FlowState): string {
  const { flow = defaultFlow, contact, input } = state
  const run = describeRun(state)
  const now = new Date().toISOString()
  const channel = { uuid: '9a8b001e-a913-486c-80f4-1356e23f582e', name: 'Vonage', address: '+12345671111' }
  return toSortedJson({
    ...run,
    channel,
    flow: { ...flow, revision: 1 },
    input: input ? describeLegacyInput(input, contact.urn ?? null, channel, now) : null,
    path: [{ arrived_on: now, exit_uuid: '', node_uuid: legacyNode, uuid: legacyNode }],
    results: describeLegacyResults(state, now),
    run: { uuid: '692926ea-09d6-4942-bd38-d266ec8d3716', created_on: now },
  })
}

const legacyNode = '72a1f5df-49f9-45df-94c9-d86f7ea064e5'

function describeLegacyInput(
  input: NonNullable<FlowState['input']>,
  urn: string | null,
  channel: object,
  now: string,
): object {
  const [scheme = '', path = '', display = ''] = (urn ?? '').split(/[:#]/)
  return {
    attachments: input.attachments ?? [],
    channel,
    created_on: now,
    text: input.text,
    type: 'msg',
    urn: { scheme, path, display },
    uuid: input.uuid,
  }
}

function describeLegacyResults({ results = {}, input }: FlowState, now: string): object {
  const entries = Object.entries(results).map(([name, result]) => {
    const { value, category } = describeResult(result)
    const said = input?.text ?? ''
    const parts = { category_localized: category, created_on: now, input: said, node_uuid: legacyNode }
    return [snakify(name), { category, name, value, ...parts }]
  })
  return Object.fromEntries(entries)
}

function describeRun({ contact, flow = defaultFlow, results = {}, hideUrns = false }: FlowState) {
  const { uuid, name = '', urn = null } = contact
  const entries = Object.entries(results).map(([key, one]) => [snakify(key), describeResult(one)])
  return {
    contact: { uuid, name, urn: urn === null ? null : showUrn(urn, hideUrns) },
    flow: { uuid: flow.uuid, name: flow.name },
    results: Object.fromEntries(entries),
  }
}

function describeResult(result: string | { value: string; category?: string }) {
  const { value, category = '' } = typeof result === 'string' ? { value: result } : result
  return { category, value: [...value].slice(0, maxValueLength).join('') }
}

/** The key of a result: runs of anything but letters, digits and `_` become `_` (goflow `utils/text.go`). */
function snakify(name: string): string {
  return name
    .trim()
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .toLowerCase()
}

/** Compact JSON with the keys of every object in alphabetical order. */
function toSortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}
