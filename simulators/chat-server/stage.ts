import { type FileHost, startFileHost } from '../lib/file-host.ts'
import type { AgentFile, AgentPaste, DeskStage, Paste, Person, Shown } from '../stage.ts'
import { type ChatMessage, type ChatServer, type Conversation, startChatServer } from './index.ts'

const AGENT = 'Luis'
const ACCESS = { name: 'x-access', value: 'chat-server-access-key' }

/** Conversations wait until the agent joins; the server tells everybody everything, whispers and echoes included. */
export async function startStage(port = 0): Promise<DeskStage> {
  const files = await startFileHost()
  const server = await startChatServer({
    port,
    settings: {
      routing: 'hand-off',
      agentName: AGENT,
      accessHeader: ACCESS,
      echoes: true,
      leaksWhispers: true,
    },
  })
  const { url, faults } = server
  const attach = (contentUrl: string, type: string, name: string) => [{ type, name, contentUrl }]
  return {
    type: 'chat-server',
    title: 'Expertflow chat server',
    url,
    settings: `type = "chat-server"
url = "${url}"
connector = { id = "live-agents", name = "Live Agents", channel = "live-agents" }
headers = { ${ACCESS.name} = "${ACCESS.value}" }`,
    secrets: [ACCESS.value],
    mediaHosts: files.hosts,
    department: 'support',
    tellsOfWaiting: true,
    agent: {
      name: AGENT,
      take: async ({ uuid }) => void server.agentJoins(uuid),
      say: async ({ uuid }, text) => void server.say(uuid, text),
      sendFile: async ({ uuid }, file) =>
        void server.say(uuid, '', { attachments: attach(files.put(file), file.type, file.name) }),
      close: async ({ uuid }) => server.end(uuid),
    },
    paste: pasteOf(files),
    shown: person => conversationsOf(server, person).flatMap(toShown),
    conversations: person => conversationsOf(server, person).map(({ id, isOpen }) => ({ id, open: isOpen })),
    connect: () => undefined,
    settled: async () => undefined,
    faults,
    power: { down: server.pause, up: server.resume },
    routes: { open: '/api/customer/init' },
    traps: trapsOf(server),
    stop: async () => {
      await server.stop()
      await files.stop()
    },
  }
}

function pasteOf(files: FileHost): AgentPaste {
  const attach = (file: AgentFile) => ({ name: file.name, type: file.type, contentUrl: files.put(file) })
  return {
    look: { method: 'GET', path: '/__desk/conversations' },
    take: person => ofConversation(person, 'join', { agent: AGENT }),
    say: (person, text) => ofConversation(person, 'say', { text }),
    sendFile: (person, file) => ofConversation(person, 'say', { attachments: [attach(file)] }),
    close: person => ofConversation(person, 'end', {}),
  }
}

function ofConversation({ uuid }: Person, action: string, body: object): Paste {
  return { method: 'POST', path: `/__desk/conversations/${uuid}/${action}`, body }
}

function trapsOf(server: ChatServer): DeskStage['traps'] {
  return {
    echoes: true,
    whisper: async ({ uuid }, text) => void server.say(uuid, text, { tag: ' Whisper ' }),
    async sayTwice({ uuid }, text) {
      server.sendRaw(server.say(uuid, text))
    },
    unknownEvent: async ({ uuid }) =>
      server.sendRaw({
        type: 'ActivityMessage',
        activityType: 'sentimentChanged',
        conversationId: server.conversationOf(uuid)?.id,
      }),
    junk: async ({ uuid }) => void server.sendJunk(server.conversationOf(uuid)?.id),
    async closeUntold({ uuid }) {
      const conversation = server.conversationOf(uuid)
      if (!conversation) throw new Error(`${uuid} has no conversation`)
      conversation.isOpen = false
      conversation.members.clear()
    },
    sayToNobody: async text =>
      server.sendRaw({
        type: 'ChatMessage',
        conversationId: 'c-nobody',
        from: { id: 'a', name: AGENT },
        to: [],
        text,
        attachments: [],
      }),
    cut: async () => server.drop('transport'),
  }
}

/** A client whose number is not told is known by the uuid. */
function conversationsOf({ state }: ChatServer, { uuid }: Person): Conversation[] {
  return [...state.conversations.values()].filter(({ request }) => request.refId === uuid)
}

function toShown({ messages, customer }: Conversation): Shown[] {
  const theirs = (message: Conversation['messages'][number]): message is ChatMessage =>
    message.type === 'ChatMessage' && message.from.id === customer.id
  return messages.filter(theirs).map(({ text, attachments: [file] }) => ({
    text,
    ...(file && { file: { type: file.type, url: file.contentUrl } }),
  }))
}
