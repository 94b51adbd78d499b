import type { FaultSet } from './lib/fault-set.ts'

/** The client, as a desk may know them. */
export type Person = { uuid: string; name: string }

/** What an agent has on the screen: text, or a file as its bytes or its address. */
export type Shown = { text: string; file?: { type: string; data?: Buffer; url?: string } }

export type AgentFile = { name: string; type: string; data: Buffer }

/** A request below the desk's `url`, for people with curl. The body is JSON and holds no single quotes. */
export type Paste = { method: 'GET' | 'POST'; path: string; body?: object }

/** How to play the agent by requests: each does what the action of that name does. */
export type AgentPaste = {
  /** Everything there is to see of conversations. */
  look: Paste
  take(person: Person): Paste
  say(person: Person, text: string): Paste
  /** Absent where agents cannot send files to clients. */
  sendFile?(person: Person, file: AgentFile): Paste
  close(person: Person, comment?: string): Paste
}

/**
 * A simulated desk with one agent at it, in words that fit every desk: for the demo, the conformance suite and end-to-end
 * tests. The agent's actions resolve when they are done at the desk, and reject when an agent could not do that.
 */
export type DeskStage = {
  /** As in the registry of desks. */
  type: string
  /** The vendor's name, for people. */
  title: string
  url: string
  /** The lines of its table in live-agents.toml, without the header. */
  settings: string
  /** Of those lines: nobody may ever see them in a log. */
  secrets: string[]
  /** What `[media] allow` must have: hosts of agents' files, where they lie elsewhere than at `url`. */
  mediaHosts?: string[]
  /** One that the desk serves. */
  department: string
  /** An event tells that a conversation waits for an agent; elsewhere only the answer to its opening does. */
  tellsOfWaiting?: true
  agent: StageAgent
  /** Absent where the agent cannot be played by requests. */
  paste?: AgentPaste
  /** What the agent was shown of the client's words, in order; several conversations one after the other. */
  shown(person: Person): Shown[]
  /** Asks a person whether the agent has read exactly these: only where nobody can look into the desk. Then `shown`,
   *  `conversations`, `faults` and `routes` tell nothing. */
  askAgent?(person: Person, texts: string[]): Promise<boolean>
  /** Everything ever opened for the client. */
  conversations(person: Person): { id: string; open: boolean }[]
  /** Tells the desk where the mediator is. Nothing happens at desks that are read through a link. */
  connect(mediatorUrl: string, desk: string): void
  /** Resolves when the desk has told everything it has to tell. */
  settled(): Promise<void>
  faults: FaultSet
  /** Refuses every connection, until it is up again. */
  power?: { down(): Promise<void>; up(): Promise<void> }
  /** Where faults strike, as globs of paths. Absent where that does not go over HTTP. */
  routes: { open: string; send?: string }
  traps: Traps
  stop(): Promise<void>
}

export type StageAgent = {
  /** As the client is told. */
  name: string
  take(person: Person): Promise<void>
  say(person: Person, text: string): Promise<void>
  /** Absent where agents cannot send files to clients. */
  sendFile?(person: Person, file: AgentFile): Promise<void>
  close(person: Person, comment?: string): Promise<void>
  /** The comment of `close` is passed on to the client; elsewhere agents close without one. */
  closesWithComment?: true
  /** Emoji may be written as shortcodes, `:smile:`, and the client gets the emoji. */
  writesShortcodes?: true
}

/** What a desk does that must not reach the client, or must not be done twice. Absent where a desk cannot do it. */
export type Traps = {
  /** Nobody but the agent can end a conversation. */
  cannotBeClosed?: true
  /** Nothing it takes lets it know an opening that comes again: it opens a second conversation. */
  doublesOpenings?: true
  /** A message that comes again with the same id is shown once. */
  knowsOurIds?: true
  /** It tells the mediator of the client's own words, too. */
  echoes?: true
  /** Words for other agents only. */
  whisper?(person: Person, text: string): Promise<void>
  /** The agent says it once, and the desk tells of it twice, as the same event. */
  sayTwice?(person: Person, text: string): Promise<void>
  /** Something of a kind nobody has documented. */
  unknownEvent?(person: Person): Promise<void>
  /** Something that is not even of the right shape. */
  junk?(person: Person): Promise<void>
  /** The conversation is over at the desk, and the mediator is told nothing. */
  forget?(person: Person): Promise<void>
  /** The agent closes it, or says something, and what tells of it gets lost for good. */
  closeUntold?(person: Person): Promise<void>
  sayUntold?(person: Person, text: string): Promise<void>
  /** Words for a conversation that nobody has opened. */
  sayToNobody?(text: string): Promise<void>
  /** All agents go home, or come back. Then an opening is refused. */
  setAgentOnline?(online: boolean): void
  /** Cuts the connections of a link, once. */
  cut?(): Promise<void>
}
