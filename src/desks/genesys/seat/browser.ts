/**
 * The CometD library was written for browsers: all over its code it looks for things of a global `window`. It is given one
 * of our own, and only while its code runs, which never waits: nobody else can ever see it.
 */
const WINDOW = {
  setTimeout: (run: () => void, ms: number) => setTimeout(() => inBrowser(run), ms).unref(),
  clearTimeout: (timer: NodeJS.Timeout) => clearTimeout(timer),
}

/** Runs code of the library, or code that calls it. */
export function inBrowser<T>(run: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'window')
  Object.defineProperty(globalThis, 'window', { value: WINDOW, configurable: true, writable: true })
  try {
    return run()
  } finally {
    if (before) Object.defineProperty(globalThis, 'window', before)
    else Reflect.deleteProperty(globalThis, 'window')
  }
}

/** For what the library calls back: runs it a moment later, outside. */
export function outOfBrowser<Given extends unknown[]>(run: (...given: Given) => void) {
  return (...given: Given): void => queueMicrotask(() => run(...given))
}
