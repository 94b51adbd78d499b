import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  type Refusal,
  refuseMatch,
  refuseUpload,
  refuseVisitor,
  refuseWithCode,
  succeed,
} from '../envelope.ts'
import { isTypeAllowed, mediaTypeOf, type NewFile, postUpload, storeUpload } from '../files.ts'
import type { Room, Visitor } from '../types.ts'
import type { Workspace } from '../workspace.ts'
import { authorship } from './message.ts'

const knownFields = ['description', 'msg', 'avatar', 'emoji', 'alias']
type Form = { file: NewFile; fields: Record<string, string> }

export function addUploadRoute(app: FastifyInstance, workspace: Workspace): void {
  app.post<{ Params: { rid: string } }>(
    '/livechat/upload/:rid',
    { bodyLimit: 256 * 1024 * 1024 },
    async request => {
      const { visitor, room } = admitUploader(workspace, request, request.params.rid)
      const { settings, traits } = workspace
      if (!settings.FileUpload_Enabled) throw refuseUpload('error-file-upload-disabled')
      if (traits.livechatUploadSwitch && !settings.Livechat_fileupload_enabled)
        throw refuseUpload('error-file-upload-disabled')
      const { file, fields } = await readForm(workspace, request)
      checkFile(workspace, file)
      const upload = storeUpload(workspace, room, visitor, file)
      const stray = Object.keys(fields).find(name => !knownFields.includes(name))
      if (stray) throw refuseMatch(`Unknown key in field ${stray}`)
      const { description, msg } = fields
      const message = await postUpload(workspace, room, upload, {
        ...authorship(visitor),
        ...(description !== undefined && { description }),
        ...(msg !== undefined && { msg }),
      })
      return succeed({ ...message, newRoom: false, showConnecting: !room.servedBy })
    },
  )
}

function admitUploader(
  { state }: Workspace,
  request: FastifyRequest,
  rid: string,
): { visitor: Visitor; room: Room } {
  const token = request.headers['x-visitor-token']
  const visitor = typeof token === 'string' ? state.index.visitorByToken.get(token) : undefined
  const room = visitor && state.index.openRoomByToken.get(visitor.token)
  if (!visitor || room?._id !== rid) throw refuseVisitor()
  return { visitor, room }
}

async function readForm(workspace: Workspace, request: FastifyRequest): Promise<Form> {
  const form = await parseForm(workspace, request)
  const fields: Record<string, string> = {}
  const files: NewFile[] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value
    else if (name !== 'file') throw refuseWithCode('invalid-field')
    else files.push(await fileOf(value))
  }
  const [file, second] = files
  if (!file) throw noFile(workspace)
  if (second) throw tooManyFiles(workspace)
  return { file, fields }
}

async function parseForm(workspace: Workspace, request: FastifyRequest): Promise<FormData> {
  const type = request.headers['content-type'] ?? ''
  if (!Buffer.isBuffer(request.body)) throw noFile(workspace)
  try {
    return await new Response(new Uint8Array(request.body), { headers: { 'content-type': type } }).formData()
  } catch {
    throw refuseWithCode('error-upload-failed')
  }
}

async function fileOf(part: File): Promise<NewFile> {
  const data = Buffer.from(await part.arrayBuffer())
  return { name: part.name, type: mediaTypeOf(part.name, part.type), data }
}

function noFile({ traits }: Workspace): Refusal {
  return refuseWithCode(traits.modern ? 'error-no-file' : 'No file uploaded')
}

function tooManyFiles({ traits }: Workspace): Refusal {
  return refuseWithCode(traits.modern ? 'error-too-many-files' : 'Just 1 file is allowed')
}

function checkFile(workspace: Workspace, { type, data }: NewFile): void {
  const limit = workspace.settings.FileUpload_MaxFileSize
  if (!isTypeAllowed(workspace, type)) throw refuseUpload('error-type-not-allowed')
  if (limit < 0 || data.length <= limit) return
  if (workspace.traits.modern) throw refuseWithCode('error-file-too-large')
  throw refuseUpload('error-size-not-allowed', { sizeAllowed: `${limit} B` })
}
