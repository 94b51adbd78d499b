import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rapidpro, startRapidpro } from '../simulators/rapidpro/index.ts'
import { type Rocketchat, startRocketchat } from '../simulators/rocketchat/index.ts'
import { TEXT_LIMIT, writeConfig } from './config-files.ts'
import { type Mediator, startMediator } from './mediator.ts'
import { findPort } from './ports.ts'

/** Everything that runs: the mediator as a process, and the simulators of both sides. */
export type Stage = {
  mediator: Mediator
  rapidpro: Rapidpro
  rocketchat: Rocketchat
  token: string
  department: string
  /** The UUID of the bot's flow that is started when a conversation ends. */
  endedFlow: string
  stop(): Promise<void>
}

const PORTS = { mediator: 3000, rocketchat: 3100, rapidpro: 3200 }
const TOKEN = 'demo-token'
const WEBHOOK_TOKEN = 'demo-webhook-token'
const DEPARTMENT = 'Support'

/** Starts everything on 127.0.0.1. Leaves nothing behind when that fails or the signal is aborted; then it throws. */
export async function startStage(signal: AbortSignal): Promise<Stage> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return { ...(await build(undo, signal)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function build(undo: (() => Promise<void>)[], signal: AbortSignal): Promise<Omit<Stage, 'stop'>> {
  const folder = makeFolder()
  undo.push(async () => removeFolder(folder))
  const endedFlow = randomUUID()
  const flows = [{ uuid: endedFlow, name: 'After the chat' }]
  const rapidpro = await startRapidpro({
    port: await findPort(PORTS.rapidpro),
    textLimit: TEXT_LIMIT,
    flows,
  })
  undo.push(rapidpro.stop)
  const rocketchat = await startRocketchat(await deskOptions())
  undo.push(rocketchat.stop)
  signal.throwIfAborted()
  writeConfig(folder, {
    rapidpro,
    rocketchat: { url: rocketchat.url, webhookToken: WEBHOOK_TOKEN },
    endedFlow,
  })
  const port = await findPort(PORTS.mediator)
  const mediator = await startMediator({ port, folder, token: TOKEN, signal })
  undo.push(mediator.stop)
  rocketchat.setWebhook(`${mediator.url}/live-agents/sendMessageToClient`, WEBHOOK_TOKEN)
  return { mediator, rapidpro, rocketchat, token: TOKEN, department: DEPARTMENT, endedFlow }
}

/** Conversations wait until an agent takes them. */
async function deskOptions() {
  return {
    port: await findPort(PORTS.rocketchat),
    settings: { API_Enable_Rate_Limiter: false, Livechat_Routing_Method: 'Manual_Selection' as const },
    agents: [{ username: 'ana' }],
    departments: [{ name: DEPARTMENT, agents: ['ana'] }],
  }
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'live-agents-demo-'))
  process.once('exit', () => removeFolder(folder))
  return folder
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
