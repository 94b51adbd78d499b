import { rapidpro } from './rapidpro/index.ts'

/** Every kind of bot. */
export const botDefinitions = [rapidpro] as const
