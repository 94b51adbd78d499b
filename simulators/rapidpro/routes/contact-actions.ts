import type { FastifyInstance } from 'fastify'
import { type Answer, addEndpoint, type Call, type Desk } from '../api.ts'
import { optional, readChoice, readFields, readReferences, required } from '../fields.ts'
import { contactReader, groupReader } from '../lookups.ts'
import type { Contact, Reference } from '../model.ts'
import { Refusal, unfit } from '../refusal.ts'
import { count, setUrns, touch, type Workspace } from '../workspace.ts'

const actions = ['add', 'remove', 'block', 'unblock', 'interrupt', 'archive_messages', 'delete', 'archive']

/** `POST contact_actions.json`: 204; `interrupt` comes about later, in the contact's turn. */
export function addContactActions(app: FastifyInstance, desk: Desk): void {
  addEndpoint(app, desk, 'contact_actions', { scope: 'general', post: call => act(desk, call) })
}

function act(desk: Desk, call: Call): Answer {
  const { workspace } = desk
  const { contacts, action, group } = readAction(workspace, call.body)
  const uuids = contacts.map(({ uuid }) => uuid)
  workspace.contactActions.push({ action, contacts: uuids, group: group?.uuid ?? null, at: workspace.now() })
  count(workspace, 'contactActions')
  if (action === 'interrupt') return { status: 204, after: () => interrupt(desk, contacts) }
  for (const contact of contacts) apply(workspace, contact, action, group)
  return { status: 204 }
}

function readAction(workspace: Workspace, body: unknown) {
  const posted = readFields(body, {
    contacts: required(readReferences(contactReader(workspace), 100)),
    action: required(readChoice(actions)),
    group: optional(groupReader(workspace)),
  })
  const { contacts, action, group } = posted
  if (contacts.length === 0) throw new Refusal(400, { contacts: ["Contacts can't be empty."] })
  const grouping = action === 'add' || action === 'remove'
  if (grouping && !group) throw unfit(`For action "${action}" you should also specify a group`)
  if (!grouping && group) throw unfit(`For action "${action}" you should not specify a group`)
  const idle = contacts.filter(contact => contact.status !== 'active').map(({ uuid }) => uuid)
  if (action === 'add' && idle.length > 0) {
    throw unfit(`Non-active contacts cannot be added to groups: ${idle.join(', ')}`)
  }
  return posted
}

function interrupt({ workspace, lane }: Desk, contacts: Contact[]): void {
  for (const contact of contacts) {
    void lane.run(contact.uuid, () => {
      contact.flow = null
      touch(workspace, contact)
    })
  }
}

function apply(workspace: Workspace, contact: Contact, action: string, group?: Reference): void {
  touch(workspace, contact)
  switch (action) {
    case 'add':
    case 'remove':
      contact.groups = contact.groups.filter(({ uuid }) => uuid !== group?.uuid)
      if (action === 'add' && group) contact.groups.push(group)
      return
    case 'block':
    case 'unblock':
      contact.status = action === 'block' ? 'blocked' : 'active'
      if (action === 'block') contact.flow = null
      return
    case 'delete':
      contact.deleted = true
      setUrns(workspace, contact, [])
      return
    default:
      for (const message of workspace.messagesByContact.get(contact.uuid) ?? []) {
        if (message.direction === 'in') message.archived = true
      }
  }
}
