import { connect, type Socket } from 'node:net'

/** What a run of load measured. Times in ms. */
export type LoadResult = {
  requests: number
  seconds: number
  latencies: Float64Array
  statuses: Map<number, number>
}

export type LoadOptions = {
  url: string
  connections: number
  seconds: number
  /** The n-th request of all, whole: line, headers and body. */
  request(n: number): string
  /** Requests a second in all; as fast as answers come when absent. */
  rate?: number
}

/**
 * Keep-alive HTTP/1.1 over plain sockets, one request at a time on each: cheap, so that the load generator does not take
 * the processor from what is measured. Latency counts from when a request was due, so that a stall is not left out.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const run = {
    sent: 0,
    latencies: [] as number[],
    statuses: new Map<number, number>(),
    end: performance.now() + options.seconds * 1000,
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: options.connections }, (_, i) => converse(options, run, i)))
  const seconds = (performance.now() - started) / 1000
  return {
    requests: run.latencies.length,
    seconds,
    latencies: Float64Array.from(run.latencies).sort(),
    statuses: run.statuses,
  }
}

type Run = { sent: number; latencies: number[]; statuses: Map<number, number>; end: number }

async function converse(options: LoadOptions, run: Run, index: number): Promise<void> {
  const { hostname, port } = new URL(options.url)
  const socket = connect(Number(port), hostname).setNoDelay(true)
  const answers = readAnswers(socket)
  const gap = options.rate === undefined ? 0 : (1000 * options.connections) / options.rate
  let due = performance.now() + (gap * index) / options.connections
  while (performance.now() < run.end) {
    if (gap > 0) await pauseUntil(due)
    const since = gap > 0 ? due : performance.now()
    socket.write(options.request(run.sent++))
    const status = await answers.next()
    run.latencies.push(performance.now() - since)
    run.statuses.set(status, (run.statuses.get(status) ?? 0) + 1)
    due += gap
  }
  socket.destroy()
}

async function pauseUntil(due: number): Promise<void> {
  const wait = due - performance.now()
  if (wait > 0.5) await new Promise(resolve => setTimeout(resolve, wait))
}

/** One answer after the other: status, and a body of `content-length` bytes that is only skipped. */
function readAnswers(socket: Socket): { next(): Promise<number> } {
  let pending = ''
  let waiting: { resolve(status: number): void; reject(error: Error): void } | undefined
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    pending += chunk
    const head = pending.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = Number(/content-length: (\d+)/i.exec(pending)?.[1] ?? 0)
    if (pending.length < head + 4 + length) return
    const status = Number(pending.slice(9, 12))
    pending = pending.slice(head + 4 + length)
    waiting?.resolve(status)
  })
  socket.on('error', error => waiting?.reject(error))
  socket.on('close', () => waiting?.reject(new Error('the connection was closed')))
  return { next: () => new Promise((resolve, reject) => (waiting = { resolve, reject })) }
}

export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
