import type { Case } from './case.ts'
import { abort } from './cases/abort.ts'
import { discretion } from './cases/discretion.ts'
import { door } from './cases/door.ts'
import { ending } from './cases/ending.ts'
import { failures } from './cases/failures.ts'
import { links } from './cases/links.ts'
import { looks } from './cases/looks.ts'
import { media } from './cases/media.ts'
import { talking } from './cases/talking.ts'
import { traps } from './cases/traps.ts'

/** What any desk must do, in the order it is tried. */
export const suite: Case[] = [
  ...talking,
  ...media,
  ...ending,
  ...door,
  ...traps,
  ...failures,
  ...abort,
  ...links,
  ...looks,
  ...discretion,
]
