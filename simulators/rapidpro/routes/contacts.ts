import type { FastifyInstance } from 'fastify'
import { type Answer, addEndpoint, type Call, type Desk } from '../api.ts'
import {
  FieldError,
  nullable,
  optional,
  readFields,
  readObject,
  readReferences,
  readText,
  readValues,
} from '../fields.ts'
import { groupReader, readUrn } from '../lookups.ts'
import type { Contact } from '../model.ts'
import { paginate, readRange } from '../pages.ts'
import { badQuery, notFound, Refusal, unfit } from '../refusal.ts'
import { parseUrn } from '../urns.ts'
import { showContact } from '../views.ts'
import { addContact, findContact, setUrns, touch, type Workspace } from '../workspace.ts'

/** `GET` and `POST contacts.json`, by `uuid` or `urn`; a POST with neither, or by an unknown URN, creates. */
export function addContacts(app: FastifyInstance, desk: Desk): void {
  addEndpoint(app, desk, 'contacts', { scope: 'contacts', get: list, post: write })
}

function list(call: Call): Answer {
  const { workspace } = call
  const show = (contact: Contact) => showContact(workspace, contact)
  const items = select(call).sort((a, b) => b.revision - a.revision)
  return { status: 200, body: paginate(call, { items, key: contact => contact.revision, show }) }
}

function select(call: Call): Contact[] {
  const { workspace, query } = call
  const range = readRange(query)
  const urn = query.urn === undefined ? undefined : checkUrn(call, query.urn)
  if (!range) return []
  const deleted = query.deleted === 'true' || query.deleted === '1'
  return [...workspace.contacts.values()].filter(contact => {
    if (contact.deleted !== deleted) return false
    if (contact.modifiedOn < range.after || contact.modifiedOn > range.before) return false
    if (query.uuid !== undefined && contact.uuid !== query.uuid) return false
    if (urn !== undefined && findContact(workspace, urn) !== contact) return false
    return query.group === undefined || isIn(contact, query.group)
  })
}

function isIn(contact: Contact, group: string): boolean {
  return contact.groups.some(({ uuid, name }) => uuid === group || name === group)
}

function checkUrn({ workspace }: Call, urn: string): string {
  if (workspace.settings.hideUrns) {
    throw badQuery('URN lookups not allowed for anonymous organizations')
  }
  if (!parseUrn(urn)) throw badQuery(`Invalid URN: ${urn}`)
  return urn
}

function write(call: Call): Answer {
  const { workspace, query } = call
  const urn = query.urn === undefined ? undefined : checkUrn(call, query.urn)
  const known = urn === undefined ? undefined : findContact(workspace, urn)
  const contact = query.uuid === undefined ? known : findContact(workspace, query.uuid)
  if (query.uuid !== undefined && !contact) throw notFound()
  const changes = readChanges(workspace, call.body)
  if (urn !== undefined && changes.urns) {
    throw new Refusal(400, { urns: ['Field not allowed when using URN in URL'] })
  }
  refuseTaken(workspace, contact, changes.urns ?? [])
  const target = contact ?? addContact(workspace, { name: null, urn: urn ?? null })
  change(workspace, target, changes)
  return { status: contact ? 200 : 201, body: showContact(workspace, target) }
}

type Changes = ReturnType<typeof readChanges>

function readChanges(workspace: Workspace, body: unknown) {
  return readFields(body, {
    name: optional(nullable(readText(64))),
    language: optional(nullable(readText(3, 3))),
    urns: optional(readValues(readUrn, 100)),
    groups: optional(readReferences(groupReader(workspace), 100)),
    fields: optional(value => readContactFields(workspace, value)),
  })
}

function readContactFields(workspace: Workspace, value: unknown): Record<string, string | null> {
  const fields = readObject(value)
  const unknown = Object.keys(fields).find(key => !workspace.fieldKeys.has(key))
  if (unknown !== undefined) throw new FieldError(`Invalid contact field key: ${unknown}`)
  const shown = (one: unknown) => (one === null || one === '' ? null : String(one))
  return Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, shown(one)]))
}

function refuseTaken(workspace: Workspace, contact: Contact | undefined, urns: string[]): void {
  if (contact && workspace.settings.hideUrns && urns.length > 0) {
    throw unfit('Updating URNs not allowed for anonymous organizations')
  }
  const taken = urns.findIndex(urn => {
    const owner = findContact(workspace, urn)
    return owner !== undefined && owner !== contact
  })
  if (taken >= 0) throw new Refusal(400, { urns: { [taken]: ['URN is in use by another contact.'] } })
}

function change(workspace: Workspace, contact: Contact, changes: Changes): void {
  const { name, language, urns, groups, fields } = changes
  if (name !== undefined) contact.name = name
  if (language !== undefined) contact.language = language
  if (urns) setUrns(workspace, contact, urns)
  if (groups) contact.groups = groups
  if (fields) Object.assign(contact.fields, fields)
  touch(workspace, contact)
}
