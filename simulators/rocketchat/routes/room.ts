import type { FastifyInstance } from 'fastify'
import { refusePlainly, refuseSilently, refuseWithCode, succeed } from '../envelope.ts'
import { checkFields, maybeText, text } from '../match.ts'
import { closeRoom, findOrOpenRoom, findRoom, forwardToDepartment } from '../rooms.ts'
import { schemas } from '../schemas.ts'
import type { Room } from '../types.ts'
import { findVisitor } from '../visitors.ts'
import type { Workspace } from '../workspace.ts'

type OfRoom = { token: string; rid: string }
type Transfer = OfRoom & { department: string }

export function addRoomRoutes(app: FastifyInstance, workspace: Workspace): void {
  const premium = { sla: maybeText, priority: maybeText }
  app.get('/livechat/room', { config: { limit: 5 } }, async request => {
    const query = request.query
    checkFields(query, { token: text, rid: maybeText, agentId: maybeText, ...premium })
    const visitor = findVisitor(workspace, query.token)
    if (query.rid)
      return succeed({ room: openRoom(workspace, visitor.token, String(query.rid)), newRoom: false })
    const source = isWidget(request.headers.cookie) ? 'widget' : 'api'
    const agentId = query.agentId ? String(query.agentId) : undefined
    return succeed(await findOrOpenRoom(workspace, visitor, { source, ...(agentId && { agentId }) }))
  })
  app.post<{ Body: OfRoom }>('/livechat/room.close', { schema: { body: schemas.close } }, async request => {
    const { token, rid } = request.body
    return closeByVisitor(workspace, token, rid)
  })
  addTransferRoute(app, workspace)
}

/** The server takes a caller with these cookies for its own widget (`api/server/helpers/isWidget.ts`). */
function isWidget(cookie = ''): boolean {
  return cookie.includes('rc_room_type=l') && cookie.includes('rc_is_widget=t')
}

function openRoom(workspace: Workspace, token: string, rid: string): Room {
  const room = findRoom(workspace, token, rid)
  if (!room.open) throw refusePlainly('invalid-room')
  return room
}

async function closeByVisitor(workspace: Workspace, token: string, rid: string) {
  const { traits, settings, state } = workspace
  if (traits.visitorsMayBeKeptFromClosing && !settings.Omnichannel_allow_visitors_to_close_conversation)
    throw refusePlainly('error-not-allowed-to-close-conversation')
  const visitor = findVisitor(workspace, token)
  const room = findRoom(workspace, token, rid)
  if (!room.open) throw refusePlainly('room-closed')
  const department = state.departments.get(room.departmentId ?? '')
  if (department?.requestTagBeforeClosingChat) throw tagsRefusal(workspace)
  const comment = 'Closed by visitor'
  await closeRoom(workspace, room, { closer: 'visitor', by: visitor, comment })
  return succeed({ rid, comment })
}

function tagsRefusal({ traits }: Workspace) {
  if (!traits.closeByUser) return refuseSilently()
  return refuseWithCode(
    'error-tags-must-be-assigned-before-closing-chat',
    'Tag(s) must be assigned before closing',
  )
}

function addTransferRoute(app: FastifyInstance, workspace: Workspace): void {
  const isOld = workspace.traits.roomTransfer
  const path = isOld ? '/livechat/room.transfer' : '/livechat/visitor/department.transfer'
  const options = { schema: { body: schemas.transfer }, config: { typed: !isOld } }
  app.post<{ Body: Transfer }>(path, options, async request => {
    const { token, rid, department } = request.body
    const visitor = findVisitor(workspace, token)
    const room = isOld ? findRoom(workspace, token, rid) : transferableRoom(workspace, token, rid)
    await forwardToDepartment(workspace, room, department, visitor)
    return succeed(isOld ? { room } : {})
  })
}

function transferableRoom({ state }: Workspace, token: string, rid: string): Room {
  const room = state.rooms.get(rid)
  if (!room) throw refusePlainly('error-invalid-room')
  if (room.v.token !== token) throw refusePlainly('error-invalid-visitor')
  if (!room.open) throw refusePlainly('This_conversation_is_already_closed')
  return room
}
