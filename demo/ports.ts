/**
 * Starts something on the wanted port, or on any other when that is in use, with a word about it to `remark`. `start` gets 0
 * for any port; whatever else it throws is thrown.
 */
export async function startOnPort<Running extends { url: string }>(
  wanted: number,
  remark: (text: string) => void,
  start: (port: number) => Promise<Running>,
): Promise<Running> {
  try {
    return await start(wanted)
  } catch (error) {
    if (!isInUse(error)) throw error
    const running = await start(0)
    remark(`Port ${wanted} is in use; ${running.url} is taken in its place.`)
    return running
  }
}

/** Also where only the text of another process tells. */
function isInUse(error: unknown): boolean {
  return error instanceof Error && error.message.includes('EADDRINUSE')
}
