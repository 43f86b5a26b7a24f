import { useEffect, useState } from 'preact/hooks';

/** Anything whose state can be read and listened to. */
export interface Source<T> {
  snapshot(): T;
  subscribe(hear: () => void): () => void;
}

/** The source's state now, rendered again after each change. */
export function useSnapshot<T>(source: Source<T>): T {
  const [state, setState] = useState(source.snapshot());
  useEffect(() => {
    setState(source.snapshot());
    return source.subscribe(() => setState(source.snapshot()));
  }, [source]);
  return state;
}
