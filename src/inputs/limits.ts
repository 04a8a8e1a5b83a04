/** What a file may claim before it is unpacked, and a model before data is made up for it. */

/** The most that deflate can expand its input by. */
export const DEFLATE_RATIO = 1032
/** The most pixels that a byte of JPEG can hold: each block of 8 x 8 takes a bit or more. */
export const JPEG_RATIO = 512
/** Pixels of the largest picture that is read, or made to fit an input. */
export const LARGEST_PICTURE = 100e6
/** Pixels of the longest side that a picture is resized to: more than formats of pictures commonly hold. */
export const LONGEST_SIDE = 65536
/** Bytes of the largest array that is read from an archive. */
export const LARGEST_MEMBER = 2 ** 30
/** Elements of the largest random array. */
export const LARGEST_RANDOM = 2 ** 28
/** The most random samples, and the most that one array is cut into. */
export const MOST_SAMPLES = 1e6
