import { rocketchat } from './rocketchat/index.ts'

/** Every kind of desk. A new one adds its line here and nothing else outside its folder. */
export const deskDefinitions = [rocketchat] as const
