import type { Button } from '../document.ts';
import { pointer } from '../problem.ts';
import { type ForeignRecord, recordsAt, textAt } from './record.ts';
import type { Reporting } from './report.ts';
import { firstText } from './source.ts';

type ReadButton = (button: ForeignRecord, place: { path: string; reporting: Reporting }) => Partial<Button> | undefined;

/** By the export's type. LivePerson calls the last three legacy and unused; what they did can still be done. */
const types: Record<string, ReadButton> = {
  web_url: () => ({ type: 'link' }),
  postback: () => ({ type: 'postback' }),
  bookmark_postback: (_, { path, reporting }) => {
    reporting.approximated(
      path,
      'The button\'s type, "Postback for Bookmark", is not in use any more: it posts its value.',
    );
    return { type: 'postback' };
  },
  phone_number: (button, { path, reporting }) => {
    const number = firstText(button, 'callback', 'phoneNumber')?.replace(/^tel:/i, '');
    reporting.approximated(
      path,
      'The button\'s type, "Phone number", is not in use any more: it is a link to the number.',
    );
    return number === undefined ? undefined : { type: 'link', callback: `tel:${number}` };
  },
  share: (_, { path, reporting }) => {
    reporting.ignored(path, 'The button\'s type, "Share", is not in use any more: the button was left out.');
    return undefined;
  },
};
const spellings: Record<string, string> = {
  weburl: 'web_url',
  url: 'web_url',
  bookmark: 'bookmark_postback',
  postback_bookmark: 'bookmark_postback',
  postback_for_bookmark: 'bookmark_postback',
  phone: 'phone_number',
  phone_call: 'phone_number',
  call: 'phone_number',
  element_share: 'share',
};

/** The buttons of a tile: at most 24, each with a label. */
export function buttonsOf(tile: ForeignRecord | undefined, path: string, reporting: Reporting): Button[] {
  const given = recordsAt(tile, 'buttons');
  const buttons = given.flatMap((button, at) => buttonOf(button, pointer(path, 'buttons', at), reporting) ?? []);
  if (buttons.length > 24)
    reporting.ignored(pointer(path, 'buttons'), `Of ${buttons.length} buttons the first 24 were kept.`);
  return buttons.slice(0, 24);
}

function buttonOf(button: ForeignRecord, path: string, reporting: Reporting): Button | undefined {
  const label = firstText(button, 'name', 'title', 'label');
  const given = (textAt(button, 'type') ?? '').toLowerCase();
  const type = Object.hasOwn(spellings, given) ? spellings[given] : given;
  const read = type !== undefined && Object.hasOwn(types, type) ? types[type] : undefined;
  if (!label || !read) {
    const what = label ? `of the unknown type "${given.slice(0, 100)}"` : 'without a label';
    reporting.ignored(path, `A button ${what} was left out.`);
    return undefined;
  }
  const made = read(button, { path, reporting });
  const callback = textAt(button, 'callback');
  return (
    made && {
      label: reporting.fit(label, 128, path),
      type: made.type ?? 'postback',
      ...(callback !== undefined && { callback: reporting.fit(callback, 20_000, path) }),
      ...targetOf(button),
      ...webviewOf(button, path, reporting),
      ...made,
    }
  );
}

function targetOf(button: ForeignRecord): Pick<Button, 'target'> {
  const target = textAt(button, 'target');
  if (!target) return {};
  return { target: /^_?(self|current)/i.test(target) ? 'current_window' : 'new_window' };
}

function webviewOf(button: ForeignRecord, path: string, reporting: Reporting): Pick<Button, 'webview'> {
  const given = textAt(button, 'webviewHeightRatio');
  const webview = (['compact', 'tall', 'full'] as const).find((known) => known === given?.toLowerCase());
  if (given && !webview) reporting.ignored(pointer(path, 'webviewHeightRatio'), 'The webview has no effect.');
  return webview ? { webview } : {};
}
