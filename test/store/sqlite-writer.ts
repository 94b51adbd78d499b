/**
 * A mediator's worth of writing, to be killed at any moment: opens the store in the directory given, prints `open`, then
 * accepts messages from 16 callers without end, printing the id of each once the store has answered for it.
 */
import { openSqliteStore } from '../../src/store/sqlite/index.ts'
import { OPTIONS, T0, toAgent } from './fixtures.ts'

const store = await openSqliteStore(process.argv[2] ?? '', OPTIONS)
process.stdout.write('open\n')

await Promise.all(Array.from({ length: 16 }, (_, caller) => write(caller)))

async function write(caller: number): Promise<void> {
  for (let count = 0; ; count += 1) {
    const id = `${caller}-${count}`
    await store.accept(toAgent('ana', id), T0)
    process.stdout.write(`${id}\n`)
  }
}
