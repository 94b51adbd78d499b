import type { Shown } from '../simulators/stage.ts'
import type { Client, Trial } from './trial.ts'

/** Waits until the agent has been shown exactly these, in this order. */
export async function agentReads(trial: Trial, { person }: Client, texts: string[]): Promise<void> {
  note(trial, texts)
  const { askAgent } = trial.stage
  if (askAgent) {
    if (await askAgent(person, texts)) return
    throw new Error(`the agent should have read ${JSON.stringify(texts)}`)
  }
  await waitForExactly(trial, 'the agent', () => trial.stage.shown(person).map(toText), texts)
}

export async function clientReads(trial: Trial, client: Client, texts: string[]): Promise<void> {
  note(trial, texts)
  await waitForExactly(trial, 'the client', client.reads, texts)
}

async function waitForExactly(
  trial: Trial,
  who: string,
  read: () => string[],
  texts: string[],
): Promise<void> {
  try {
    await trial.until(`${who} has ${texts.length} messages`, () => read().length >= texts.length)
  } finally {
    const [is, ought] = [read(), texts].map(list => JSON.stringify(list))
    // biome-ignore lint/correctness/noUnsafeFinally: what was read says more than that time is up
    if (is !== ought) throw new Error(`${who} should have read ${ought} and has read ${is}`)
  }
}

function toText({ text, file }: Shown): string {
  return text || `[${file?.type}]`
}

/** Those that could not stand in a log by chance. */
function note({ words }: Trial, texts: string[]): void {
  for (const text of texts) if (text.length >= 10 && text.includes(' ')) words.add(text)
}
