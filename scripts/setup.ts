/**
 * `npm run setup`: makes sure that a real Redis server is on this machine, for the tests. Installs one with the system's
 * package manager where it may; otherwise says what to do by hand and exits with 1.
 */
import { spawnSync } from 'node:child_process'
import { findRedisServer } from '../test/support/redis-server.ts'

const LOOKED_FOR =
  'Looked for redis-server and valkey-server: in REDIS_SERVER, on PATH, in /usr/bin and /usr/local/bin.'

const BY_HAND = `By hand: install Redis (7 or later) or Valkey, for example
  Debian, Ubuntu   sudo apt-get install redis-server
  Fedora, RHEL     sudo dnf install valkey
  Alpine           sudo apk add redis
  macOS            brew install redis
or set REDIS_SERVER to the full path of a redis-server or valkey-server program, and run this again.`

/** Debian starts a service when it is installed, unless a policy forbids it; the tests start servers of their own. */
const APT = `
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy" && chmod 755 "$policy" && trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y redis-server || apt-get install -y valkey-server`

type Installer = { program: string; script: string; asRoot: boolean }

const INSTALLERS: Installer[] = [
  { program: 'apt-get', script: APT, asRoot: true },
  { program: 'dnf', script: 'dnf install -y valkey || dnf install -y redis', asRoot: true },
  { program: 'apk', script: 'apk add redis || apk add valkey', asRoot: true },
  { program: 'brew', script: 'brew install redis', asRoot: false },
]

/** Names the server found, with its version. */
function report(): boolean {
  const program = findRedisServer()
  if (!program) return false
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if (status !== 0) return complain(`${program} does not run.`)
  console.log(`Redis server for the tests: ${program} (${stdout.trim()})`)
  return true
}

function install(): boolean {
  const installer = INSTALLERS.find(({ program }) => succeeds('sh', ['-c', `command -v ${program}`]))
  if (!installer) return complain('No package manager known here (apt-get, dnf, apk, brew).')
  const prefix = findPrefix(installer)
  if (!prefix) return complain(`Installing with ${installer.program} needs root, or sudo without a password.`)
  console.log(`${LOOKED_FOR}\nNone found. Installing one with ${installer.program}.`)
  const [command = 'sh', ...args] = [...prefix, 'sh', '-c', installer.script]
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  return status === 0 || complain(`${installer.program} could not install it.`)
}

/** What to put before the command to run it with the rights it needs; undefined: we have none. */
function findPrefix({ asRoot }: Installer): string[] | undefined {
  if (!asRoot || process.getuid?.() === 0) return []
  return succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Says why it did not work; the answer of the step that failed. */
function complain(problem: string): false {
  console.error(problem)
  return false
}

/** A REDIS_SERVER that does not work is the user's to mend: another server would hide the mistake. */
function setUp(): boolean {
  if (report()) return true
  if (process.env.REDIS_SERVER) return complain(`REDIS_SERVER is ${process.env.REDIS_SERVER}.`)
  return install() && report()
}

if (!setUp()) {
  console.error(`No Redis server for the tests. ${LOOKED_FOR}\n${BY_HAND}`)
  process.exitCode = 1
}
