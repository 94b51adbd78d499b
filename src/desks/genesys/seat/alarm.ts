/** Lets a loop rest until there is something to do. */
export type Alarm = {
  ring(): void
  /** Resolves at the next ring, at once for one that nobody has waited for; at the latest after `ms`, or when aborted. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

export function createAlarm(): Alarm {
  let isRung = false
  let wakeUp: (() => void) | undefined
  return {
    ring() {
      isRung = true
      wakeUp?.()
    },
    async wait(ms, signal) {
      if (!isRung && !signal.aborted) await rest(ms, signal)
      isRung = false
    },
  }

  function rest(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const over = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', over)
        wakeUp = undefined
        resolve()
      }
      const timer = setTimeout(over, ms)
      signal.addEventListener('abort', over)
      wakeUp = over
    })
  }
}
