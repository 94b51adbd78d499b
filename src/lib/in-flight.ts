/** Calls that are under way, each with the moment it must be over and the signal that stops it early. */
export type InFlight = {
  add(call: FlyingCall): void
  remove(call: FlyingCall): void
}

export type FlyingCall = {
  /** `performance.now()` ms. */
  deadline: number
  signal: AbortSignal
  abort(): void
}

/** How late a call may be stopped, in ms. */
const LOOK_EVERY_MS = 50

/** One timer for all: a timer, a controller and listeners of its own would cost every call more than its JSON does. */
export function createInFlight(): InFlight {
  const flying = new Set<FlyingCall>()
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    const now = performance.now()
    for (const call of flying) if (call.signal.aborted || now > call.deadline) call.abort()
    if (flying.size === 0) rest()
  }
  const rest = (): void => {
    clearInterval(timer)
    timer = undefined
  }
  return {
    add(call) {
      flying.add(call)
      timer ??= setInterval(look, LOOK_EVERY_MS)
    },
    remove: call => void flying.delete(call),
  }
}
