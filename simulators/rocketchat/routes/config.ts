import type { FastifyInstance } from 'fastify'
import { succeed } from '../envelope.ts'
import { agentView, isStaffed } from '../online.ts'
import { schemas } from '../schemas.ts'
import { agentNamed } from '../state.ts'
import type { Department, Room, Visitor } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type Query = { token?: string; department?: string }

export function addConfigRoute(app: FastifyInstance, workspace: Workspace): void {
  app.get<{ Querystring: Query }>('/livechat/config', { schema: { querystring: schemas.config } }, request =>
    succeed({ config: configOf(workspace, request.query) }),
  )
}

function configOf(workspace: Workspace, { token, department }: Query): Record<string, unknown> {
  if (!workspace.settings.Livechat_enabled) return { enabled: false }
  return {
    enabled: true,
    online: isStaffed(workspace, department),
    departments: shownDepartments(workspace),
    settings: shownSettings(workspace),
    messages: {},
    survey: {
      items: ['satisfaction', 'agentKnowledge', 'agentResposiveness', 'agentFriendliness'],
      values: '12345',
    },
    customFields: [...workspace.state.customFields].map(([_id, scope]) => ({ _id, scope })),
    ...(token && guestOf(workspace, token)),
  }
}

/** The enabled departments with at least one agent. */
function shownDepartments({ state }: Workspace): Partial<Department>[] {
  return [...state.departments.values()]
    .filter(({ enabled, agents }) => enabled && agents.some(username => agentNamed(state, username)))
    .map(({ _id, name, showOnRegistration, showOnOfflineForm }) => {
      return { _id, name, showOnRegistration, showOnOfflineForm }
    })
}

function shownSettings({ settings }: Workspace): Record<string, unknown> {
  return {
    fileUpload: settings.FileUpload_Enabled && settings.Livechat_fileupload_enabled,
    limitTextLength:
      settings.Livechat_enable_message_character_limit && settings.Livechat_message_character_limit,
    displayOfflineForm: true,
    visitorsCanCloseChat: settings.Omnichannel_allow_visitors_to_close_conversation,
  }
}

function guestOf(workspace: Workspace, token: string): Record<string, unknown> {
  const { state } = workspace
  const room = state.index.openRoomByToken.get(token)
  const agent = room?.servedBy && state.agents.get(room.servedBy._id)
  const visitor = state.index.visitorByToken.get(token)
  return {
    ...(visitor && { guest: guestView(visitor) }),
    ...(room && { room: roomView(room) }),
    ...(agent && { agent: agentView(workspace, agent) }),
  }
}

function guestView({ _id, name, username, token, department, visitorEmails }: Visitor) {
  return { _id, name, username, token, department, visitorEmails }
}

function roomView({ _id, open, departmentId, servedBy }: Room) {
  return { _id, open, departmentId, servedBy }
}
