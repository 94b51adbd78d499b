import { expect, it } from 'vitest'
import { watchRecovery } from '../../src/lib/recovery.ts'

const none = undefined

it.each([
  ['nothing was wrong', [200, 201], 0],
  ['a bad moment is over', [500, none, 200, 503, 200], 0],
  ['several calls in a row had failed', [none, 500, none, 200], 1],
  ['a token is taken again', [401, 401, 403, 201], 1],
  ['what is refused for its own sake is neither', [404, 400, 409, 429, 200], 0],
  ['nor does it end a trouble', [500, 500, 404, 500, 404, 200], 1],
  ['it goes on going well', [500, 500, 500, 200, 200, 200], 1],
  ['it had failed once more', [500, 500, 500, 200, none, none, none, none, 200], 2],
])('a recovery: %s', (_, calls, count) => {
  let recoveries = 0
  const report = watchRecovery(() => {
    recoveries += 1
  })
  for (const status of calls) report(status)
  expect(recoveries).toBe(count)
})
