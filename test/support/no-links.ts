import type { LinkDoor } from '../../src/lib/link-door.ts'

/** For desks that have no links. */
export const noLinks: LinkDoor = {
  ask: async name => {
    throw new Error(`a link "${name}" was asked`)
  },
}
