import type { FastifyInstance } from 'fastify'
import { succeed } from '../envelope.ts'
import { schemas } from '../schemas.ts'
import { isoNow, type Workspace } from '../workspace.ts'

type Offline = { name: string; email: string; message: string }

/** The offline form: sends no mail here, only its webhook, which names no room and no token. */
export function addOfflineRoute(app: FastifyInstance, workspace: Workspace): void {
  app.post<{ Body: Offline }>(
    '/livechat/offline.message',
    { schema: { body: schemas.offline } },
    async request => {
      const { name, email, message } = request.body
      const body = {
        type: 'LivechatOfflineMessage',
        sentAt: isoNow(workspace),
        visitor: { name, email },
        message,
      }
      if (workspace.settings.Livechat_webhook_on_offline_msg)
        await workspace.post('LivechatOfflineMessage', body)
      return succeed({ message: 'Your message was sent' })
    },
  )
}
