import { useEffect, useState } from 'preact/hooks';
import { systemClock } from '../src/world/world.ts';
import { Icon } from './icon.tsx';

/** Puts a text on the clipboard and says so for a moment. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'refused'>('ready');
  useEffect(() => (state === 'ready' ? undefined : systemClock.alarm(1_800, () => setState('ready'))), [state]);
  const copy = (event: Event) => {
    event.preventDefault();
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('refused'),
    );
  };
  const said = { ready: '', copied: 'Copied', refused: 'The browser does not allow it' }[state];
  return (
    <button type="button" class="copy-button" aria-label={`Copy ${what}`} title={said || `Copy ${what}`} onClick={copy}>
      <Icon name={state === 'copied' ? 'check' : state === 'refused' ? 'warning' : 'copy'} />
      <span class="unseen" role="status">
        {said}
      </span>
    </button>
  );
}
