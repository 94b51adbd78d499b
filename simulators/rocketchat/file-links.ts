import { createHmac, timingSafeEqual } from 'node:crypto'
import type { FileRef, FileUpload, Upload } from './types.ts'
import type { WorkspaceCore } from './workspace.ts'

const hourInSeconds = 3600

/** The path of an upload, without the site. */
export function filePath({ _id, name }: Upload): string {
  return `/file-upload/${_id}/${encodeURIComponent(name)}`
}

/**
 * What a webhook says of an upload, with a link that carries a token while files are protected; undefined when
 * the upload is gone.
 */
export function fileUploadOf(workspace: WorkspaceCore, file: FileRef | undefined): FileUpload | undefined {
  const upload = file && workspace.state.uploads.get(file._id)
  if (!upload) return undefined
  const { settings } = workspace
  const isSigned = settings.FileUpload_ProtectFiles && settings.FileUpload_Enable_json_web_token_for_files
  const query = isSigned ? `?token=${signFileToken(workspace, upload)}` : ''
  const publicFilePath = `${settings.Site_Url}${filePath(upload)}${query}`
  return { publicFilePath, type: upload.type, size: upload.data.length }
}

/** An HS256 JSON web token that opens one file for an hour (`utils/server/lib/JWTHelper.ts`). */
function signFileToken(workspace: WorkspaceCore, { _id, rid, userId }: Upload): string {
  const iat = Math.floor(workspace.now() / 1000)
  const context = { rid, userId, fileId: _id }
  const claims = { context, iat, nbf: iat, exp: iat + hourInSeconds, aud: 'RocketChat' }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${sign(workspace, signed)}`
}

/** Whether a token opens this file now; up to 6.x its age is not looked at. */
export function opensFile(workspace: WorkspaceCore, token: string, { _id }: Upload): boolean {
  const [header = '', claims = '', signature = ''] = token.split('.')
  const expected = Buffer.from(sign(workspace, `${header}.${claims}`))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false
  const { exp, context } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const isFresh = !workspace.traits.fileTokensExpire || exp * 1000 > workspace.now()
  return isFresh && context.fileId === _id
}

function sign({ fileSecret }: WorkspaceCore, signed: string): string {
  return createHmac('sha256', fileSecret).update(signed).digest('base64url')
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
