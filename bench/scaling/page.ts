import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'

const PAGE = new URL('../../docs/scaling.md', import.meta.url)
const [BEGIN, END] = ['<!-- scaling:begin -->', '<!-- scaling:end -->']

/** When, of what, on what and how it was measured. */
export function heading(redisVersion: string, command: string, minutes: number): string {
  const day = new Date().toISOString().slice(0, 10)
  const processors = `${cpus().length} × ${cpus()[0]?.model.trim() || 'an unnamed processor'}`
  const versions = `Node ${process.versions.node}, Redis ${redisVersion}`
  const how = `\`${command}\`, ${Math.ceil(minutes)} minutes`
  return `Measured on ${day} at commit ${commit()}, ${processors}, ${versions}; ${how}. Medians.`
}

function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src') && ' with changes')
  } catch {
    return 'unknown'
  }
}

/** Puts the figures between the page's markers. Throws when they are not there. */
export function writePage(figures: string): void {
  const page = readFileSync(PAGE, 'utf8')
  const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`docs/scaling.md has no ${BEGIN} … ${END}`)
  writeFileSync(PAGE, `${page.slice(0, start + BEGIN.length)}\n\n${figures}\n\n${page.slice(end)}`)
}
