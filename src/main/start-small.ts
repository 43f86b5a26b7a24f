import { setFlagsFromString } from 'node:v8';

/**
 * A program that loads fills V8's young generation with what is never used again, and V8 grows it for that: some 25 MB
 * that an idle server would keep resident for ever. So it does not grow until the server works. V8 reads the flag each time.
 */
export function startSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** V8's own default: from here on the young generation grows with the load. */
export function growWithLoad(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
