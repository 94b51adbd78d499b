import type { ChatLine, ChatState, CustomerLeg, Reading } from '../../../src/desks/genesys/customer-leg.ts'
import { MediatorError } from '../../../src/domain/errors.ts'

/** A chat as Genesys knows it, which a test may change while it is read. */
export type FakeChat = {
  lines: ChatLine[]
  state: ChatState
  /** Unknown to Genesys from now on. */
  isForgotten: boolean
  /** What a reading throws; `hangs`: it never answers. */
  trouble?: MediatorError | 'hangs'
  /** The cursors of all readings. */
  asked: (string | undefined)[]
  /** Times the state was asked for. */
  looks: number
  says(text: string, line?: Partial<ChatLine>): void
  joins(nickname: string, line?: Partial<ChatLine>): void
  leaves(nickname: string): void
  /** Ends it without a line. */
  ends(): void
}

export type FakeLeg = CustomerLeg & {
  chat(id: string): FakeChat
  /** Readings under way now, and the most there were. */
  underWay: { now: number; most: number; mostOfOneChat: number }
  /** Goes before the state is told: the last moment to say something. */
  beforeState?: (chat: FakeChat) => void
}

/** `positions`: as Mobile Services, which say where to go on, and when it is over. Else as Web Services, with indexes. */
export function createFakeLeg(kind: 'indexes' | 'positions' = 'indexes'): FakeLeg {
  const chats = new Map<string, FakeChat>()
  const underWay = { now: 0, most: 0, mostOfOneChat: 0 }
  const reading = new Map<string, number>()
  const find = (id: string) => chats.get(id) ?? add(chats, id)
  const leg: FakeLeg = {
    cursors: kind,
    chat: find,
    underWay,
    request: async () => ({ id: 'new', state: null }),
    send: async () => undefined,
    finish: async () => undefined,
    async read({ id }, cursor, { signal }) {
      const chat = find(id)
      chat.asked.push(cursor)
      const mine = (reading.get(id) ?? 0) + 1
      reading.set(id, mine)
      underWay.now += 1
      underWay.most = Math.max(underWay.most, underWay.now)
      underWay.mostOfOneChat = Math.max(underWay.mostOfOneChat, mine)
      try {
        await answer(chat, signal)
        return kind === 'indexes' ? readIndexes(chat, cursor) : readPositions(chat, cursor)
      } finally {
        underWay.now -= 1
        reading.set(id, mine - 1)
      }
    },
  }
  if (kind === 'positions') return leg
  leg.state = async ({ id }) => {
    const chat = find(id)
    chat.looks += 1
    leg.beforeState?.(chat)
    return chat.state
  }
  return leg
}

async function answer(chat: FakeChat, signal: AbortSignal): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
  if (chat.trouble === 'hangs')
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(aborted())))
  else if (chat.trouble) throw chat.trouble
}

function aborted(): MediatorError {
  return new MediatorError('TIMEOUT', 'aborted')
}

function readIndexes(chat: FakeChat, cursor: string | undefined): Reading {
  if (chat.isForgotten) return { lines: [], over: true }
  const from = cursor === undefined ? 0 : Number(cursor) + 1
  return { lines: chat.lines.filter(({ index }) => index >= from), over: false }
}

function readPositions(chat: FakeChat, cursor: string | undefined): Reading {
  const from = Number(cursor ?? 1)
  const lines = chat.lines.filter(({ index }) => index >= from)
  const next = Math.max(from, ...chat.lines.map(({ index }) => index + 1))
  return { lines, next: String(next), over: chat.state.over || chat.isForgotten }
}

function add(chats: Map<string, FakeChat>, id: string): FakeChat {
  const { lines, state }: Pick<FakeChat, 'lines' | 'state'> = {
    lines: [],
    state: { over: false, agents: [], waiting: true, maySpeak: true },
  }
  const append = (line: Partial<ChatLine>) =>
    lines.push({
      index: (lines.at(-1)?.index ?? 0) + 1,
      kind: 'other',
      by: 'agent',
      text: '',
      isForClient: true,
      ...line,
    })
  const chat: FakeChat = {
    lines,
    state,
    isForgotten: false,
    asked: [],
    looks: 0,
    says: (text, line) => void append({ kind: 'text', nickname: 'Luis', text, ...line }),
    joins(nickname, line) {
      state.agents.push(nickname)
      state.waiting = false
      append({ kind: 'joined', nickname, ...line })
    },
    leaves(nickname) {
      state.agents = state.agents.filter(one => one !== nickname)
      append({ kind: 'left', nickname })
    },
    ends() {
      state.over = true
      state.agents = []
    },
  }
  chats.set(id, chat)
  return chat
}
