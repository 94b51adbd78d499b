import { spawnSync } from 'node:child_process'

/** `npm run check`: all of it is run, so that everything that is wrong is seen at once. */
const CHECKS: [what: string, command: string, ...args: string[]][] = [
  ['types', 'tsc', '--noEmit'],
  ['lint and format', 'biome', 'check', '--error-on-warnings', '.'],
  ['import rule', 'node', 'scripts/check-imports.ts'],
  ['unused code', 'knip', '--no-progress'],
  ['OpenAPI drift', 'node', 'scripts/openapi.ts'],
]

const failed = CHECKS.filter(([what, command, ...args]) => {
  process.stdout.write(`── ${what}\n`)
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0
})

const names = failed.map(([what]) => what)
process.stdout.write(names.length === 0 ? 'all checks passed\n' : `failed: ${names.join(', ')}\n`)
process.exitCode = failed.length === 0 ? 0 : 1
