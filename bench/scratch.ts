import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that goes when this process does, however it ends. */
export function createScratch(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `mediator-${name}-`))
  process.once('exit', () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}
