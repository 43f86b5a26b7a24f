import { useState } from 'preact/hooks';
import type { Action, DemoApi, DemoState } from './demo-api.ts';

export interface ControlsProps {
  api: DemoApi;
  state: DemoState;
  onState(state: DemoState): void;
  conversationId: string | undefined;
}

const done: Record<Action, string> = {
  expire_token: 'The access token has expired. Ask again and watch the refresh.',
  revoke: 'The permission is revoked at the brand. Ask again: the bot has to ask for it anew.',
  provider_down: 'The identity provider is down. Ask: an outage message, and no Login.',
  provider_up: 'The identity provider is up again.',
  brand_down: 'The brand’s API is down. Ask: an outage message, and no Login.',
  brand_up: 'The brand’s API is up again.',
  reset: 'The demo brand is as it was at the start.',
};

export function Controls({ api, state, onState, conversationId }: ControlsProps) {
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const act = async (action: Action) => {
    setBusy(true);
    const next = await api.act(action, conversationId);
    setBusy(false);
    setSaid(next ? done[action] : 'The demo did not answer. Is it still running?');
    if (next) onState(next);
  };
  const button = (action: Action, label: string) => (
    <button type="button" class="button small" disabled={busy} onClick={() => void act(action)}>
      {label}
    </button>
  );
  return (
    <>
      <div class="controls">
        {button('expire_token', 'Expire the token')}
        {button('revoke', 'Revoke')}
        <Switch
          label="Identity provider"
          up={state.provider === 'up'}
          busy={busy}
          onFlip={(up) => void act(up ? 'provider_up' : 'provider_down')}
        />
        <Switch
          label="Brand’s API"
          up={state.brand === 'up'}
          busy={busy}
          onFlip={(up) => void act(up ? 'brand_up' : 'brand_down')}
        />
        {button('reset', 'Reset the demo brand')}
      </div>
      <p class="start-note said" role="status">
        {said}
      </p>
    </>
  );
}

interface SwitchProps {
  label: string;
  up: boolean;
  busy: boolean;
  onFlip(up: boolean): void;
}

function Switch({ label, up, busy, onFlip }: SwitchProps) {
  return (
    <button type="button" class="switch" role="switch" aria-checked={up} disabled={busy} onClick={() => onFlip(!up)}>
      <span>{label}</span>
      <span class="switch-state">{up ? 'up' : 'down'}</span>
      <span class="switch-track" aria-hidden="true" />
    </button>
  );
}
