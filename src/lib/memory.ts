import { totalmem } from 'node:os'
import { constrainedMemory, memoryUsage } from 'node:process'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How near this process is to the end of its memory. */
export type Memory = {
  /**
   * Why no more than what must be should be begun now; undefined while there is room. `bytes` are about to come on top, on
   * the heap. Cheap: what it says may be 50 ms old.
   */
  tightness(bytes?: number): string | undefined
}

/** Both in bytes; Infinity where there is no limit. */
export type Sample = { used: number; limit: number }

export type MemorySource = {
  heap(): Sample
  resident(): Sample
  /** Frees what nobody needs any more, now. */
  collect(): void
  /** Ms, of any beginning. */
  now(): number
}

/** Of the limit. What is above is for what is under way already. */
const FULL_HEAP = 0.8
/** Of the limit of the container, which kills without asking. */
const FULL_RESIDENT = 0.9
const FRESH_MS = 50
/** A collection stops everything; so it is at most this part of the time. */
const COLLECTING_SHARE = 0.05
const COLLECT_EVERY_MS = 1_000

export function createMemory(source: MemorySource): Memory {
  let heap = source.heap()
  let resident = source.resident()
  let looked = source.now()
  let mayCollectAt = looked

  function look(): void {
    heap = source.heap()
    resident = source.resident()
    looked = source.now()
  }
  /** Much of what is counted may be garbage: while all is refused nothing else would ever make V8 look. */
  function collect(): void {
    const began = source.now()
    source.collect()
    look()
    mayCollectAt = looked + Math.max(COLLECT_EVERY_MS, (looked - began) / COLLECTING_SHARE)
  }
  function tooFull(bytes: number): string | undefined {
    if (heap.used + bytes > heap.limit * FULL_HEAP) return describe('heap', heap)
    if (resident.used + bytes > resident.limit * FULL_RESIDENT) return describe('memory', resident)
    return undefined
  }
  return {
    tightness(bytes = 0) {
      if (source.now() - looked > FRESH_MS) look()
      if (tooFull(bytes) && source.now() >= mayCollectAt) collect()
      return tooFull(bytes)
    },
  }
}

const MEBIBYTE = 1024 * 1024

function describe(what: string, { used, limit }: Sample): string {
  const [has, of] = [used, limit].map(bytes => Math.round(bytes / MEBIBYTE))
  return `${has} of ${of} MiB of ${what} are in use`
}

const PROCESS: MemorySource = {
  heap() {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    return { used, limit }
  },
  resident: () => ({ used: memoryUsage.rss(), limit: constrainedMemory() || Number.POSITIVE_INFINITY }),
  collect: () => collectGarbage(),
  now: () => performance.now(),
}

let collectGarbage = (): void => {
  // Node hands out the collector only to who asks for it when the program starts, or like this.
  setFlagsFromString('--expose-gc')
  collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
}

/** A process has but one. */
export const processMemory: Memory = createMemory(PROCESS)

/** All the memory this process may ever have: its container's, or the machine's. In bytes. */
export function roomBytes(): number {
  return Math.min(constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
}
