import type { AgentPaste, DeskStage, Paste, Person, Shown } from '../stage.ts'
import { type Chat, type Genesys, startGenesys } from './index.ts'

const AGENT = { userName: 'ana', name: 'Ana' }
const KEY = 'genesys-gateway-key'
const MESSAGES = '/api/v2/chats/*/messages'

/** Chats wait until the agent takes them; the customer's log holds what is for agents only, too. */
export async function startStage(port = 0): Promise<DeskStage> {
  const genesys = await startGenesys({
    port,
    endpoints: { 'chat-general': 'queue' },
    settings: { leakWhispers: true },
  })
  const { url, faults, contactCenterId } = genesys
  return {
    type: 'genesys',
    title: 'Genesys',
    url,
    settings: `type = "genesys"
url = "${url}/api/v2"
contact_center_id = "${contactCenterId}"
endpoints = { support = "chat-general" }
headers = { apikey = "${KEY}" }
poll = { busy_ms = 100, idle_ms = 200 }`,
    secrets: [KEY],
    department: 'support',
    agent: {
      name: AGENT.name,
      take: async ({ name }) => void genesys.agentJoins(name, AGENT.userName),
      say: async ({ name }, text) => void genesys.agentSays(name, text),
      close: async ({ name }) => void genesys.agentEnds(name),
    },
    paste,
    shown: person => chatsOf(genesys, person).flatMap(toShown),
    conversations: person =>
      chatsOf(genesys, person).map(({ id, state }) => ({ id, open: state !== 'Idle' })),
    connect: () => undefined,
    settled: async () => undefined,
    faults,
    power: { down: faults.down, up: faults.up },
    routes: { open: '/api/v2/chats', send: '/api/v2/chats/*' },
    traps: trapsOf(genesys),
    stop: genesys.stop,
  }
}

const paste: AgentPaste = {
  look: { method: 'GET', path: '/__desk/chats' },
  take: person => ofChat(person, 'join', { agent: AGENT.userName }),
  say: (person, text) => ofChat(person, 'say', { text }),
  close: person => ofChat(person, 'end', {}),
}

function ofChat({ name }: Person, action: string, body: object): Paste {
  return { method: 'POST', path: `/__desk/chats/${encodeURIComponent(name)}/${action}`, body }
}

function trapsOf(genesys: Genesys): DeskStage['traps'] {
  const { faults } = genesys
  return {
    doublesOpenings: true,
    echoes: true,
    whisper: async ({ name }, text) => void genesys.agentWhispers(name, text),
    unknownEvent: async ({ name }) => void genesys.notice(name, '{"machine": "only"}'),
    junk: async () => void faults.add({ kind: 'half-json', route: MESSAGES, times: 1 }),
    forget: async ({ name }) => genesys.forgetChat(name),
    async sayToNobody(text) {
      const { id } = genesys.customerStarts({ nickname: 'somebody from the website' })
      genesys.agentSays(id, text)
    },
    cut: async () => void faults.add({ kind: 'reset-after', route: MESSAGES, times: 3 }),
  }
}

function chatsOf({ state }: Genesys, { name }: Person): Chat[] {
  return [...state.chats.values()].filter(({ nickname }) => nickname === name)
}

function toShown({ log }: Chat): Shown[] {
  return log.flatMap(({ type, from, text = '' }) =>
    type === 'Text' && from.type === 'Customer' ? [{ text }] : [],
  )
}
