import { expect, test } from 'vitest';
import { maskIncoming } from './mask-incoming.ts';

const secret = `${'0a'.repeat(12)}z${'-_B'.repeat(7)}A`;
const masked: [given: string, wanted: string][] = [
  [`https://desk.example/sign-in/${secret}`, 'https://desk.example/sign-in/•••'],
  [`(https://desk.example/base/sign-in/${secret}?x=1)`, '(https://desk.example/base/sign-in/•••?x=1)'],
  [`https%3A%2F%2Fdesk.example%2Fsign-in%2F${secret}`, 'https%3A%2F%2Fdesk.example%2Fsign-in%2F•••'],
  [`desk.example%252fSIGN-IN%252f${secret}`, 'desk.example%252fSIGN-IN%252f•••'],
  [`{"u":"https:\\/\\/desk.example\\/sign-in\\/${secret}"}`, '{"u":"https:\\/\\/desk.example\\/sign-in\\/•••"}'],
  [`cut https://desk.example/sign-in/${secret.slice(0, 40)}\nnext`, 'cut https://desk.example/sign-in/•••\nnext'],
  [`errand:sign-in:att_${'a'.repeat(25)} "and" errand:sign-in:x`, '••• "and" •••'],
];

test.each(masked)('what a consumer sends loses the secret of a sign-in link: %j', (given, wanted) => {
  expect(maskIncoming(given)).toBe(wanted);
  expect(maskIncoming({ [given]: [{ deep: given }] })).toEqual({ [wanted]: [{ deep: wanted }] });
});

test.each(['https://desk.example/sign-in/help', 'sign-in', 'errand: milk', '\\u0022 "quoted" \n', ''])(
  'anything else stays as it is: %j',
  (text) => {
    const said = { text, metadata: [text, 1, null] };
    expect(maskIncoming(said)).toBe(said);
  },
);
