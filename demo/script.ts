import type { DeskStage } from '../simulators/stage.ts'
import { type Ability, can } from './abilities.ts'
import { TEXTS } from './config-files.ts'
import { type Picture, picture } from './picture.ts'

/** One moment of the play. `arrives` is what the other side must see; by default the same text. */
export type Step = { pause?: number } & OnlyAt &
  (
    | { do: 'bot-says'; text: string }
    | { do: 'client-says-to-bot'; text: string }
    | { do: 'hand-over'; arrives?: string }
    | { do: 'agent-takes'; arrives: string }
    | { do: 'client-says'; text: string }
    | { do: 'client-sends'; picture: Picture }
    | { do: 'agent-says'; text: string; arrives?: string[] }
    | { do: 'agent-sends'; picture: Picture }
    | { do: 'desk-goes-down' }
    /** Answered "202, kept": the desk is down. */
    | { do: 'client-says-in-vain'; text: string }
    | { do: 'desk-is-back' }
    | { do: 'late-words-arrive'; texts: string[] }
    | { do: 'agent-closes'; comment?: string }
  )

/** Where it is played: at desks with this ability, or at those without. */
type OnlyAt = { needs?: Ability; instead?: Ability }

export const CLIENT = { name: 'María', urn: 'tel:+50255550001' }

const [FIRST, SECOND] = ['Is a second flu dose due already?', 'And may we come on a Saturday?']
const GREETING = 'I am a nurse here. How can I help?'
const GOODBYE = 'See you on Saturday. Goodbye!'

/** Each part of it fits into the limit of one message. */
const LONG_REPLY = [
  'Thank you, the card is easy to read. At six months these are due: the third hexavalent dose, which protects',
  'against six illnesses at once, the third one against polio, and the first flu dose. All of them are free.',
  'Please bring the card, and give her something to drink before you come: it makes it easier for her.',
].join(' ')

/** A client wants a person, gets one, the desk fails in the middle, and nothing is lost; as far as this desk can do it. */
export function scriptFor(desk: DeskStage): Step[] {
  return script(desk.agent.name).filter(
    ({ needs, instead }) => (!needs || can(desk, needs)) && (!instead || !can(desk, instead)),
  )
}

/** For every desk. Pauses are in ms. */
function script(agent: string): Step[] {
  return [
    {
      do: 'bot-says',
      text: 'Hello María, I am the bot of the clinic. Write 1 for our hours, 2 for a person.',
    },
    { do: 'client-says-to-bot', text: '2, please 🙏', pause: 900 },
    { do: 'hand-over', arrives: TEXTS.queued, pause: 600, needs: 'waiting' },
    { do: 'hand-over', pause: 600, instead: 'waiting' },
    { do: 'bot-says', text: TEXTS.queued, pause: 600, instead: 'waiting' },
    { do: 'agent-takes', arrives: TEXTS.joined.replace('{agent}', agent), pause: 1000 },
    {
      do: 'agent-says',
      text: `Good morning María, ${GREETING} :smile:`,
      arrives: [`Good morning María, ${GREETING} 😄`],
      pause: 600,
      needs: 'shortcodes',
    },
    { do: 'agent-says', text: `Good morning María, ${GREETING} 😄`, pause: 600, instead: 'shortcodes' },
    { do: 'client-says', text: 'My daughter is six months old 👶🏽 Which vaccines are due?', pause: 1300 },
    { do: 'client-sends', picture: picture('her-card.png', 'teal'), pause: 900 },
    { do: 'client-says', text: FIRST, pause: 300, instead: 'outage' },
    { do: 'client-says', text: SECOND, pause: 300, instead: 'outage' },
    { do: 'desk-goes-down', pause: 1100, needs: 'outage' },
    { do: 'client-says-in-vain', text: FIRST, pause: 300, needs: 'outage' },
    { do: 'client-says-in-vain', text: SECOND, pause: 300, needs: 'outage' },
    { do: 'desk-is-back', pause: 1200, needs: 'outage' },
    { do: 'agent-says', text: LONG_REPLY, pause: 1500 },
    { do: 'agent-sends', picture: picture('way-to-the-clinic.png', 'amber'), pause: 4500, needs: 'files' },
    { do: 'late-words-arrive', texts: [FIRST, SECOND], needs: 'outage' },
    { do: 'agent-says', text: 'Not yet, that one is next month. Saturdays from 8 to 12 👍', pause: 1500 },
    { do: 'client-says', text: 'Then we come this Saturday. Thank you!', pause: 1200 },
    { do: 'agent-closes', comment: GOODBYE, pause: 1000, needs: 'last-words' },
    { do: 'agent-says', text: GOODBYE, pause: 1000, instead: 'last-words' },
    { do: 'agent-closes', pause: 600, instead: 'last-words' },
    {
      do: 'bot-says',
      text: `This is the bot again. Did ${agent} answer your question? Write yes or no.`,
      pause: 600,
    },
  ]
}
