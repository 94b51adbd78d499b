/** Shut or open; whoever waits for it to open is told. */
export type Gate = {
  isShut(): boolean
  opened(): Promise<void>
  shut(): void
  open(): void
}

export function createGate(): Gate {
  let shut: PromiseWithResolvers<void> | undefined
  return {
    isShut: () => shut !== undefined,
    opened: async () => shut?.promise,
    shut() {
      shut ??= Promise.withResolvers<void>()
    },
    open() {
      shut?.resolve()
      shut = undefined
    },
  }
}
