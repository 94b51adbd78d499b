import type { Person, Shown } from '../simulators/stage.ts'
import { curlLines, VISITOR } from './curl-lines.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'

/** After the play: prints the addresses and lines to paste. */
export function showAround(stage: Stage, screen: Screen): void {
  const { mediator, desk, rapidpro } = stage
  const look = desk.paste ? `; see ${desk.paste.look.path}` : ''
  screen.plain(`
Everything stays up, for you to try. What you do is shown here too.

${listed([
  ['mediator', mediator.url],
  ['its API', `${mediator.url}/docs`],
  ['its metrics', `${mediator.url}/metrics`],
  [desk.title, `${desk.url}  (simulated${look})`],
  ['RapidPro', `${rapidpro.url}  (simulated; see /__bot/state)`],
])}

Paste these into another terminal:`)
  for (const { does, command } of curlLines(stage)) {
    screen.plain(`${does && `\n# ${does}\n`}${command}`)
  }
}

function listed(places: [name: string, where: string][]): string {
  const width = Math.max(...places.map(([name]) => name.length))
  return places.map(([name, where]) => `  ${name.padEnd(width)}  ${where}`).join('\n')
}

/** Shows what visitors say, as it arrives on the other side, until the signal is aborted. */
export async function showVisitors(stage: Stage, screen: Screen, signal: AbortSignal): Promise<void> {
  const { rapidpro, mediator, desk } = stage
  rapidpro.addContact(VISITOR)
  rapidpro.onMessage((contact, { text, attachments }) => {
    const files = attachments.map(({ content_type }) => `📷 ${content_type}`)
    const shown = [text, ...files].filter(Boolean).join('\n')
    const name = rapidpro.state.contacts.get(contact)?.name ?? 'the client'
    screen.words({ side: 'client', name: `on the phone of ${name}`, text: shown })
  })
  const name = `on the screen of ${desk.agent.name}`
  const readNew = followDesk(stage)
  mediator.log.onLine(() => {
    for (const { text, file } of readNew())
      screen.words({ side: 'agent', name, text: text || `📷 ${file?.type}` })
  })
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Gives, each time, what the agent was shown of all clients since the last time. */
function followDesk({ rapidpro, desk }: Stage): () => Shown[] {
  const seen = new Map<string, number>()
  const newOf = (person: Person) => {
    const shown = desk.shown(person)
    const before = seen.get(person.uuid) ?? 0
    seen.set(person.uuid, shown.length)
    return shown.slice(before)
  }
  const readNew = () =>
    [...rapidpro.state.contacts.values()].flatMap(({ uuid, name }) => newOf({ uuid, name: name ?? '' }))
  readNew()
  return readNew
}
