import type { FastifyInstance, FastifyRequest } from 'fastify'
import { refuseAnonymous, refusePlainly, refuseWithCode, succeed } from '../envelope.ts'
import { closeRoom, forwardToAgent, forwardToDepartment } from '../rooms.ts'
import { schemas } from '../schemas.ts'
import type { Settings } from '../settings.ts'
import type { Department, Person, Room } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type Search = { text?: string; enabled?: string; count?: string; offset?: string }
type Closing = { rid: string; comment?: string; tags?: string[] }
type Forward = { roomId: string; userId?: string; departmentId?: string }

/** The routes for logged-in users that a mediator has a use for. The bot user may call all of them. */
export function addOfficeRoutes(parent: FastifyInstance, workspace: Workspace): void {
  parent.register(async app => {
    app.addHook('onRoute', route => {
      route.config = { ...route.config, login: true }
    })
    app.addHook('onRequest', async request => requireLogin(workspace, request))
    addDepartmentRoutes(app, workspace)
    addRoomLists(app, workspace)
    addClosing(app, workspace)
    addForwarding(app, workspace)
    addIntegrations(app, workspace)
  })
}

function requireLogin({ bot }: Workspace, { headers }: FastifyRequest): void {
  if (headers['x-user-id'] !== bot.userId || headers['x-auth-token'] !== bot.authToken)
    throw refuseAnonymous()
}

function botUser({ bot }: Workspace): Person {
  return { _id: bot.userId, username: 'bot', name: 'Bot' }
}

function addDepartmentRoutes(app: FastifyInstance, { state }: Workspace): void {
  app.get<{ Querystring: Search }>('/livechat/department', request => {
    const { text = '', enabled, count = '50', offset = '0' } = request.query
    const found = [...state.departments.values()]
      .filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()))
      .filter(department => enabled === undefined || department.enabled === (enabled === 'true'))
    const departments = found.slice(Number(offset), Number(offset) + Number(count)).map(departmentView)
    return succeed({ departments, count: departments.length, offset: Number(offset), total: found.length })
  })
  app.get<{ Params: { id: string } }>('/livechat/department/:id', request => {
    const department = state.departments.get(request.params.id)
    return succeed({ department: department ? departmentView(department) : null, agents: [] })
  })
}

function departmentView({ _id, name, enabled, showOnRegistration, showOnOfflineForm, agents }: Department) {
  return { _id, name, enabled, showOnRegistration, showOnOfflineForm, email: '', numAgents: agents.length }
}

function addRoomLists(app: FastifyInstance, { state }: Workspace): void {
  app.get<{ Querystring: { open?: string } }>('/livechat/rooms', request => {
    const { open } = request.query
    const rooms = [...state.rooms.values()].filter(
      room => open === undefined || String(room.open ?? false) === open,
    )
    return succeed({ rooms, count: rooms.length, offset: 0, total: rooms.length })
  })
  app.get<{ Params: { token: string } }>('/livechat/visitor/:token/room', request => {
    const room = state.index.openRoomByToken.get(request.params.token)
    return succeed({ rooms: room ? [room] : [] })
  })
}

function addClosing(app: FastifyInstance, workspace: Workspace): void {
  if (!workspace.traits.closeByUser) return
  const schema = { body: schemas.closeByUser }
  app.post<{ Body: Closing }>('/livechat/room.closeByUser', { schema }, async request => {
    const { rid, comment = '', tags } = request.body
    const room = workspace.state.rooms.get(rid)
    if (!room) throw refuseWithCode('error-invalid-room', 'Invalid room')
    if (!room.open) throw refuseWithCode('error-room-already-closed', 'Room already closed')
    if (!comment.trim() && workspace.settings.Livechat_request_comment_when_closing_conversation)
      throw refuseWithCode('error-comment-is-required', 'Comment is required')
    if (tags) room.tags = tags
    await closeRoom(workspace, room, { closer: 'user', by: botUser(workspace), comment })
    return succeed({})
  })
}

function addForwarding(app: FastifyInstance, workspace: Workspace): void {
  const schema = { body: schemas.forward }
  app.post<{ Body: Forward }>('/livechat/room.forward', { schema }, async request => {
    const { roomId, userId, departmentId } = request.body
    const room = workspace.state.rooms.get(roomId)
    if (!room?.open) throw refuseWithCode('error-invalid-room', 'Invalid room')
    await forward(workspace, room, userId, departmentId)
    return succeed({})
  })
}

async function forward(
  workspace: Workspace,
  room: Room,
  userId?: string,
  departmentId?: string,
): Promise<void> {
  const by = botUser(workspace)
  if (departmentId) return forwardToDepartment(workspace, room, departmentId, by)
  const agent = workspace.state.agents.get(userId ?? '')
  if (!agent?.online) throw refusePlainly('error-user-is-offline')
  return forwardToAgent(workspace, room, agent, by)
}

const integrationKeys = {
  LivechatWebhookUrl: 'Livechat_webhookUrl',
  LivechatSecretToken: 'Livechat_secret_token',
  LivechatHttpTimeout: 'Livechat_http_timeout',
  LivechatWebhookOnStart: 'Livechat_webhook_on_start',
  LivechatWebhookOnClose: 'Livechat_webhook_on_close',
  LivechatWebhookOnChatTaken: 'Livechat_webhook_on_chat_taken',
  LivechatWebhookOnChatQueued: 'Livechat_webhook_on_chat_queued',
  LivechatWebhookOnForward: 'Livechat_webhook_on_forward',
  LivechatWebhookOnOfflineMsg: 'Livechat_webhook_on_offline_msg',
  LivechatWebhookOnVisitorMessage: 'Livechat_webhook_on_visitor_message',
  LivechatWebhookOnAgentMessage: 'Livechat_webhook_on_agent_message',
} as const satisfies Record<string, keyof Settings>

function addIntegrations(app: FastifyInstance, { settings, testWebhook }: Workspace): void {
  app.post<{ Body: Record<string, unknown> }>('/omnichannel/integrations', request => {
    const changes = Object.entries(integrationKeys)
      .filter(([key]) => key in request.body)
      .map(([key, setting]) => [setting, request.body[key]])
    Object.assign(settings, Object.fromEntries(changes))
    return succeed({})
  })
  app.post('/livechat/webhook.test', async () => {
    if ((await testWebhook()) !== 200) throw refusePlainly('error-invalid-webhook-response')
    return succeed({})
  })
}
