import type { AgentPaste, DeskStage, Paste, Person, Shown } from '../stage.ts'
import { type Message, type Rocketchat, startRocketchat } from './index.ts'

const SECRET = 'rocketchat-webhook-secret'
const DEPARTMENT = 'Support'
const AGENT = { username: 'ana', name: 'Ana' }

/** Conversations wait until the agent takes them, and the client's own words are told, too. */
export async function startStage(port = 0): Promise<DeskStage> {
  const rocketchat = await startRocketchat({
    port,
    settings: {
      API_Enable_Rate_Limiter: false,
      Livechat_Routing_Method: 'Manual_Selection',
      Livechat_webhook_on_visitor_message: true,
      webhookRetryMs: 50,
    },
    agents: [AGENT],
    departments: [{ name: DEPARTMENT, agents: [AGENT.username] }],
  })
  const { url, faults, webhooksSettled, stop } = rocketchat
  return {
    type: 'rocketchat',
    title: 'Rocket.Chat',
    url,
    settings: `type = "rocketchat"\nurl = "${url}"\nwebhook_token = "${SECRET}"\nrate_limits = "off"`,
    secrets: [SECRET],
    department: DEPARTMENT,
    tellsOfWaiting: true,
    agent: agentOf(rocketchat),
    paste,
    shown: person => shownTo(rocketchat, person),
    conversations: ({ uuid }) =>
      [...rocketchat.state.rooms.values()]
        .filter(room => room.v.token === uuid)
        .map(room => ({ id: room._id, open: room.open === true })),
    connect: (mediator, desk) =>
      rocketchat.setWebhook(`${mediator}/live-agents/desks/${desk}/events`, SECRET),
    settled: webhooksSettled,
    faults,
    power: { down: faults.down, up: faults.up },
    routes: { open: '/api/v1/livechat/visitor', send: '/api/v1/livechat/message' },
    traps: trapsOf(rocketchat),
    stop,
  }
}

function agentOf(rocketchat: Rocketchat): DeskStage['agent'] {
  const { takeRoom, say, sendFile, close, webhooksSettled } = rocketchat
  return {
    name: AGENT.name,
    take: async ({ uuid }) => void (await takeRoom(uuid)),
    async say({ uuid }, text) {
      await say(uuid, text)
      // Recent releases send what comes quickly in any order.
      await webhooksSettled()
    },
    sendFile: async ({ uuid }, file) => void (await sendFile(uuid, file)),
    close: async ({ uuid }, comment) => void (await close(uuid, comment ? { comment } : {})),
    closesWithComment: true,
    writesShortcodes: true,
  }
}

const paste: AgentPaste = {
  look: { method: 'GET', path: '/__desk/rooms' },
  take: person => ofRoom(person, 'take', {}),
  say: (person, text) => ofRoom(person, 'say', { text }),
  sendFile: (person, { name, type, data }) =>
    ofRoom(person, 'file', { name, type, base64: data.toString('base64') }),
  close: (person, comment) => ofRoom(person, 'close', { comment }),
}

function ofRoom({ uuid }: Person, action: string, body: object): Paste {
  return { method: 'POST', path: `/__desk/rooms/${uuid}/${action}`, body }
}

function trapsOf(rocketchat: Rocketchat): DeskStage['traps'] {
  const { close, faults, say, settings, state } = rocketchat
  const post = (body: object) =>
    fetch(settings.Livechat_webhookUrl, {
      method: 'POST',
      headers: { 'X-RocketChat-Livechat-Token': SECRET, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  return {
    knowsOurIds: true,
    echoes: true,
    async sayTwice({ uuid }, text) {
      faults.add({ kind: 'duplicate', times: 1 })
      await say(uuid, text)
    },
    unknownEvent: async ({ uuid }) =>
      void (await post({ type: 'LivechatEdit', _id: 'r', visitor: { token: uuid } })),
    junk: async ({ uuid }) =>
      void (await post({ type: 'Message', visitor: { token: uuid }, messages: 'all of them' })),
    async forget({ uuid }) {
      const room = rocketchat.openRoomOf(uuid)
      if (!room) throw new Error(`${uuid} has no open room`)
      delete room.open
      state.index.openRoomByToken.delete(uuid)
    },
    async closeUntold({ uuid }) {
      faults.add({ kind: 'drop', times: 1 })
      await close(uuid)
    },
    async sayUntold({ uuid }, text) {
      faults.add({ kind: 'drop', times: 1 })
      await say(uuid, text)
    },
    sayToNobody: async text => void (await post(messageToNobody(text))),
    setAgentOnline: online => rocketchat.setAgentOnline(AGENT.username, online),
  }
}

function messageToNobody(text: string): object {
  const u = { _id: 'a', username: AGENT.username, name: AGENT.name }
  const message = { _id: 'nobody', u, agentId: u._id, msg: text, ts: new Date(0).toISOString() }
  return { type: 'Message', _id: 'no-such-room', visitor: { token: 'no-such-visitor' }, messages: [message] }
}

function shownTo({ state }: Rocketchat, { uuid }: Person): Shown[] {
  return [...state.messages.values()].filter(({ token, t }) => token === uuid && t === undefined).map(toShown)

  function toShown({ msg, file }: Message): Shown {
    const data = file && state.uploads.get(file._id)?.data
    return file ? { text: msg, file: { type: file.type, ...(data && { data }) } } : { text: msg }
  }
}
