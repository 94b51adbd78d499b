import { type FileHost, startFileHost } from '../lib/file-host.ts'
import type { AgentPaste, DeskStage, Paste, Person, Shown } from '../stage.ts'
import { type Line, startYellow, type Ticket, type Yellow } from './index.ts'

const SECRET = 'yellow-webhook-secret'
const TOKEN = 'yellow-desk-token'
const AGENT = { name: 'Lin', id: '33619' }

/** Tickets wait in a queue until the agent takes them. */
export async function startStage(port = 0): Promise<DeskStage> {
  const files = await startFileHost()
  const yellow = await startYellow({ port, token: TOKEN, agents: [AGENT], settings: { mode: 'queued' } })
  const { url, company, faults, webhooksSettled } = yellow
  return {
    type: 'yellow',
    title: 'Yellow-spec help desk',
    url,
    settings: `type = "yellow"
url = "${url}"
company = "${company}"
token = "${TOKEN}"
webhook_token = "${SECRET}"`,
    secrets: [SECRET, TOKEN],
    mediaHosts: files.hosts,
    department: 'support',
    agent: {
      name: AGENT.name,
      take: async ({ uuid }) => void (await yellow.assign(uuid, AGENT.name)),
      say: async ({ uuid }, text) => void (await yellow.agentText(uuid, text)),
      sendFile: async ({ uuid }, file) =>
        void (await yellow.agentMedia(uuid, { type: 'image', url: files.put(file) })),
      close: async ({ uuid }) => void (await yellow.close(uuid)),
    },
    paste: pasteOf(files),
    shown: person => ticketsOf(yellow, person).flatMap(({ lines }) => lines.filter(isClients).map(toShown)),
    conversations: person =>
      ticketsOf(yellow, person).map(({ id, state }) => ({ id, open: state !== 'CLOSED' })),
    connect: (mediator, desk) => yellow.setWebhook(`${mediator}/live-agents/desks/${desk}/events`, SECRET),
    settled: webhooksSettled,
    faults,
    power: { down: faults.down, up: faults.up },
    routes: { open: '/createTicket/*', send: '/sendMessage/*' },
    traps: trapsOf(yellow),
    stop: async () => {
      await yellow.stop()
      await files.stop()
    },
  }
}

function pasteOf(files: FileHost): AgentPaste {
  return {
    look: { method: 'GET', path: '/__desk/tickets' },
    take: person => ofTicket(person, 'assign', { agent: AGENT.name }),
    say: (person, text) => ofTicket(person, 'say', { text }),
    sendFile: (person, file) => ofTicket(person, 'media', { type: 'image', url: files.put(file) }),
    close: person => ofTicket(person, 'close', {}),
  }
}

function ofTicket({ uuid }: Person, action: string, body: object): Paste {
  return { method: 'POST', path: `/__desk/tickets/${uuid}/${action}`, body }
}

function trapsOf(yellow: Yellow): DeskStage['traps'] {
  return {
    doublesOpenings: true,
    cannotBeClosed: true,
    unknownEvent: async ({ uuid }) => void (await yellow.unknownEvent(uuid)),
    junk: async ({ uuid }) => void (await yellow.postEvent({ senderId: uuid, message: 'no event' })),
    async forget(person) {
      for (const ticket of ticketsOf(yellow, person)) ticket.state = 'CLOSED'
    },
    sayToNobody: async text =>
      void (await yellow.postEvent({
        ticketId: 1,
        senderId: 'nobody',
        source: 'web',
        event: 'payload-received-from-agent',
        message: { type: 'text', payLoad: { content: text } },
      })),
    setAgentOnline: online => {
      yellow.settings.mode = online ? 'queued' : 'none'
    },
  }
}

function ticketsOf({ state }: Yellow, { uuid }: Person): Ticket[] {
  return [...state.tickets.values()].filter(({ senderId }) => senderId === uuid)
}

function isClients({ by }: Line): boolean {
  return by === 'client'
}

function toShown({ kind, content }: Line): Shown {
  return kind === 'text' ? { text: content } : { text: '', file: { type: kind, url: content } }
}
