import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/**
 * Who may import whom. The first pattern that fits a file counts; `$` in what it may import stands for the same folder
 * name. Packages and node: modules are not our concern here; circles are found by the linter.
 */
const RULES: [who: RegExp, may: string[]][] = [
  [/^domain\//, ['domain/']],
  [/^calendar\//, ['calendar/', 'domain/', 'lib/toml-lines.ts']],
  [/^lib\//, ['lib/', 'domain/errors.ts']],
  [/^(desks|bots)\/registry\.ts$/, ['desks/*/index.ts', 'bots/*/index.ts']],
  [/^(desks|bots)\/[^/]+\.ts$/, ['desks/desk.ts', 'domain/', 'lib/']],
  [/^desks\/([^/]+)\//, ['desks/$/', 'desks/desk.ts', 'desks/template.ts', 'domain/', 'lib/']],
  [/^bots\/([^/]+)\//, ['bots/$/', 'bots/bot.ts', 'domain/', 'lib/']],
  [/^store\/[^/]+\.ts$/, ['domain/', 'store/link-store.ts']],
  [/^store\/([^/]+)\//, ['store/$/', 'store/store.ts', 'store/link-store.ts', 'domain/', 'lib/']],
  [
    /^mediator\//,
    [
      'mediator/',
      'domain/',
      'calendar/',
      'lib/',
      'store/store.ts',
      'store/link-store.ts',
      'desks/desk.ts',
      'bots/bot.ts',
    ],
  ],
  [/^links\//, ['links/', 'domain/', 'lib/', 'store/link-store.ts', 'desks/desk.ts']],
  [
    /^http\//,
    [
      'http/',
      'mediator/',
      'domain/',
      'lib/memory.ts',
      'lib/secret.ts',
      'lib/trace.ts',
      'lib/zod-words.ts',
      'calendar/calendars.ts',
      'desks/desk.ts',
      'bots/bot.ts',
    ],
  ],
  [
    /^config\//,
    ['config/', 'calendar/', 'desks/registry.ts', 'bots/registry.ts', 'domain/', 'lib/', 'mediator/texts.ts'],
  ],
  [/^metrics\.ts$/, ['domain/', 'mediator/meter.ts', 'lib/', 'store/store.ts', 'links/runner.ts']],
  [/^sides\.ts$/, ['bots/', 'desks/', 'config/config.ts', 'lib/', 'metrics.ts']],
  [/^app\.ts$/, ['']],
  [/^main\.ts$/, ['app.ts', 'config/', 'lib/']],
]

const SOURCE = join(import.meta.dirname, '../src')
const IMPORT =
  /(?:import|export)\s[^'"]*?from\s+'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)|^import\s+'(\.[^']+)'/gm

function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8')
  const targets = [...text.matchAll(IMPORT)].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '')
  return targets.map(target => relative(SOURCE, join(SOURCE, dirname(file), target)).replaceAll(sep, '/'))
}

function isAllowed(target: string, may: string[], folder: string): boolean {
  return may.some(pattern => {
    const filled = pattern.replace('$', folder)
    if (!filled.includes('*')) return target.startsWith(filled)
    return new RegExp(`^${filled.replaceAll('.', '\\.').replace('*', '[^/]+')}$`).test(target)
  })
}

function violationsIn(file: string): string[] {
  const rule = RULES.find(([who]) => who.test(file))
  if (!rule) return [`src/${file}: no import rule fits this file; give its folder one`]
  const [who, may] = rule
  const folder = who.exec(file)?.[1] ?? ''
  return importsOf(file)
    .filter(target => target.endsWith('.ts') && !isAllowed(target, may, folder))
    .map(target => `src/${file} must not import src/${target}`)
}

const files = globSync('**/*.ts', { cwd: SOURCE }).map(file => file.replaceAll(sep, '/'))
const violations = files.flatMap(violationsIn)
for (const violation of violations) process.stderr.write(`${violation}\n`)
if (violations.length === 0) process.stdout.write(`import rule: ${files.length} files hold it\n`)
process.exitCode = violations.length === 0 ? 0 : 1
