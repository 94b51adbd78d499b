import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Rapidpro, type RapidproOptions, startRapidpro } from '../simulators/rapidpro/index.ts'
import type { DeskStage } from '../simulators/stage.ts'
import { TEXT_LIMIT, writeConfig } from './config-files.ts'
import { type Mediator, startMediator } from './mediator.ts'
import { startOnPort } from './ports.ts'

/** Everything that runs: the mediator as a process, and the simulators of both sides. The desk is named after its type. */
export type Stage = {
  mediator: Mediator
  rapidpro: Rapidpro
  desk: DeskStage
  token: string
  /** The UUID of the bot's flow that is started when a conversation ends. */
  endedFlow: string
  stop(): Promise<void>
}

type Undo = (() => Promise<void>)[]

const USUAL_PORTS = { mediator: 3000, desk: 3100, rapidpro: 3200 }
/** Nobody takes these while the desk is down. */
const ANY_PORTS = { mediator: 0, desk: 0, rapidpro: 0 }
const TOKEN = 'demo-token'

type StageOptions = {
  /** One of the simulated desks. */
  startDesk(port: number): Promise<DeskStage>
  /** Visitors find everything at the usual ports, as far as these are free. */
  forVisitors: boolean
  signal: AbortSignal
  remark(text: string): void
}

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

async function build(
  undo: Undo,
  { startDesk, forVisitors, signal, remark }: StageOptions,
): Promise<Omit<Stage, 'stop'>> {
  const ports = forVisitors ? USUAL_PORTS : ANY_PORTS
  const folder = makeFolder()
  undo.push(async () => removeFolder(folder))
  const endedFlow = randomUUID()
  const rapidpro = await startOnPort(ports.rapidpro, remark, port =>
    startRapidpro(botOptions(port, endedFlow)),
  )
  undo.push(rapidpro.stop)
  const desk = await startOnPort(ports.desk, remark, startDesk)
  undo.push(desk.stop)
  writeConfig(folder, { rapidpro, desk, endedFlow })
  const mediator = await startOnPort(ports.mediator, remark, port =>
    startMediator({ port, folder, token: TOKEN, signal }),
  )
  undo.push(mediator.stop)
  desk.connect(mediator.url, desk.type)
  return { mediator, rapidpro, desk, token: TOKEN, endedFlow }
}

function botOptions(port: number, endedFlow: string): RapidproOptions {
  return { port, textLimit: TEXT_LIMIT, flows: [{ uuid: endedFlow, name: 'After the chat' }] }
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'live-agents-demo-'))
  process.once('exit', () => removeFolder(folder))
  return folder
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
