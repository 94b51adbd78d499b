import { type DiskSide, startDiskSide } from '../world/disk.ts'
import type { Scenario } from './scenario.ts'

const LOOK_EVERY_MS = 100
const FULL_LOOKS = 200

export const disk: Scenario<DiskSide> = {
  name: 'disk',
  about:
    'one process on the embedded store: its disk is full, and has room again; sometimes it is killed meanwhile',
  world: { replicas: 1, startStore: startDiskSide },
  seconds: { short: 6, long: 90 },
  turns: { short: 1, long: 8 },
  async disturb({ world: { store, replicas }, random, short, turn, pause, countRefused, note }) {
    const [replica] = replicas
    if (!replica) throw new Error('no replica')
    await pause(random.between(1_000, short ? 1_500 : 5_000))
    note('the disk is full')
    store.fill(replica.pid)
    // What is left of its log may be written first.
    const before = countRefused()
    for (let i = 0; i < FULL_LOOKS && countRefused() === before; i++) {
      store.topUp()
      await pause(LOOK_EVERY_MS)
    }
    await pause(short ? 1_000 : random.between(1_000, 8_000))
    note('the disk has room again')
    store.clear(replica.pid)
    await pause(short ? 500 : 2_000)
    if (turn % 2 === 0) {
      note('kill')
      replica.kill()
      await pause(2_000)
    }
  },
}
