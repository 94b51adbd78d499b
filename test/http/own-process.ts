import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  API_TOKEN,
  type MediatorOptions,
  type MediatorProcess,
  startMediator,
} from '../support/mediator-process.ts'
import type { World } from '../support/world.ts'

type Written = {
  rapidpro?: { url: string; token: string }
  rocketchat?: { url: string }
  /** In place of the usual live-agents.toml. */
  toml?: string
  /** Further files, name → text. */
  files?: Record<string, string>
}

const NOBODY = 'http://127.0.0.1:9'

/** A configuration folder for processes that are started outside a world. */
export function writeConfiguration(dir: string, written: Written = {}): void {
  const { rapidpro = { url: NOBODY, token: 'rapidpro-token' }, rocketchat = { url: NOBODY } } = written
  const usual = `
[bots.rapidpro]
type = "rapidpro"
url = "${rapidpro.url}"
token = "${rapidpro.token}"
[desks.rocketchat]
type = "rocketchat"
url = "${rocketchat.url}"
webhook_token = "some-webhook-token"
rate_limits = "off"
`
  writeFileSync(join(dir, 'live-agents.toml'), written.toml ?? usual)
  for (const [name, text] of Object.entries(written.files ?? {})) writeFileSync(join(dir, name), text)
}

/** Calls a process like a world calls its own. */
export function atMediator(url: string): World['call'] {
  return async (method, path, body, headers) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Token ${API_TOKEN}`, ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } }
  }
}

/** Runs `use` with a configuration folder of its own, and removes that with all that was put into it. */
export async function inFolder<T>(written: Written, use: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'mediator-start-'))
  try {
    writeConfiguration(dir, written)
    return await use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Starts a process that must end by itself, and gives its exit code and everything it printed. */
export async function startInVain(
  dir: string,
  options: Partial<MediatorOptions> = {},
): Promise<{ code: number; printed: string }> {
  const process = startMediator({ configDir: dir, dataDir: join(dir, 'data'), ...options })
  const message = await process.then(stopUnwanted, error => String(error.message))
  const [, code, printed = ''] = /^the mediator ended with (\d+):\n([\s\S]*)$/.exec(message) ?? []
  if (code === undefined) throw new Error(message)
  return { code: Number(code), printed }
}

async function stopUnwanted(process: MediatorProcess): Promise<string> {
  await process.stop()
  return `the mediator started all the same:\n${process.text()}`
}
