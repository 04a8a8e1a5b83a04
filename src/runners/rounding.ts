/**
 * How an op's result may differ between two right implementations:
 * exact (moves or selects elements, integers), rounded (one rounding an element), transcendental (a few units in the last place),
 * accumulating (sums whose order is free).
 */
export type Rounding = 'exact' | 'rounded' | 'transcendental' | 'accumulating'
