const bucketMs = 5 * 60_000
const repeatsAllowed = 20

export type LoopGuard = {
  /** Counts the text for the contact; true once it has been sent too often in the current five minutes. */
  repeats(contact: string, text: string): boolean
}

/** mailroom `core/models/msgs.go` (`msgRepetitionLimit`): 20 in a bucket of five minutes pass. */
export function createLoopGuard(now: () => number): LoopGuard {
  let bucket = 0
  const counts = new Map<string, number>()
  return {
    repeats: (contact, text) => {
      const current = Math.floor(now() / bucketMs)
      if (current !== bucket) counts.clear()
      bucket = current
      const key = `${contact} ${text}`
      const sent = (counts.get(key) ?? 0) + 1
      counts.set(key, sent)
      return sent > repeatsAllowed
    },
  }
}
