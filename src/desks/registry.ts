import { aivo } from './aivo/index.ts'
import { chatServer } from './chat-server/index.ts'
import { genesys } from './genesys/index.ts'
import { rocketchat } from './rocketchat/index.ts'
import { yellow } from './yellow/index.ts'

/** Every kind of desk. A new one adds its line here and nothing else outside its folder. */
export const deskDefinitions = [rocketchat, yellow, aivo, genesys, chatServer] as const
