/**
 * Progress on stderr: on a terminal one line that is overwritten, with a bar and the time left; elsewhere a plain line now and then, so that a log
 * shows that the work goes on and a short run prints none.
 */
import { shorten, visible } from '../../reports/format.js'

/** Steps done, and steps in all as far as is known. */
export interface Steps {
  done: number
  total: number
}

export interface Progress {
  show(message: string, steps?: Steps): void
  /** Clears the line of a terminal. */
  end(): void
}

export interface ProgressOptions {
  stream: { isTTY?: boolean; columns?: number; write(text: string): unknown }
  /** Milliseconds on a clock that never goes back. */
  now(): number
}

/** Least time between two plain lines, and before the first; ms. */
const EVERY = 5000
const BAR = 20
/** Columns that a bar leaves for the rest. */
const LEAST_MESSAGE = 40
const USUAL_COLUMNS = 80
const CLEAR = '\r\u001b[2K'

/** 8 s, 3 min 20 s, 1 h 5 min. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Milliseconds that the rest takes at the pace since `first`; undefined before there is a pace. */
export function timeLeft(first: Steps & { at: number }, latest: Steps & { at: number }): number | undefined {
  const done = latest.done - first.done
  const elapsed = latest.at - first.at
  return done > 0 && elapsed > 0 ? (elapsed / done) * Math.max(0, latest.total - latest.done) : undefined
}

/** One line of at most `columns` characters: bar, share, time left, message. */
export function progressLine(
  message: string,
  columns: number,
  { steps, left }: { steps?: Steps | undefined; left?: number | undefined },
): string {
  const share = steps && steps.total > 0 ? Math.min(1, Math.max(0, steps.done / steps.total)) : undefined
  const filled = Math.round((share ?? 0) * BAR)
  const parts = [
    ...(share !== undefined && columns >= BAR + LEAST_MESSAGE ? [`[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`] : []),
    ...(share !== undefined ? [`${Math.floor(share * 100)}%`.padStart(4)] : []),
    ...(left !== undefined ? [`${duration(left)} left`] : []),
    visible(message),
  ]
  return shorten(parts.join('  '), columns)
}

export function createProgress({ stream, now }: ProgressOptions): Progress {
  let first: (Steps & { at: number }) | undefined
  let printed = now()

  function lineOf(message: string, columns: number, steps: Steps | undefined, at: number): string {
    if (steps && (first === undefined || steps.done < first.done)) first = { ...steps, at }
    const left = steps && first && timeLeft(first, { ...steps, at })
    return progressLine(message, columns, { steps, left })
  }

  return {
    show(message, steps) {
      const at = now()
      if (stream.isTTY) {
        stream.write(`${CLEAR}${lineOf(message, (stream.columns || USUAL_COLUMNS) - 1, steps, at)}`)
        return
      }
      const line = lineOf(message, Number.POSITIVE_INFINITY, steps, at)
      if (at - printed < EVERY) return
      printed = at
      stream.write(`${line.trimStart()}\n`)
    },
    end() {
      if (stream.isTTY) stream.write(CLEAR)
    },
  }
}
