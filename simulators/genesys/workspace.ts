import type { ChatEvent, ChatListener } from './events.ts'
import type { GenesysOptions } from './options.ts'
import { createPlanted, type Planted } from './planted.ts'
import { defaultSettings, type Settings } from './settings.ts'
import { createState, type State } from './state.ts'
import { createTimers, type Timers } from './timers.ts'

/** What every part of the simulator works on. */
export type Workspace = {
  state: State
  settings: Settings
  contactCenterId: string
  /** `url` is known once the server listens. */
  site: { url: string }
  planted: Planted
  timers: Timers
  now(): number
  listen(listener: ChatListener): void
  tell(event: ChatEvent): void
  newReferenceId(): number
}

export function createWorkspace(options: GenesysOptions): Workspace {
  const listeners: ChatListener[] = []
  let lastReferenceId = 0
  return {
    state: createState(options.agents, options.seats, options.endpoints),
    settings: { ...defaultSettings, ...options.settings },
    contactCenterId: options.contactCenterId ?? 'simulated-contact-center',
    site: { url: '' },
    planted: createPlanted(),
    timers: createTimers(),
    now: options.now ?? Date.now,
    listen: listener => void listeners.push(listener),
    tell: event => {
      for (const listener of listeners) listener(event)
    },
    newReferenceId: () => ++lastReferenceId,
  }
}
