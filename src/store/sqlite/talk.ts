import type { LinkStore } from '../link-store.ts'
import { storeUnavailable } from './group-commit.ts'

type Ear = { channel: string; heard: (text: string) => void }

/** Whoever hears is in this process; all the same nobody is called before `tell` has returned. */
export function createTalk(isOpen: () => boolean): Pick<LinkStore, 'tell' | 'hear'> {
  const ears = new Set<Ear>()
  return {
    async tell(channel, text) {
      checkOpen(isOpen)
      const hearing = [...ears].filter(ear => ear.channel === channel)
      setImmediate(() => {
        for (const ear of hearing) if (isOpen() && ears.has(ear)) tellEar(ear, text)
      })
    },
    async hear(channel, heard) {
      checkOpen(isOpen)
      const ear = { channel, heard }
      ears.add(ear)
      return async () => void ears.delete(ear)
    },
  }
}

function checkOpen(isOpen: () => boolean): void {
  if (!isOpen()) throw storeUnavailable(new Error('the store is closed'))
}

function tellEar({ heard }: Ear, text: string): void {
  try {
    heard(text)
  } catch {
    // It is for whoever hears to report what goes wrong there; the others are told all the same.
  }
}
