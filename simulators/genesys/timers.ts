/** One running timer per name; starting it again puts it off. */
export type Timers = {
  start(name: string, ms: number, action: () => void): void
  stop(name: string): void
  stopAll(): void
}

export function createTimers(): Timers {
  const running = new Map<string, NodeJS.Timeout>()
  const stop = (name: string) => {
    clearTimeout(running.get(name))
    running.delete(name)
  }
  const start = (name: string, ms: number, action: () => void) => {
    stop(name)
    const timer = setTimeout(() => {
      running.delete(name)
      action()
    }, ms)
    running.set(name, timer.unref())
  }
  return { start, stop, stopAll: () => [...running.keys()].forEach(stop) }
}
