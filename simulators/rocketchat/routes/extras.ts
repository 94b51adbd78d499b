import type { FastifyInstance } from 'fastify'
import { refusePlainly, refuseSilently, succeed } from '../envelope.ts'
import { saveSystemMessage } from '../messages.ts'
import { agentView, nextAgent } from '../online.ts'
import { findRoom } from '../rooms.ts'
import { schemas } from '../schemas.ts'
import { rocketCat } from '../state.ts'
import { type CustomField, findVisitor, setVisitorField } from '../visitors.ts'
import type { Workspace } from '../workspace.ts'

type OfRoom = { token: string; rid: string }
type Survey = OfRoom & { data: { name: string; value: string }[] }
type PageInfo = { title: string; change: string; location: { href: string } }
type Page = { token: string; rid?: string; pageInfo: PageInfo }

/** What a visitor may do beside talking: look at the agent, rate, tell pages and fields, ask for a transcript. */
export function addExtraRoutes(app: FastifyInstance, workspace: Workspace): void {
  addAgentRoutes(app, workspace)
  addFieldRoutes(app, workspace)
  app.post<{ Body: Survey }>('/livechat/room.survey', { schema: { body: schemas.survey } }, request => {
    const { token, rid, data } = request.body
    findVisitor(workspace, token)
    findRoom(workspace, token, rid)
    if (!data.some(isRating)) throw refusePlainly('invalid-data')
    return succeed({ rid, data: data.filter(isRating) })
  })
  app.post<{ Body: Page }>('/livechat/page.visited', { schema: { body: schemas.page } }, request =>
    succeed(visitPage(workspace, request.body)),
  )
  app.post<{ Body: OfRoom }>('/livechat/transcript', { schema: { body: schemas.transcript } }, request => {
    const { token, rid } = request.body
    findVisitor(workspace, token)
    findRoom(workspace, token, rid)
    return succeed({ message: 'Your transcript will be sent to the e-mail given' })
  })
  app.post<{ Body: { token: string; status: string } }>(
    '/livechat/visitor.status',
    { schema: { body: schemas.status } },
    request => {
      const { token, status } = request.body
      findVisitor(workspace, token).status = status
      return succeed({ token, status })
    },
  )
}

const ratings = ['satisfaction', 'agentKnowledge', 'agentResposiveness', 'agentFriendliness']

function isRating({ name, value }: { name: string; value: string }): boolean {
  return name === 'additionalFeedback' || (ratings.includes(name) && /^[1-5]$/.test(value))
}

function visitPage(workspace: Workspace, { token, rid, pageInfo }: Page): object {
  const visitor = findVisitor(workspace, token)
  if (pageInfo.change !== 'url') return {}
  const msg = `${pageInfo.title} - ${pageInfo.location.href}`
  const page = { msg, navigation: { page: pageInfo, token } }
  const room = rid ? findRoom(workspace, visitor.token, rid) : undefined
  if (room) saveSystemMessage(workspace, room, 'livechat_navigation_history', rocketCat, msg)
  return { page }
}

function addAgentRoutes(app: FastifyInstance, workspace: Workspace): void {
  app.get<{ Params: OfRoom }>('/livechat/agent.info/:rid/:token', request => {
    const { token, rid } = request.params
    findVisitor(workspace, token)
    const { servedBy } = findRoom(workspace, token, rid)
    const agent = servedBy && workspace.state.agents.get(servedBy._id)
    if (!agent) throw refusePlainly('invalid-agent')
    return succeed({ agent: agentView(workspace, agent) })
  })
  app.get<{ Params: OfRoom; Querystring: { department?: string } }>(
    '/livechat/agent.next/:token',
    request => {
      if (workspace.state.index.openRoomByToken.has(request.params.token)) return succeed({})
      const agent = nextAgent(workspace, request.query.department)
      if (!agent) throw refusePlainly('agent-not-found')
      return succeed({ agent: agentView(workspace, agent) })
    },
  )
}

function addFieldRoutes(app: FastifyInstance, workspace: Workspace): void {
  app.post<{ Body: CustomField & { token: string } }>(
    '/livechat/custom.field',
    { schema: { body: schemas.customField } },
    request => {
      const { token, ...field } = request.body
      if (!setField(workspace, token, field)) throw refuseSilently()
      return succeed({ field })
    },
  )
  app.post<{ Body: { token: string; customFields: CustomField[] } }>(
    '/livechat/custom.fields',
    { schema: { body: schemas.customFields } },
    request => {
      const { token, customFields } = request.body
      if (!customFields.every(field => setField(workspace, token, field))) throw refuseSilently()
      return succeed({
        fields: customFields.map(({ key: Key, value, overwrite }) => ({ Key, value, overwrite })),
      })
    },
  )
}

function setField(workspace: Workspace, token: string, field: CustomField): boolean {
  const visitor = findVisitor(workspace, token)
  const scope = workspace.state.customFields.get(field.key)
  if (!scope) throw refusePlainly('invalid-custom-field')
  if (scope === 'visitor') return setVisitorField(workspace, visitor, field)
  const room = workspace.state.index.openRoomByToken.get(token)
  if (!room || (!field.overwrite && room.livechatData[field.key])) return false
  room.livechatData[field.key] = field.value
  return true
}
