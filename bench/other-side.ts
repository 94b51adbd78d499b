import { post } from './post.ts'
import { OTHER_CPU, type Running, run } from './processes.ts'

/** RapidPro's and Rocket.Chat's simulators, in a process of their own. `token`: RapidPro's. */
export type OtherSide = { rapidpro: string; token: string; rocketchat: string; process: Running }

export async function startOtherSide(): Promise<OtherSide> {
  const process = await run(OTHER_CPU, 'other-side', {})
  return { ...(JSON.parse(process.line) as Omit<OtherSide, 'process'>), process }
}

/** `fault`: as the simulators take it at `/__faults`. */
export async function breakDesk({ rocketchat }: OtherSide, fault: object): Promise<void> {
  await post(`${rocketchat}/__faults`, fault)
}

export async function mendDesk({ rocketchat }: OtherSide): Promise<void> {
  await fetch(`${rocketchat}/__faults`, { method: 'DELETE' })
}
