/** Wakes whoever waits for the next ring. Take `next()` before looking, then await it: a ring in between is not lost. */
export interface Bell {
  ring(): void;
  next(): Promise<void>;
}

export function createBell(): Bell {
  let wake = () => {};
  let next: Promise<void> | undefined;
  return {
    ring() {
      next = undefined;
      wake();
    },
    next() {
      next ??= new Promise((resolve) => {
        wake = resolve;
      });
      return next;
    },
  };
}
