import { hash } from 'node:crypto'
import { seededRandom } from '../simulators/lib/fault-set.ts'

/** All chance of a run: the same seed gives the same choices in the same order. */
export type Random = {
  /** In [0, 1). */
  next(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<Item>(list: readonly Item[]): Item
  /** One of its own, so that who draws more does not change what others draw. */
  fork(name: string): Random
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed)
  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick(list) {
      const item = list[Math.floor(next() * list.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    fork: name => createRandom(seedOf(seed, name)),
  }
}

function seedOf(seed: number, name: string): number {
  return Number.parseInt(hash('sha256', `${seed}/${name}`, 'hex').slice(0, 8), 16)
}
