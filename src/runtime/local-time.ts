/** A moment as the clocks of a time zone show it, as `getHoursType` compares it. */
export type LocalTime = {
  /** `12.25.2026`: month, day, year. */
  date: string;
  /** `FRIDAY` */
  weekday: string;
  /** Of the day, from 0. */
  minute: number;
};

/** `zone`: a name of the time zone database. Null: there is no such zone. `at`: epoch ms. */
export function localTime(zone: string, at: number): LocalTime | null {
  const format = formatFor(zone);
  if (!format) return null;
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    date: `${part('month')}.${part('day')}.${part('year')}`,
    weekday: part('weekday').toUpperCase(),
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  };
}

const twoDigits = '2-digit';

function formatFor(zone: string): Intl.DateTimeFormat | undefined {
  const options = { year: 'numeric', month: twoDigits, day: twoDigits, hour: twoDigits, minute: twoDigits } as const;
  try {
    // Always in English and in twenty-four hours, because scripts compare the words.
    return new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone, weekday: 'long', hourCycle: 'h23' });
  } catch {
    return undefined;
  }
}
