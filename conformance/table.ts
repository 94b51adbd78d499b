import { stages } from '../simulators/stages.ts'
import { exceptions } from './exceptions.ts'
import { suite } from './suite.ts'

/** Five desks × what they can do, in Markdown: ✓ is a test that passes, – an exception whose reason stands below. */
export function capabilityTable(): string {
  const types = Object.keys(stages)
  const head = `| what is promised | ${types.join(' | ')} |\n| --- |${types.map(() => ' --- |').join('')}`
  const notes: string[] = []
  const rows = suite.map(({ name, promise }) => {
    const cells = types.map(type => cellOf(exceptions[type]?.[name], notes))
    return `| ${promise} (\`${name}\`) | ${cells.join(' | ')} |`
  })
  return [head, ...rows, '', ...notes.map((note, i) => `${i + 1}. ${note}`)].join('\n')
}

function cellOf(reason: string | undefined, notes: string[]): string {
  if (reason === undefined) return '✓'
  if (!notes.includes(reason)) notes.push(reason)
  return `– (${notes.indexOf(reason) + 1})`
}
