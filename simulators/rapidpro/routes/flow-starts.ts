import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Answer, addEndpoint, type Call, type Desk } from '../api.ts'
import {
  optional,
  readBoolean,
  readFields,
  readObject,
  readReferences,
  readValues,
  required,
} from '../fields.ts'
import { contactReader, flowReader, groupReader, readUrn } from '../lookups.ts'
import type { Contact, FlowStart } from '../model.ts'
import { paginate } from '../pages.ts'
import { cleanParams } from '../params.ts'
import { unfit } from '../refusal.ts'
import { showFlowStart } from '../views.ts'
import { count, findOrAddByUrn, type Workspace } from '../workspace.ts'

/** `GET` and `POST flow_starts.json`: recorded at once, run when each contact's turn comes. */
export function addFlowStarts(app: FastifyInstance, desk: Desk): void {
  addEndpoint(app, desk, 'flow_starts', { scope: 'general', get: list, post: call => create(desk, call) })
}

function create(desk: Desk, call: Call): Answer {
  const { workspace } = desk
  const posted = readStart(workspace, call.body)
  const { contacts = [], groups = [], urns = [] } = posted
  if (contacts.length + groups.length + urns.length === 0) {
    throw unfit('Must specify at least one group, contact or URN')
  }
  const params = posted.params ?? posted.extra
  const start: FlowStart = {
    id: workspace.nextId(),
    uuid: randomUUID(),
    flow: posted.flow,
    contacts,
    groups,
    urns,
    params: params ? cleanParams(params) : null,
    restartParticipants: posted.restart_participants ?? true,
    excludeActive: posted.exclude_active ?? false,
    status: 'pending',
    createdOn: workspace.now(),
  }
  workspace.flowStarts.push(start)
  count(workspace, 'flowStarts')
  return { status: 201, body: showFlowStart(start), after: () => void run(desk, start) }
}

function readStart(workspace: Workspace, body: unknown) {
  return readFields(body, {
    flow: required(flowReader(workspace)),
    contacts: optional(readReferences(contactReader(workspace), 100)),
    groups: optional(readReferences(groupReader(workspace), 100)),
    urns: optional(readValues(readUrn, 100)),
    restart_participants: optional(readBoolean),
    exclude_active: optional(readBoolean),
    params: optional(readObject),
    extra: optional(readObject),
  })
}

async function run({ workspace, lane }: Desk, start: FlowStart): Promise<void> {
  const contacts = new Set([...start.contacts, ...start.urns.map(urn => findOrAddByUrn(workspace, urn))])
  await Promise.all([...contacts].map(contact => lane.run(contact.uuid, () => enter(start, contact))))
  start.status = 'completed'
}

function enter({ flow, excludeActive, restartParticipants }: FlowStart, contact: Contact): void {
  if (contact.status !== 'active' || (excludeActive && contact.flow)) return
  if (!restartParticipants && contact.pastFlows.has(flow.uuid)) return
  contact.flow = flow
  contact.pastFlows.add(flow.uuid)
}

function list(call: Call): Answer {
  const { workspace, query } = call
  const wanted = (one: FlowStart) => query.uuid === undefined || one.uuid === query.uuid
  const items = workspace.flowStarts.filter(wanted).reverse()
  return { status: 200, body: paginate(call, { items, key: one => one.id, show: showFlowStart }) }
}
