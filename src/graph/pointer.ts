/** Git LFS pointers: the short text that a checkout without Git LFS has in the place of a large file. */

const START = 'version https://git-lfs.github.com/spec'
/** Bytes from which a pointer is known. */
export const POINTER_HEAD = START.length

export const isPointer = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, POINTER_HEAD)).toString('latin1') === START

/** What it is and what to do about it, for messages. */
export const POINTER = {
  what: 'a Git LFS pointer in place of the file that it points to',
  remedy: 'Fetch the file itself: git lfs pull',
} as const
