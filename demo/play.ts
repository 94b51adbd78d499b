import { showLog } from './log-words.ts'
import { perform } from './perform.ts'
import type { Screen } from './screen.ts'
import { AGENT, CLIENT, SCRIPT } from './script.ts'
import { type Stage, startStage } from './stage.ts'
import { showAround, showVisitors } from './visit.ts'

export type PlayOptions = {
  screen: Screen
  signal: AbortSignal
  pause(ms: number): Promise<void>
  /** Ends after the play, in place of staying up for visitors. */
  once: boolean
}

/** The whole demo. Whatever it started has ended when it resolves or throws. */
export async function play({ screen, signal, pause, once }: PlayOptions): Promise<void> {
  screen.plain('Starting the mediator, a simulated RapidPro and a simulated Rocket.Chat …')
  const stage = await startStage(signal)
  try {
    introduce(stage, screen)
    await perform(SCRIPT, { stage, screen, signal, pause })
    screen.event('Everything that was said has arrived, in order, each message once.')
    showAround(stage, screen)
    if (!once) await visit(stage, screen, signal)
  } finally {
    screen.plain('\nStopping …')
    await stage.stop()
  }
}

function introduce(stage: Stage, screen: Screen): void {
  screen.plain('Dimmed lines are the mediator’s own log; #1, #2 … are the messages they are about.\n')
  screen.title(`${CLIENT.name}, on her phone (RapidPro)`, `${AGENT}, at the desk (Rocket.Chat)`)
  showLog(stage.mediator.log, screen)
}

async function visit(stage: Stage, screen: Screen, signal: AbortSignal): Promise<void> {
  screen.plain('\nCtrl-C ends it all.')
  await showVisitors(stage, screen, signal)
}
