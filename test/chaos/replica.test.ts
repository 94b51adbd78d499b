import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Replica, superviseReplica } from '../../chaos/world/replica.ts'
import { findFreePort } from '../support/free-port.ts'

describe('a replica that cannot start', () => {
  const dir = mkdtempSync(join(tmpdir(), 'replica-'))
  let replica: Replica | undefined
  afterEach(async () => {
    await replica?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  it('is found out at once, with the end of its log and the name of the file', async () => {
    const logFile = join(dir, 'replica-0.log')
    const withoutConfiguration = { CONFIG_DIR: dir, DATA_DIR: dir, API_TOKENS: 'token' }
    const port = await findFreePort()
    replica = superviseReplica({ index: 0, port, logFile, env: withoutConfiguration })
    await expect(replica.ready()).rejects.toThrow(
      /replica-0\.log\):\n[\s\S]+live-agents\.toml: cannot be read/,
    )
    expect(replica.crashes).toHaveLength(1)
  })
})
