import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rapidpro, type RapidproOptions, startRapidpro } from '../simulators/rapidpro/index.ts'
import { type Rocketchat, type RocketchatOptions, startRocketchat } from '../simulators/rocketchat/index.ts'
import { TEXT_LIMIT, writeConfig } from './config-files.ts'
import { type Mediator, startMediator } from './mediator.ts'
import { startOnPort } from './ports.ts'

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

type Undo = (() => Promise<void>)[]

const PORTS = { mediator: 3000, rocketchat: 3100, rapidpro: 3200 }
const TOKEN = 'demo-token'
const WEBHOOK_TOKEN = 'demo-webhook-token'
const DEPARTMENT = 'Support'

type StageOptions = { signal: AbortSignal; remark(text: string): void }

/** Starts everything on 127.0.0.1. Leaves nothing behind when that fails or the signal is aborted; then it throws. */
export async function startStage(options: StageOptions): Promise<Stage> {
  const undo: Undo = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    return { ...(await build(undo, options)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function build(undo: Undo, { signal, remark }: StageOptions): Promise<Omit<Stage, 'stop'>> {
  const folder = makeFolder()
  undo.push(async () => removeFolder(folder))
  const endedFlow = randomUUID()
  const rapidpro = await startOnPort(PORTS.rapidpro, remark, port =>
    startRapidpro(botOptions(port, endedFlow)),
  )
  undo.push(rapidpro.stop)
  const rocketchat = await startOnPort(PORTS.rocketchat, remark, port => startRocketchat(deskOptions(port)))
  undo.push(rocketchat.stop)
  const places = { rapidpro, rocketchat: { url: rocketchat.url, webhookToken: WEBHOOK_TOKEN }, endedFlow }
  writeConfig(folder, places)
  const mediator = await startOnPort(PORTS.mediator, remark, port =>
    startMediator({ port, folder, token: TOKEN, signal }),
  )
  undo.push(mediator.stop)
  rocketchat.setWebhook(`${mediator.url}/live-agents/sendMessageToClient`, WEBHOOK_TOKEN)
  return { mediator, rapidpro, rocketchat, token: TOKEN, department: DEPARTMENT, endedFlow }
}

function botOptions(port: number, endedFlow: string): RapidproOptions {
  return { port, textLimit: TEXT_LIMIT, flows: [{ uuid: endedFlow, name: 'After the chat' }] }
}

/** Conversations wait until an agent takes them. */
function deskOptions(port: number): RocketchatOptions {
  return {
    port,
    settings: { API_Enable_Rate_Limiter: false, Livechat_Routing_Method: 'Manual_Selection' },
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
