import type { FastifyInstance } from 'fastify'
import { addEndpoint, type Desk } from './api.ts'
import { addBroadcasts } from './routes/broadcasts.ts'
import { addContactActions } from './routes/contact-actions.ts'
import { addContacts } from './routes/contacts.ts'
import { addFlowStarts } from './routes/flow-starts.ts'
import { addMedia } from './routes/media.ts'
import { addMessages } from './routes/messages.ts'

const nothing = { next: null, previous: null, results: [] }
const denied = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'

/** REST API v2, and the storage that hosts clients' files. */
export function addRest(app: FastifyInstance, desk: Desk): void {
  addMessages(app, desk)
  addBroadcasts(app, desk)
  addFlowStarts(app, desk)
  addContactActions(app, desk)
  addContacts(app, desk)
  addMedia(app, desk)
  // The workspace has no tickets: they can be opened only by a flow or by hand.
  addEndpoint(app, desk, 'tickets', { scope: 'general', get: () => ({ status: 200, body: nothing }) })
  app.get('/storage/attachments/*', (request, reply) => {
    const file = desk.workspace.hosting.open(request.url.split('?', 1)[0] ?? '')
    if (!file) return reply.callNotFound()
    if (file === 'denied') return reply.code(403).type('application/xml').send(denied)
    return reply.type(file.type).send(file.data)
  })
}
