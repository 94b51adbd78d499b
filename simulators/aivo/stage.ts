import { type FileHost, startFileHost } from '../lib/file-host.ts'
import type { AgentPaste, DeskStage, Paste, Person, Shown } from '../stage.ts'
import { type Aivo, type Conversation, type Line, startAivo } from './index.ts'

const SECRET = 'aivo-webhook-secret'
const BOT_TOKEN = 'aivo-bot-token'
const AGENT = { name: 'Tomas', nickname: 'Tomi', groupId: 2179 }

/** Conversations wait until the agent attends them. */
export async function startStage(port = 0): Promise<DeskStage> {
  const files = await startFileHost()
  const aivo = await startAivo({ port, settings: { botToken: BOT_TOKEN } })
  const { url, faults, drivers, webhooksSettled } = aivo
  return {
    type: 'aivo',
    title: 'Aivo Live',
    url,
    settings: `type = "aivo"
url = "${url}/api/v1/live-handler"
bot_id = ${aivo.settings.botId}
bot_token = "${BOT_TOKEN}"
webhook_token = "${SECRET}"
groups = { default = ${AGENT.groupId} }`,
    secrets: [SECRET, BOT_TOKEN],
    mediaHosts: files.hosts,
    department: 'support',
    agent: {
      name: AGENT.nickname,
      take: ({ uuid }) => drivers.attended(uuid, AGENT),
      say: ({ uuid }, text) => drivers.message(uuid, text),
      sendFile: ({ uuid }, file) => drivers.message(uuid, [{ action: 'image', value: files.put(file) }]),
      close: ({ uuid }) => drivers.close(uuid),
    },
    paste: pasteOf(files),
    shown: person =>
      conversationsOf(aivo, person).flatMap(({ lines }) => lines.filter(isClients).map(toShown)),
    conversations: person =>
      conversationsOf(aivo, person).map(({ id, state }) => ({ id, open: state !== 'closed' })),
    connect: (mediator, desk) =>
      aivo.setWebhook(`${mediator}/live-agents/desks/${desk}/events?token=${SECRET}`),
    settled: webhooksSettled,
    faults,
    power: { down: faults.down, up: faults.up },
    routes: { open: '*/queue/external', send: '*/client/message' },
    traps: trapsOf(aivo),
    stop: async () => {
      await aivo.stop()
      await files.stop()
    },
  }
}

function pasteOf(files: FileHost): AgentPaste {
  return {
    look: { method: 'GET', path: '/__desk/conversations' },
    take: person => ofConversation(person, 'attend', AGENT),
    say: (person, text) => ofConversation(person, 'say', { text }),
    sendFile: (person, file) =>
      ofConversation(person, 'say', { items: [{ action: 'image', value: files.put(file) }] }),
    close: person => ofConversation(person, 'close', {}),
  }
}

function ofConversation({ uuid }: Person, action: string, body: object): Paste {
  return { method: 'POST', path: `/__desk/conversations/${uuid}/${action}`, body }
}

function trapsOf(aivo: Aivo): DeskStage['traps'] {
  const { drivers, faults, settings } = aivo
  const post = async (body: object) =>
    void (await fetch(settings.webhookUrl, { method: 'POST', body: JSON.stringify(body) }))
  return {
    doublesOpenings: true,
    cannotBeClosed: true,
    async sayTwice({ uuid }, text) {
      faults.add({ kind: 'duplicate', times: 1 })
      await drivers.message(uuid, text)
    },
    unknownEvent: ({ uuid }) => drivers.unknown(uuid),
    junk: ({ uuid }) => drivers.unknown(uuid, settings.messageEvent, { message: 7 }),
    async forget(person) {
      for (const conversation of conversationsOf(aivo, person)) conversation.state = 'closed'
    },
    sayToNobody: text =>
      post({
        name: settings.messageEvent,
        roomId: '00000000-0000-4000-8000-000000000000',
        botId: settings.botId,
        eventTime: 1706294001,
        data: { message: [{ action: 'text', value: text, source: 'agent' }] },
      }),
  }
}

function conversationsOf({ state }: Aivo, { uuid }: Person): Conversation[] {
  return [...state.conversations.values()].filter(({ hash }) => hash === uuid.replaceAll('-', ''))
}

function isClients({ by }: Line): boolean {
  return by === 'client'
}

function toShown({ action, value }: Line): Shown {
  return action === 'text' ? { text: value } : { text: '', file: { type: action, url: value } }
}
