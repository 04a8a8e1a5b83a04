/**
 * The one error class. The code's first word decides the exit code: USAGE and INPUT 2, MODEL and UNSUPPORTED 3.
 * Anything else that is thrown is a bug of ours.
 */

export type ErrorCode = `USAGE_${string}` | `INPUT_${string}` | `MODEL_${string}` | `UNSUPPORTED_${string}`

export interface ErrorParts {
  /** What was found, and what was expected. */
  what: string
  /** File, op, value, byte offset or sample. */
  where?: string | undefined
  /** What to do about it. */
  remedy?: string | undefined
  cause?: unknown
}

export class ParityError extends Error {
  readonly code: ErrorCode
  readonly what: string
  readonly where: string
  readonly remedy: string

  constructor(code: ErrorCode, { what, where = '', remedy = '', cause }: ErrorParts) {
    super([where ? `${what} (${where})` : what, remedy].filter(Boolean).join('. '), cause === undefined ? undefined : { cause })
    this.name = 'ParityError'
    this.code = code
    this.what = what
    this.where = where
    this.remedy = remedy
  }
}

/** 2 for a wrong call or input, 3 for a model that cannot be run, 70 for a bug of ours. */
export function exitCodeOf(error: unknown): 2 | 3 | 70 {
  if (!(error instanceof ParityError)) return 70
  return /^(USAGE|INPUT)_/.test(error.code) ? 2 : 3
}

/** Runs `body`; a ParityError that it throws gets `where` in front of its own place. */
export function at<T>(where: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (!(error instanceof ParityError)) throw error
    throw new ParityError(error.code, {
      what: error.what,
      where: [where, error.where].filter(Boolean).join(', '),
      remedy: error.remedy,
      cause: error,
    })
  }
}
