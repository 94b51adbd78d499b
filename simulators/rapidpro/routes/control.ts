import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { explainControlError } from '../../lib/faults.ts'
import type { Desk } from '../api.ts'
import type { Message } from '../model.ts'
import type { RelayFlow, RelayStarter } from '../relay-flow.ts'
import { showBroadcast, showContact, showFlowStart, showMedia, showMessage } from '../views.ts'
import { addContact } from '../workspace.ts'

const contactSchema = z.strictObject({
  uuid: z.uuid().optional(),
  name: z.string().nullable().optional(),
  urn: z.string().nullable().optional(),
  fields: z.record(z.string(), z.string().nullable()).optional(),
})
const flowSchema = z.strictObject({
  mediatorUrl: z.url(),
  token: z.string(),
  contact: z.string(),
  department: z.string(),
  says: z.string().optional(),
  body: z.enum(['recommended', 'plain']).optional(),
  call: z.strictObject({ mode: z.enum(['normal', 'simulation']).optional() }).optional(),
})
const attachmentSchema = z.strictObject({ content_type: z.string(), url: z.string() })
const saySchema = z.strictObject({
  text: z.string().default(''),
  attachments: z.array(attachmentSchema).default([]),
})
const settingsSchema = z.strictObject({
  textLimit: z.int().positive().optional(),
  rateLimits: z.boolean().optional(),
  hourlyLimits: z.record(z.string(), z.int().nonnegative()).optional(),
  hideUrns: z.boolean().optional(),
  suspended: z.boolean().optional(),
  holdBroadcasts: z.boolean().optional(),
})
const fileSchema = z.strictObject({
  type: z.string(),
  name: z.string(),
  base64: z.string(),
  expiresInMs: z.number().nonnegative().optional(),
  forbidden: z.boolean().optional(),
})
type ByUuid = { Params: { uuid: string } }

/** For people and other processes: the phones, the relay flow and the settings, under `/__bot`. */
export function addControl(app: FastifyInstance, desk: Desk, startRelayFlow: RelayStarter): void {
  app.register(async scope => {
    scope.setErrorHandler(explainControlError)
    addSettings(scope, desk)
    addRelay(scope, startRelayFlow)
  })
}

function addSettings(app: FastifyInstance, desk: Desk): void {
  const { workspace } = desk
  app.get('/__bot/state', () => showState(desk))
  app.get<ByUuid>('/__bot/contacts/:uuid/messages', request => ({
    messages: workspace.phones.screen(request.params.uuid),
  }))
  app.post('/__bot/contacts', request =>
    showContact(workspace, addContact(workspace, contactSchema.parse(request.body))),
  )
  app.post('/__bot/settings', request =>
    Object.assign(workspace.settings, settingsSchema.parse(request.body)),
  )
  app.post('/__bot/files', request => {
    const { base64, ...file } = fileSchema.parse(request.body)
    const path = workspace.hosting.host({ ...file, data: Buffer.from(base64, 'base64') })
    return { url: `${workspace.url}${path}` }
  })
}

function addRelay(app: FastifyInstance, startRelayFlow: RelayStarter): void {
  const flows = new Map<string, RelayFlow>()
  app.post('/__bot/flows', async request => {
    const flow = await startRelayFlow(flowSchema.parse(request.body))
    flows.set(flow.contact, flow)
    return { active: flow.isActive(), outcome: flow.registration }
  })
  app.post<ByUuid>('/__bot/contacts/:uuid/say', async (request, reply) => {
    const flow = flows.get(request.params.uuid)
    if (!flow) return reply.code(409).send({ error: 'this contact has no relay flow' })
    const { text, attachments } = saySchema.parse(request.body)
    const outcome = await flow.clientSays(text, attachments)
    return { active: flow.isActive(), outcome }
  })
}

function showState({ workspace }: Desk): Record<string, unknown> {
  const shown = (message: Message) => ({
    ...showMessage(workspace, message),
    pending: message.pending,
    failure: message.failure,
  })
  return {
    profile: workspace.profile.name,
    settings: workspace.settings,
    counts: workspace.counts,
    contacts: [...workspace.contacts.values()].map(contact => showContact(workspace, contact)),
    flows: [...workspace.flows.values()],
    messages: workspace.messages.map(shown),
    broadcasts: workspace.broadcasts.map(one => showBroadcast(workspace, one)),
    flow_starts: workspace.flowStarts.map(showFlowStart),
    contact_actions: workspace.contactActions,
    media: [...workspace.media.values()].map(showMedia),
    requests: workspace.requests,
  }
}
