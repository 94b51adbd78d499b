import { describe, expect, it } from 'vitest'
import { createMemory } from '../../src/lib/memory.ts'

const MEBIBYTE = 1024 * 1024

/** A process of 1,000 MiB of heap in a container of 2,000 MiB. */
function startProcess() {
  const state = { used: 100, garbage: 0, resident: 300, now: 0, collections: 0, limit: 2_000 }
  const memory = createMemory({
    heap: () => ({ used: (state.used + state.garbage) * MEBIBYTE, limit: 1_000 * MEBIBYTE }),
    resident: () => ({ used: state.resident * MEBIBYTE, limit: state.limit * MEBIBYTE }),
    collect() {
      state.garbage = 0
      state.collections += 1
      state.now += 20
    },
    now: () => state.now,
  })
  return { state, memory }
}

describe('how tight memory is', () => {
  it('says nothing while there is room', () => {
    const { state, memory } = startProcess()
    expect(memory.tightness()).toBeUndefined()
    expect(state.collections).toBe(0)
  })

  it('says so before the heap is full', () => {
    const { state, memory } = startProcess()
    state.used = 810
    state.now = 1_000
    expect(memory.tightness()).toBe('810 of 1000 MiB of heap are in use')
  })

  it('says so before the container is full', () => {
    const { state, memory } = startProcess()
    state.resident = 1_850
    state.now = 1_000
    expect(memory.tightness()).toBe('1850 of 2000 MiB of memory are in use')
    state.limit = Number.POSITIVE_INFINITY
    state.now = 2_000
    expect(memory.tightness()).toBeUndefined()
  })

  it('thinks of what is about to come', () => {
    const { memory } = startProcess()
    expect(memory.tightness(600 * MEBIBYTE)).toBeUndefined()
    expect(memory.tightness(750 * MEBIBYTE)).toBe('100 of 1000 MiB of heap are in use')
  })

  it('is not misled by garbage, and collects it seldom', () => {
    const { state, memory } = startProcess()
    state.garbage = 800
    state.now = 1_000
    expect(memory.tightness()).toBeUndefined()
    state.used = 900
    state.now = 1_200
    expect(memory.tightness()).toBeDefined()
    expect(state.collections).toBe(1)
    state.now = 2_100
    expect(memory.tightness()).toBeDefined()
    expect(state.collections).toBe(2)
  })

  it('is over when it is over', () => {
    const { state, memory } = startProcess()
    state.used = 900
    state.now = 1_000
    expect(memory.tightness()).toBeDefined()
    state.used = 200
    expect(memory.tightness()).toBeDefined()
    state.now += 60
    expect(memory.tightness()).toBeUndefined()
  })
})
