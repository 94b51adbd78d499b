import type { Bot } from '../bots/bot.ts'
import type { Desk } from '../desks/desk.ts'

/** The two sides, by their configured names. */
export type Sides = {
  desk(name: string): Desk
  bot(name: string): Bot
}
