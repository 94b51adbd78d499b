import { z } from 'zod'

/**
 * Where and how often a fault strikes.
 * `route` is the request's path, or the name of a webhook, with `*` for any run of characters (default `*`);
 * `method` an HTTP method; `times` how often it strikes before it is spent (default: always);
 * `probability` 0–1 of striking on a match (default 1), drawn from a generator started with `seed`.
 */
const where = {
  route: z.string().optional(),
  method: z.string().optional(),
  times: z.int().positive().optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
}
const ms = z.number().nonnegative()
const plain = <Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind), ...where })
const timed = <Kind extends string>(kind: Kind) => z.strictObject({ kind: z.literal(kind), ms, ...where })

export const faultSchema = z.discriminatedUnion('kind', [
  timed('slow'),
  plain('stall'),
  z.strictObject({ kind: z.literal('too-many-requests'), resetMs: ms, ...where }),
  plain('server-error'),
  plain('bad-gateway'),
  plain('reset-before'),
  plain('reset-after'),
  plain('half-json'),
  timed('slow-drip'),
  plain('duplicate'),
  plain('reorder'),
  plain('drop'),
  timed('delay'),
])

/**
 * What goes wrong. On requests: `slow` answers after `ms`, `stall` never, `too-many-requests` is a 429 that
 * lasts `resetMs`, `server-error` a 500 in plain text, `bad-gateway` a 502 in HTML, `reset-before` cuts the
 * connection before the handler runs, `reset-after` once it has run, `half-json` sends the first half of the
 * answer, `slow-drip` a byte of it every `ms`. On webhooks: `duplicate` sends twice, `reorder` sends after the next
 * one, `drop` never, `delay` after `ms`.
 */
export type Fault = z.infer<typeof faultSchema>
export type FaultStage = 'before' | 'after' | 'webhook'
type PlantedFault = Fault & { id: string; fired: number }
type Planted = { fault: PlantedFault; pattern: RegExp; random: () => number }

const stages: Record<Fault['kind'], FaultStage> = {
  slow: 'before',
  stall: 'before',
  'too-many-requests': 'before',
  'server-error': 'before',
  'bad-gateway': 'before',
  'reset-before': 'before',
  'reset-after': 'after',
  'half-json': 'after',
  'slow-drip': 'after',
  duplicate: 'webhook',
  reorder: 'webhook',
  drop: 'webhook',
  delay: 'webhook',
}

/** The faults planted at the moment, in the order they were planted. */
export type FaultSet = {
  /** Plants a fault and returns its id. Throws a ZodError on one that does not make sense. */
  add(fault: Fault): string
  remove(id: string): boolean
  clear(): void
  list(): PlantedFault[]
  /** The faults that strike now; each is counted as fired. `method` is empty for webhooks. */
  strike(stage: FaultStage, method: string, name: string): Fault[]
}

export function createFaultSet(): FaultSet {
  const planted = new Map<string, Planted>()
  let lastId = 0
  return {
    add(fault) {
      const id = `fault-${++lastId}`
      planted.set(id, plant(id, faultSchema.parse(fault)))
      return id
    },
    remove: id => planted.delete(id),
    clear: () => planted.clear(),
    list: () => [...planted.values()].map(({ fault }) => ({ ...fault })),
    strike: (stage, method, name) =>
      planted.size === 0
        ? []
        : [...planted.values()].filter(one => strikes(one, stage, method, name)).map(fire),
  }
}

function plant(id: string, fault: Fault): Planted {
  return {
    fault: { ...fault, id, fired: 0 },
    pattern: globToPattern(fault.route ?? '*'),
    random: seededRandom(fault.seed ?? 1),
  }
}

function strikes(
  { fault, pattern, random }: Planted,
  stage: FaultStage,
  method: string,
  name: string,
): boolean {
  if (stages[fault.kind] !== stage || !pattern.test(name)) return false
  if (fault.method && fault.method.toUpperCase() !== method) return false
  if (fault.times !== undefined && fault.fired >= fault.times) return false
  return fault.probability === undefined || random() < fault.probability
}

function fire({ fault }: Planted): Fault {
  fault.fired += 1
  return fault
}

function globToPattern(glob: string): RegExp {
  const parts = glob.split('*').map(part => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** Mulberry32: the same seed gives the same run of numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
