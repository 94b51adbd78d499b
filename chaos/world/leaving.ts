/** What must not outlive us, undone in reverse order at the end, at Ctrl-C and at a crash. Must not need the event loop. */
const undoing = new Set<() => void>()
let isArmed = false

/** Registers what is to be undone; returns how to take it back once it has been done in good order. */
export function undoAtExit(undo: () => void): () => void {
  arm()
  undoing.add(undo)
  return () => void undoing.delete(undo)
}

function arm(): void {
  if (isArmed) return
  isArmed = true
  process.once('exit', () => {
    for (const undo of [...undoing].reverse()) undo()
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
}
