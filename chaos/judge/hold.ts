type Waiting = { resolve(acknowledged: boolean): void; timer: NodeJS.Timeout; quietMs: number }

/** Those who wait for the acknowledgement of a message. */
export type Hold = {
  /** True when released; false when nothing was heard for `quietMs`. One wait for each number. */
  wait(number: number, quietMs: number): Promise<boolean>
  heard(number: number): void
  release(number: number): void
}

export function createHold(): Hold {
  const waiting = new Map<number, Waiting>()
  const end = (number: number, acknowledged: boolean): void => {
    const one = waiting.get(number)
    waiting.delete(number)
    clearTimeout(one?.timer)
    one?.resolve(acknowledged)
  }
  return {
    wait(number, quietMs) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      waiting.set(number, { resolve, quietMs, timer: setTimeout(end, quietMs, number, false) })
      return promise
    },
    heard(number) {
      const one = waiting.get(number)
      if (!one) return
      clearTimeout(one.timer)
      one.timer = setTimeout(end, one.quietMs, number, false)
    },
    release: number => end(number, true),
  }
}
