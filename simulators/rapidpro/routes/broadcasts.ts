import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Answer, addEndpoint, type Call, type Desk } from '../api.ts'
import {
  FieldError,
  isObject,
  optional,
  type Reader,
  readFields,
  readReferences,
  readText,
  readValues,
} from '../fields.ts'
import { contactReader, groupReader, mediaReader, readUrn } from '../lookups.ts'
import type { Attachment, Broadcast } from '../model.ts'
import { paginate } from '../pages.ts'
import { Refusal, unfit } from '../refusal.ts'
import { showBroadcast } from '../views.ts'
import { count, type Workspace } from '../workspace.ts'

const baseLanguage = 'eng'
type Translated<Value> = Record<string, Value>

/** `GET` and `POST broadcasts.json`: the text is a template, and delivery comes after the answer. */
export function addBroadcasts(app: FastifyInstance, desk: Desk): void {
  addEndpoint(app, desk, 'broadcasts', {
    scope: 'broadcasts',
    get: list,
    post: call => create(desk, call),
  })
}

function create(desk: Desk, call: Call): Answer {
  const { workspace } = desk
  const posted = readBroadcast(workspace, call.body)
  const { urns = [], contacts = [], groups = [], text = {}, attachments = {}, base_language } = posted
  const chosen = base_language ?? Object.keys({ ...text, ...attachments })[0] ?? baseLanguage
  const broadcast: Broadcast = {
    id: workspace.nextId(),
    uuid: randomUUID(),
    urns,
    contacts,
    groups,
    text,
    attachments,
    baseLanguage: chosen,
    status: 'queued',
    createdOn: workspace.now(),
  }
  if (!workspace.fast || workspace.settings.holdBroadcasts) workspace.broadcasts.push(broadcast)
  count(workspace, 'broadcasts')
  const after = () => {
    if (!workspace.settings.holdBroadcasts) desk.sender.broadcast(broadcast)
  }
  return { status: 201, body: showBroadcast(workspace, broadcast), after }
}

function readBroadcast(workspace: Workspace, body: unknown) {
  const modern = workspace.profile.name !== '7.4'
  const files = readReferences(mediaReader(workspace), 10)
  const posted = readFields(body, {
    urns: optional(readValues(readUrn, 100)),
    contacts: optional(readReferences(contactReader(workspace), 100)),
    groups: optional(readReferences(groupReader(workspace), 100)),
    text: optional(translated(readText(workspace.settings.textLimit))),
    attachments: optional<Translated<Attachment[]> | undefined>(modern ? translated(files) : () => undefined),
    base_language: optional(readText(3, 3)),
  })
  check(posted, modern)
  return posted
}

function check(posted: Partial<Record<string, unknown>>, modern: boolean): void {
  const { urns, contacts, groups, text, attachments, base_language: language } = posted
  if (!modern && !text) throw new Refusal(400, { text: ['This field is required.'] })
  if (!text && isEmpty(attachments)) throw unfit('Must provide either text or attachments.')
  if ([urns, contacts, groups].every(isEmpty)) throw unfit('Must provide either urns, contacts or groups.')
  if (typeof language === 'string' && isObject(text) && text[language] === undefined) {
    throw unfit('No text translation provided in base language.')
  }
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return !isObject(value) || Object.values(value).every(isEmpty)
}

/** A value, or values by three-letter language. */
function translated<Value>(read: Reader<Value>): Reader<Translated<Value>> {
  return value => {
    if (!isObject(value)) return { [baseLanguage]: read(value) }
    const entries = Object.entries(value)
    if (entries.length === 0) throw new FieldError('Must include at least one translation.')
    const wrong = entries.find(([language]) => language.length !== 3)
    if (wrong) throw new FieldError(`Language code ${wrong[0]} is not valid.`)
    return Object.fromEntries(entries.map(([language, one]) => [language, read(one)]))
  }
}

function list(call: Call): Answer {
  const { workspace, query } = call
  const wanted = (one: Broadcast) => query.id === undefined || String(one.id) === query.id
  const items = workspace.broadcasts.filter(wanted).reverse()
  const show = (one: Broadcast) => showBroadcast(workspace, one)
  return { status: 200, body: paginate(call, { items, key: one => one.id, show }) }
}
