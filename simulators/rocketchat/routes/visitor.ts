import type { FastifyInstance } from 'fastify'
import { refuseWithCode, succeed } from '../envelope.ts'
import { forgetToken } from '../state.ts'
import type { Visitor } from '../types.ts'
import { readRegistration, registerVisitor } from '../visitors.ts'
import type { Workspace } from '../workspace.ts'

type ByToken = { Params: { token: string } }

export function addVisitorRoutes(app: FastifyInstance, workspace: Workspace): void {
  app.post('/livechat/visitor', { config: { limit: 5 } }, request =>
    succeed({ visitor: registerVisitor(workspace, readRegistration(request.body)) }),
  )
  app.get<ByToken>('/livechat/visitor/:token', request =>
    succeed({ visitor: visitorOf(workspace, request.params.token) }),
  )
  app.delete<ByToken>('/livechat/visitor/:token', request => {
    const visitor = visitorOf(workspace, request.params.token)
    if (workspace.state.index.openRoomByToken.has(visitor.token))
      throw refuseWithCode('visitor-has-open-rooms', 'Cannot remove visitors with opened rooms')
    removeVisitor(workspace, visitor)
    return succeed({ visitor: { _id: visitor._id, ts: visitor.ts } })
  })
}

function visitorOf({ state, traits }: Workspace, token: string): Visitor {
  const visitor = state.index.visitorByToken.get(token)
  if (!visitor) throw refuseWithCode('invalid-token', traits.modern ? 'Invalid token' : undefined)
  return visitor
}

function removeVisitor({ state }: Workspace, visitor: Visitor): void {
  forgetToken(state, visitor)
  state.visitors.delete(visitor._id)
  for (const room of state.rooms.values()) {
    if (room.v._id !== visitor._id) continue
    state.rooms.delete(room._id)
    state.index.messagesByRoom.delete(room._id)
  }
}
