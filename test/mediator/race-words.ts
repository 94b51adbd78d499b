/**
 * What may happen to one client and its agent, a letter each:
 *
 * - C: the client says something.
 * - A: the agent says something; where no room is open, an event of the last one comes late.
 * - X: the agent closes; where no room is open, the desk tells of the end again, under another id.
 * - D: the bot deletes the session.
 * - T: time is up, in one cast the session idles out, in the other the desk does not answer its next call, which it carries out.
 * - R: once more: whoever called last repeats the call, then what waits for its retry is tried again, and the next call of
 *   a side fails.
 */
export const LETTERS = ['C', 'A', 'X', 'D', 'T', 'R'] as const

/** What is done with the calls under way between two steps: none is let through, the oldest, or the newest. */
export type Choice = '-' | 'o' | 'n'

export type Plan = {
  word: string
  /** What T means. */
  time: 'idle' | 'silent'
  /** Whether the client, told that there is no conversation, asks for an agent again. */
  returns: boolean
  /** Undefined: every step runs to rest. */
  gated?: { at: 'going' | 'coming'; choices: Choice[]; last: 'o' | 'n' }
}

type Cast = Pick<Plan, 'time' | 'returns'>

const IDLING: Cast = { time: 'idle', returns: false }
const SILENT: Cast = { time: 'silent', returns: true }

/** All words of `shortest` to `longest` letters. */
export function wordsOf(letters: readonly string[], shortest: number, longest: number): string[] {
  const words: string[][] = [['']]
  for (let length = 1; length <= longest; length += 1)
    words.push((words[length - 1] ?? []).flatMap(word => letters.map(letter => word + letter)))
  return words.slice(shortest).flat()
}

/** Lived alike by both casts: no time is up, and nobody who could ask for an agent again is refused. */
const isSameInBoth = (word: string): boolean => !/T|[XD].*C/.test(word)
/** A desk that is told to be silent twice in a row, or when nothing follows, is as it was. */
const saysNothingNew = (word: string): boolean => /TT|T$/.test(word)

/** Every word; of the second cast without those that are lived just as a shorter one, or as in the first cast. */
export function plainPlans(longest: number): Plan[] {
  const words = wordsOf(LETTERS, 1, longest)
  const others = words.filter(word => !isSameInBoth(word) && !saysNothingNew(word))
  return [...words.map(word => ({ ...IDLING, word })), ...others.map(word => ({ ...SILENT, word }))]
}

/** How calls cross: what may be let through in each gap between two steps, and the orders for what is left at the end. */
export type Crossing = { gaps: readonly Choice[]; orders: readonly ('o' | 'n')[] }

/** Each word with each crossing, its calls waiting on their way, or with their answers. */
export function gatedPlans(words: string[], crossing: Crossing): Plan[] {
  const others = words.filter(word => !isSameInBoth(word))
  return [
    ...words.flatMap(word => crossingsOf({ ...IDLING, word }, crossing)),
    ...others.flatMap(word => crossingsOf({ ...SILENT, word }, crossing)),
  ]
}

function crossingsOf(plan: Plan, { gaps, orders }: Crossing): Plan[] {
  // In the first gap there is one call at most: the oldest is the newest.
  const first = gaps.filter(choice => choice !== 'n')
  const later = wordsOf(gaps, plan.word.length - 2, plan.word.length - 2)
  const choices = first.flatMap(choice => later.map(more => [choice, ...more] as Choice[]))
  return (['going', 'coming'] as const).flatMap(at =>
    choices.flatMap(one => orders.map(last => ({ ...plan, gated: { at, choices: one, last } }))),
  )
}

/** Plans for which time passes at the same steps, so that they can live by one clock; at most `most` in each. */
export function byClock(plans: Plan[], most: number): Plan[][] {
  const groups = Map.groupBy(plans, ({ word, time }) => {
    const passing = time === 'idle' ? /[^TR]/g : /[^R]/g
    return `${time} ${word.replace(passing, '.')}`
  })
  return [...groups.values()].flatMap(group =>
    Array.from({ length: Math.ceil(group.length / most) }, (_, n) => group.slice(n * most, (n + 1) * most)),
  )
}
