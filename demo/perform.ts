import {
  agentCloses,
  agentSays,
  agentSends,
  agentTakes,
  deskGoesDown,
  deskIsBack,
  lateWordsArrive,
} from './agent-steps.ts'
import { type Cast, NOTICE, type Performance } from './cast.ts'
import {
  botSays,
  clientSays,
  clientSaysInVain,
  clientSaysToBot,
  clientSends,
  handOver,
} from './client-steps.ts'
import { TEXTS } from './config-files.ts'
import { CLIENT, type Step } from './script.ts'
import { watchDesk, watchPhone } from './witness.ts'

type Actors = { [Act in Step['do']]: (cast: Cast, step: Extract<Step, { do: Act }>) => Promise<void> | void }

/** Plays the script, and checks that both sides see what they should. Throws NotSo when they do not. */
export async function perform(script: Step[], performance: Performance): Promise<void> {
  const { stage, signal, pause } = performance
  const client = { uuid: stage.rapidpro.addContact(CLIENT).uuid, name: CLIENT.name }
  const cast: Cast = {
    ...performance,
    client,
    phone: watchPhone(stage, client.uuid, signal),
    window: watchDesk(stage, client, signal),
  }
  const stopShowing = showDelays(cast)
  for (const step of script) {
    await pause(step.pause ?? 0)
    await act(cast, step)
  }
  stopShowing()
  cast.phone.expectNoMore()
  cast.window.expectNoMore()
}

/** The client is told when words are late; that comes at any time, and not at every desk. */
function showDelays({ stage, screen, client }: Cast): () => void {
  return stage.rapidpro.onMessage((contact, { text }) => {
    if (contact === client.uuid && text === TEXTS.delayed) screen.words({ side: 'client', ...NOTICE, text })
  })
}

async function act<Act extends Step['do']>(cast: Cast, step: Extract<Step, { do: Act }>): Promise<void> {
  const play: (cast: Cast, step: Extract<Step, { do: Act }>) => Promise<void> | void = ACTORS[step.do as Act]
  await play(cast, step)
}

const ACTORS: Actors = {
  'bot-says': botSays,
  'client-says-to-bot': clientSaysToBot,
  'hand-over': handOver,
  'agent-takes': agentTakes,
  'client-says': clientSays,
  'client-sends': clientSends,
  'agent-says': agentSays,
  'agent-sends': agentSends,
  'desk-goes-down': deskGoesDown,
  'client-says-in-vain': clientSaysInVain,
  'desk-is-back': deskIsBack,
  'late-words-arrive': lateWordsArrive,
  'agent-closes': agentCloses,
}
