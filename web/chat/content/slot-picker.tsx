import { useState } from 'preact/hooks';
import { Dialog } from '../../dialog.tsx';
import { useChat } from '../place.ts';
import type { Slot, SlotAction } from './action.ts';
import { dayOf, dayWords, spanWords } from './date-words.ts';

export interface SlotPickerProps {
  action: SlotAction;
  onPick(slot: Slot, text: string): void;
  onClose(): void;
}

/** Appointments to choose from, day by day. */
export function SlotPicker({ action, onPick, onClose }: SlotPickerProps) {
  const { say, locale } = useChat();
  const days = daysOf(action.slots);
  return (
    <Dialog title={action.title || say('choose_time')} closeLabel={say('close_dialog')} onClose={onClose}>
      <div class="rich-picker">
        {days.length === 0 && <p>{say('no_times')}</p>}
        {days.map(([day, slots]) => (
          <section>
            <h3>{dayWords(day, undefined, locale)}</h3>
            {slots.map((slot) => (
              <button
                type="button"
                class="button rich-slot"
                onClick={() => onPick(slot, `${dayWords(day, undefined, locale)}, ${spanWords(slot, locale)}`)}
              >
                {slot.image !== undefined && <SlotPicture url={slot.image} />}
                <span>{spanWords(slot, locale)}</span>
                {slot.title && <bdi>{slot.title}</bdi>}
                {slot.description && <small dir="auto">{slot.description}</small>}
              </button>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** One that does not come leaves no hole. */
function SlotPicture({ url }: { url: string }) {
  const [broken, setBroken] = useState(false);
  if (broken) return null;
  return <img src={url} alt="" decoding="async" referrerpolicy="no-referrer" onError={() => setBroken(true)} />;
}

/** In the order of time. */
export function daysOf(slots: Slot[]): [day: string, slots: Slot[]][] {
  const days = new Map<string, Slot[]>();
  for (const slot of slots.toSorted((a, b) => a.start - b.start)) {
    const day = dayOf(slot.start);
    days.set(day, [...(days.get(day) ?? []), slot]);
  }
  return [...days];
}
