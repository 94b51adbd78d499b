import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { createFaultSet } from '../simulators/lib/fault-set.ts'
import type { DeskStage, Person } from '../simulators/stage.ts'

/** Where an operator's own desk is, from the environment. */
export type LiveSettings = {
  /** The lines of its table in live-agents.toml, without the header. `${NAME}` is filled in from the environment. */
  settings: string
  department: string
  agent: string
  port: number
}

/** Undefined unless CONFORMANCE_SETTINGS names a file: nothing leaves this machine by accident. Throws with what is missing. */
export function readLiveSettings(env: NodeJS.ProcessEnv): LiveSettings | undefined {
  const { CONFORMANCE_SETTINGS: file, CONFORMANCE_DEPARTMENT: department } = env
  if (!file) return undefined
  if (!department)
    throw new Error('CONFORMANCE_DEPARTMENT is not set: name a department that the desk serves')
  return {
    settings: readFileSync(file, 'utf8'),
    department,
    agent: env.CONFORMANCE_AGENT ?? '',
    port: Number(env.CONFORMANCE_PORT ?? 3000),
  }
}

/** A real desk: what its agent does, a person is asked to do; what the agent sees, a person is asked. */
export function startLiveStage(type: string, live: LiveSettings): DeskStage {
  const named = /^\s*type\s*=\s*["']([^"']*)["']/m.exec(live.settings)?.[1]
  if (named !== type)
    throw new Error(
      `the settings are of type "${named ?? ''}", and "${type}" is to be tried: write type = "${type}"`,
    )
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const ask = inTurn(text => terminal.question(text))
  const please = (what: string) => ask(`\n→ ${what}\n  then press Enter `)
  return {
    type,
    title: type,
    url: '',
    settings: live.settings,
    secrets: [],
    department: live.department,
    agent: {
      name: live.agent,
      take: async ({ name }) => void (await please(`take the conversation of ${name}`)),
      say: async ({ name }, text) => void (await please(`write to ${name}, exactly:\n${text}`)),
      close: async ({ name }) => void (await please(`close the conversation of ${name}`)),
    },
    shown: () => [],
    askAgent: (person, texts) => confirm(ask, person, texts),
    conversations: () => [{ id: '', open: true }],
    connect: (_mediator, desk) =>
      void process.stdout.write(
        `If the desk calls us, it must reach this machine at port ${live.port}, path /live-agents/desks/${desk}/events\n`,
      ),
    settled: async () => undefined,
    faults: createFaultSet(),
    routes: { open: '' },
    traps: {},
    stop: async () => terminal.close(),
  }
}

type Ask = (text: string) => Promise<string>

/** A terminal holds one question at a time. */
function inTurn(ask: Ask): Ask {
  let last: Promise<unknown> = Promise.resolve()
  return text => {
    const answer = last.then(() => ask(text))
    last = answer.catch(() => undefined)
    return answer
  }
}

async function confirm(ask: Ask, { name }: Person, texts: string[]): Promise<boolean> {
  const lines = texts.map(text => `    ${JSON.stringify(text)}`).join('\n')
  const answer = await ask(
    `\n? Are these all the words of ${name}, in this order?\n${lines || '    (none)'}\n  y/n `,
  )
  return /^y/i.test(answer)
}
