/** Lets so many tasks run at once; the others wait their turn, first come first served. */
export type Slots = {
  run<T>(task: () => Promise<T>): Promise<T>
}

export function createSlots(limit: number): Slots {
  const waiting: (() => void)[] = []
  let taken = 0
  return {
    async run(task) {
      if (taken < limit) taken += 1
      else await new Promise<void>(resolve => waiting.push(resolve))
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        // The place goes straight to the next, so that nobody slips in between.
        if (next) next()
        else taken -= 1
      }
    },
  }
}
