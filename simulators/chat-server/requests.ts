import { z } from 'zod'
import { endConversation } from './conversations.ts'
import type { Heard } from './core.ts'
import { handOffToAgent } from './routing.ts'

const connector = z.looseObject({ id: z.string(), name: z.string(), channel: z.string() })
const named = z.looseObject({ conversationId: z.string() })

/** `registerConnector`: its id must be its channel. */
export function register({ core, wire, payload }: Heard): void {
  const said = connector.safeParse(payload)
  const isAccepted = said.success && said.data.id === said.data.channel
  if (said.success) {
    const { id, name, channel } = said.data
    core.state.connectors.push({ socket: wire.id, id, name, channel, isAccepted })
  }
  if (!isAccepted && core.settings.badConnector === 'disconnect') wire.disconnect(true)
}

/** `endConversation`: one that is over or unknown is passed over. */
export function finish({ core, payload }: Heard): void {
  const said = named.safeParse(payload)
  const conversation = said.success ? core.state.conversations.get(said.data.conversationId) : undefined
  if (!conversation?.isOpen) return
  endConversation(core, conversation, 'customer')
}

/** `requestAgentTransfer`: with the routing `on-request` an agent comes in, otherwise nothing happens. */
export function requestTransfer({ core, wire, payload }: Heard): void {
  const said = named.safeParse(payload)
  const conversation = said.success ? core.state.conversations.get(said.data.conversationId) : undefined
  if (!conversation?.members.has(wire.id) || core.settings.routing !== 'on-request') return
  handOffToAgent(core, conversation)
}
