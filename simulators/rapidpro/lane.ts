/** Things that happen to one contact happen one at a time, as under mailroom's lock. */
export type Lane = {
  /** Runs the work once everything queued before it for the same contact is done. */
  run<Result>(contact: string, work: () => Promise<Result> | Result): Promise<Result>
}

export function createLane(): Lane {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run: (contact, work) => {
      const turn = (tails.get(contact) ?? Promise.resolve()).then(work)
      const tail = turn
        .catch(() => {})
        .finally(() => {
          if (tails.get(contact) === tail) tails.delete(contact)
        })
      tails.set(contact, tail)
      return turn
    },
  }
}
