import { z } from 'zod'

/**
 * What the mediator says in its own name. Empty: nothing is said. `{agent}` stands for the agent's name.
 * The course of the chat is silent by default; failures are told, since somebody is owed to know.
 */
export const textsSchema = z
  .strictObject({
    queued: z.string().default(''),
    joined: z.string().default(''),
    transferred: z.string().default(''),
    ended: z.string().default(''),
    client_delayed: z.string().default('Your message has not reached our agent yet. We keep trying.'),
    client_failed: z.string().default('Your message could not be delivered to our agent.'),
    agent_delayed: z
      .string()
      .default('[system] Your message has not reached the client yet. We keep trying.'),
    agent_failed: z.string().default('[system] Your message could not be delivered to the client.'),
  })
  .prefault({})

export type Texts = z.output<typeof textsSchema>

export function say(text: string, agent: string | undefined): string {
  return text.replaceAll('{agent}', agent ?? '').trim()
}
