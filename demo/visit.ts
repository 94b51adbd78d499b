import type { Message } from '../simulators/rocketchat/index.ts'
import { curlLines, VISITOR } from './curl-lines.ts'
import type { Screen } from './screen.ts'
import { AGENT } from './script.ts'
import type { Stage } from './stage.ts'

/** After the play: prints the addresses and lines to paste. */
export function showAround(stage: Stage, screen: Screen): void {
  const { mediator, rocketchat, rapidpro } = stage
  screen.plain(`
Everything stays up, for you to try. What you do is shown here too.

  mediator     ${mediator.url}
  its API      ${mediator.url}/docs
  its metrics  ${mediator.url}/metrics
  Rocket.Chat  ${rocketchat.url}  (simulated; see /__desk/rooms)
  RapidPro     ${rapidpro.url}  (simulated; see /__bot/state)

Paste these into another terminal:`)
  for (const { does, command } of curlLines(stage)) {
    screen.plain(`${does && `\n# ${does}\n`}${command}`)
  }
}

/** Shows what visitors say, as it arrives on the other side, until the signal is aborted. */
export async function showVisitors(stage: Stage, screen: Screen, signal: AbortSignal): Promise<void> {
  const { rapidpro, rocketchat } = stage
  rapidpro.addContact(VISITOR)
  const seen = new Set(rocketchat.state.messages.keys())
  rapidpro.onMessage((contact, { text, attachments }) => {
    const files = attachments.map(({ content_type }) => `📷 ${content_type}`)
    const shown = [text, ...files].filter(Boolean).join('\n')
    const name = rapidpro.state.contacts.get(contact)?.name ?? 'the client'
    screen.words({ side: 'client', name: `on the phone of ${name}`, text: shown })
  })
  stage.mediator.log.onLine(() => {
    for (const message of rocketchat.state.messages.values()) {
      if (!seen.has(message._id) && message.token && !message.t) showAtDesk(screen, message)
      seen.add(message._id)
    }
  })
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function showAtDesk(screen: Screen, { msg, file }: Message): void {
  screen.words({ side: 'agent', name: `on the screen of ${AGENT}`, text: msg || `📷 ${file?.name}` })
}
