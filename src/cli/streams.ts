/** The standard streams: a reader that goes away, as `head` does, is no failure. */

/** What writing to a pipe gives once nobody reads it. */
const CLOSED: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])

interface Stream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/** What is printed after the reader has gone is lost without a word; every other failure of a stream is thrown. */
export function outliveReaders(...streams: readonly Stream[]): void {
  for (const stream of streams) {
    stream.on('error', (error) => {
      if (!CLOSED.has(error.code)) throw error
    })
  }
}
