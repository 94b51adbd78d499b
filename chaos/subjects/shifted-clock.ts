import { readFileSync } from 'node:fs'

/**
 * Loaded before a replica's own code: its wall clock is off by as many ms as the file CLOCK_FILE says at the moment, as
 * on a machine whose clock was set. Timers and the monotonic clock go on as they are.
 */
const file = process.env.CLOCK_FILE ?? ''
const READ_EVERY_MS = 100
let offset = readOffset()
setInterval(() => {
  offset = readOffset()
}, READ_EVERY_MS).unref()

const RealDate = Date
const now = (): number => RealDate.now() + offset

globalThis.Date = new Proxy(RealDate, {
  construct: (_, args, target) =>
    Reflect.construct(RealDate, args.length === 0 ? [now()] : args, target === Date ? RealDate : target),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})

function readOffset(): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0
  } catch {
    return 0
  }
}
