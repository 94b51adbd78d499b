import { startStage as startAivo } from './aivo/stage.ts'
import { startStage as startChatServer } from './chat-server/stage.ts'
import { startStage as startGenesys } from './genesys/stage.ts'
import { startStage as startRocketchat } from './rocketchat/stage.ts'
import type { DeskStage } from './stage.ts'
import { startStage as startYellow } from './yellow/stage.ts'

/** The desk of each type, with an agent at it. `port` 0: any free one. */
export const stages: Record<string, (port?: number) => Promise<DeskStage>> = {
  rocketchat: startRocketchat,
  yellow: startYellow,
  aivo: startAivo,
  genesys: startGenesys,
  'chat-server': startChatServer,
}
