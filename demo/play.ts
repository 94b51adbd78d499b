import { missedAt } from './abilities.ts'
import type { DeskChoice } from './desk-choice.ts'
import { showLog } from './log-words.ts'
import { perform } from './perform.ts'
import type { Screen } from './screen.ts'
import { CLIENT, scriptFor } from './script.ts'
import { type Stage, startStage } from './stage.ts'
import { showAround, showVisitors } from './visit.ts'

type PlayOptions = {
  desk: DeskChoice
  screen: Screen
  signal: AbortSignal
  pause(ms: number): Promise<void>
  /** Leaves the play out, and only stays up for visitors. */
  noPlay: boolean
  /** Ends after the play, in place of staying up for visitors. */
  once: boolean
}

/** The whole demo. Whatever it started has ended when it resolves or throws. */
export async function play(options: PlayOptions): Promise<void> {
  const { screen, signal, desk, once } = options
  screen.plain(`Starting the mediator, a simulated RapidPro and a simulated desk (${desk.name}) …`)
  const startDesk = desk.start
  const stage = await startStage({ startDesk, forVisitors: !once, signal, remark: screen.plain })
  try {
    introduce(stage, screen)
    if (!options.noPlay) await performAll(stage, options)
    if (!once) await visit(stage, screen, signal)
  } finally {
    screen.plain('\nStopping …')
    await stage.stop()
  }
}

function introduce({ desk, mediator }: Stage, screen: Screen): void {
  for (const one of missedAt(desk)) screen.plain(`Left out, since this desk has none: ${one}.`)
  screen.plain('Dimmed lines tell what the mediator does, from its own log, with a message’s #.\n')
  screen.title(`${CLIENT.name}, on her phone (RapidPro)`, `${desk.agent.name}, at the desk (${desk.title})`)
  showLog(mediator.log, screen)
}

async function performAll(stage: Stage, { screen, signal, pause }: PlayOptions): Promise<void> {
  await perform(scriptFor(stage.desk), { stage, screen, signal, pause })
  screen.event('Everything that was said has arrived, in order, each message once.')
}

async function visit(stage: Stage, screen: Screen, signal: AbortSignal): Promise<void> {
  showAround(stage, screen)
  screen.plain('\nCtrl-C ends it all.')
  await showVisitors(stage, screen, signal)
}
