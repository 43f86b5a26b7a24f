/** Dates and times as a consumer reads them and as a picker says them. */

const token = /EEEE|EEE|y{2,4}|Y{2,4}|M{1,4}|d{1,2}|D{1,2}/g;

/** A calendar day, `2026-04-30`, by the author's pattern (`d`, `M`, `y`, `E`); without one as the locale writes it. */
export function dayWords(day: string, format: string | undefined, locale: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  const as = (options: Intl.DateTimeFormatOptions) => date.toLocaleDateString(locale, { timeZone: 'UTC', ...options });
  if (!format) return as({ dateStyle: 'medium' });
  return format.replace(token, (found) => {
    const [letter, length] = [found.charAt(0).toLowerCase(), found.length];
    if (letter === 'e') return as({ weekday: length === 4 ? 'long' : 'short' });
    if (letter === 'y') return length === 2 ? day.slice(2, 4) : day.slice(0, 4);
    if (letter === 'd') return length === 2 ? day.slice(8) : String(Number(day.slice(8)));
    if (length > 2) return as({ month: length === 4 ? 'long' : 'short' });
    return length === 2 ? day.slice(5, 7) : String(Number(day.slice(5, 7)));
  });
}

/** The calendar day of a moment, where the reader is. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `10:00–10:30`, where the reader is. */
export function spanWords({ start, end }: { start: number; end: number | undefined }, locale: string): string {
  const time = (ms: number) => new Date(ms).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  return end === undefined ? time(start) : `${time(start)} – ${time(end)}`;
}
