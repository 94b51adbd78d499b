import { startRapidpro } from '../../simulators/rapidpro/index.ts'
import { startRocketchat } from '../../simulators/rocketchat/index.ts'

/** Both simulators in their fast mode, in one process; tells where they are on its first line. */
const rapidpro = await startRapidpro({ fast: true })
const rocketchat = await startRocketchat({
  fast: true,
  settings: { API_Enable_Rate_Limiter: false },
})
process.stdout.write(
  `${JSON.stringify({ rapidpro: rapidpro.url, token: rapidpro.token, rocketchat: rocketchat.url })}\n`,
)
process.on('SIGTERM', () => process.exit(0))
