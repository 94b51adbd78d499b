import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Answer, addEndpoint, type Call, type Desk } from '../api.ts'
import type { Media } from '../model.ts'
import { badQuery, Refusal } from '../refusal.ts'
import { showMedia } from '../views.ts'
import { count, type Workspace } from '../workspace.ts'

const maxBytes = 25 * 1024 * 1024

/** `POST media.json`, and the download of what was uploaded. */
export function addMedia(app: FastifyInstance, desk: Desk): void {
  const post = desk.workspace.profile.sendsMessages ? upload : uploadForApp
  addEndpoint(app, desk, 'media', { scope: 'general', takes: 'form', post })
  app.get('/media/orgs/1/media/:shard/:uuid/:filename', (request, reply) => {
    const media = desk.workspace.media.get((request as Download).params.uuid)
    if (!media) return reply.callNotFound()
    return reply.type(media.contentType).send(media.data)
  })
}

type Download = FastifyRequest<{ Params: { uuid: string } }>

async function upload({ workspace, body, contentType }: Call): Promise<Answer> {
  const file = (await readForm(body, contentType)).get('file')
  if (file === null) throw refuseFile('No file was submitted.')
  if (typeof file === 'string') {
    throw refuseFile('The submitted data was not a file. Check the encoding type on the form.')
  }
  if (file.size === 0) throw refuseFile('The submitted file is empty.')
  if (file.size > maxBytes) throw refuseFile('Limit for file uploads is 25.0 MB.')
  if (!workspace.profile.mediaTypes.test(file.type)) throw refuseFile('Unsupported file type.')
  return { status: 201, body: showMedia(await store(workspace, file)) }
}

/** Before 9: a form for the flow app, of no use for messages. Anything else is an empty 400. */
async function uploadForApp({ workspace, body, contentType }: Call): Promise<Answer> {
  const form = await readForm(body, contentType)
  const file = form.get('media_file')
  if (!file || typeof file === 'string' || !form.get('extension')) return { status: 400 }
  return { status: 201, body: { location: (await store(workspace, file)).url } }
}

const refuseFile = (problem: string) => new Refusal(400, { file: [problem] })

async function readForm(body: unknown, contentType: string): Promise<FormData> {
  try {
    const bytes = Buffer.isBuffer(body) ? new Uint8Array(body) : new Uint8Array()
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw badQuery('Multipart form parse error - Invalid boundary in multipart')
  }
}

async function store(workspace: Workspace, file: File): Promise<Media> {
  const uuid = randomUUID()
  const path = `/media/orgs/1/media/${uuid.slice(0, 4)}/${uuid}/${encodeURIComponent(file.name)}`
  const media: Media = {
    uuid,
    contentType: file.type,
    filename: file.name,
    url: `${workspace.url}${path}`,
    size: file.size,
    data: Buffer.from(await file.arrayBuffer()),
  }
  workspace.media.set(uuid, media)
  count(workspace, 'media')
  return media
}
