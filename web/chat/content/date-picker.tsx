import { useState } from 'preact/hooks';
import { Dialog } from '../../dialog.tsx';
import { useChat } from '../place.ts';
import type { DateAction } from './action.ts';
import { dayOf, dayWords } from './date-words.ts';

export interface DatePickerProps {
  action: DateAction;
  onPick(text: string): void;
  onClose(): void;
}

/** Asks for a day, or for the first and the last one, with the browser's own fields: they know the reader's habits. */
export function DatePicker({ action, onPick, onClose }: DatePickerProps) {
  const { say, locale } = useChat();
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const min = action.min === undefined ? undefined : dayOf(action.min);
  const max = action.max === undefined ? undefined : dayOf(action.max);
  const words = (day: string) => dayWords(day, action.format, locale);
  const submit = (event: Event) => {
    event.preventDefault();
    onPick(action.range ? `${words(from)} - ${words(until)}` : words(from));
  };
  return (
    <Dialog title={action.title || say('choose_date')} closeLabel={say('close_dialog')} onClose={onClose}>
      <form class="rich-picker" onSubmit={submit}>
        <label>
          {say(action.range ? 'date_from' : 'date')}
          <input
            type="date"
            required
            min={min}
            max={max}
            value={from}
            onInput={(event) => setFrom(event.currentTarget.value)}
          />
        </label>
        {action.range && (
          <label>
            {say('date_until')}
            <input
              type="date"
              required
              min={from || min}
              max={max}
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          </label>
        )}
        <button type="submit" class="button main">
          {say('choose')}
        </button>
      </form>
    </Dialog>
  );
}
