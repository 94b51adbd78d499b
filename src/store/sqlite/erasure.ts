import type { DatabaseSync } from 'node:sqlite'

/** How long words that were removed may still be found in the write-ahead log, in ms. */
const EVERY_MS = 5_000

/**
 * Deleted cells are overwritten with zeros (`secure_delete`), but the log keeps what was written to it until it is written
 * over. So it is emptied into the file again and again while there is anything in it. Gives the function that ends this.
 */
export function eraseRemoved(db: DatabaseSync): () => void {
  const changes = db.prepare('SELECT total_changes() AS n')
  let emptiedAt = -1
  const empty = (): void => {
    const { n } = changes.get() as { n: number }
    if (n === emptiedAt || db.isTransaction) return
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      emptiedAt = n
    } catch {
      // A full or failing disk says so to the next writer; the log is emptied another time.
    }
  }
  const timer = setInterval(empty, EVERY_MS).unref()
  return () => clearInterval(timer)
}
