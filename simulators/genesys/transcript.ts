import type { Chat } from './types.ts'

/** One line as people see it. */
export type Said = {
  index: number
  who: 'customer' | 'agent' | 'system'
  name: string
  text: string
  /** For agents only. */
  whispered?: true
}

const roles = { Customer: 'customer', Agent: 'agent', External: 'system' } as const

export function whatWasSaid({ log }: Chat): Said[] {
  return log.flatMap(({ index, from, text, noticeText, visibility }) => {
    const words = text ?? noticeText
    if (words === undefined) return []
    const whispered = visibility === 'Agents' && ({ whispered: true } as const)
    return { index, who: roles[from.type], name: from.nickname, text: words, ...whispered }
  })
}
