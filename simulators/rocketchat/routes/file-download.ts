import type { FastifyInstance, FastifyRequest } from 'fastify'
import { opensFile } from '../file-links.ts'
import type { Upload } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type Keys = { token?: string; rc_room_type?: string; rc_rid?: string; rc_token?: string; rc_uid?: string }

/** `/file-upload/:id/:name`: 403 without a right to the file, 404 for an unknown one, both empty. */
export function addDownloadRoute(app: FastifyInstance, workspace: Workspace): void {
  app.get<{ Params: { id: string }; Querystring: Keys }>('/file-upload/:id/:name', (request, reply) => {
    const upload = workspace.state.uploads.get(request.params.id)
    if (!upload) return reply.code(404).send()
    if (!isAllowed(workspace, request, upload)) return reply.code(403).send()
    return reply.type(upload.type).send(upload.data)
  })
}

function isAllowed(
  workspace: Workspace,
  request: FastifyRequest<{ Querystring: Keys }>,
  upload: Upload,
): boolean {
  if (!workspace.settings.FileUpload_ProtectFiles) return true
  const keys = { ...cookiesOf(request.headers.cookie), ...request.query }
  if (keys.token && opensFile(workspace, keys.token, upload)) return true
  return isVisitorOf(workspace, keys, upload) || isBot(workspace, request, keys)
}

function isVisitorOf(
  { state }: Workspace,
  { rc_room_type, rc_rid, rc_token }: Keys,
  { rid }: Upload,
): boolean {
  return rc_room_type === 'l' && rc_rid === rid && state.rooms.get(rid)?.v.token === rc_token
}

function isBot({ bot }: Workspace, { headers }: FastifyRequest, { rc_uid, rc_token }: Keys): boolean {
  const userId = headers['x-user-id'] ?? rc_uid
  return userId === bot.userId && (headers['x-auth-token'] ?? rc_token) === bot.authToken
}

function cookiesOf(cookie = ''): Keys {
  return Object.fromEntries(cookie.split('; ').map(pair => pair.split('=', 2)))
}
