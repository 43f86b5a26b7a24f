import { expect, test } from 'vitest';
import { contentButtons, contentCards, contentLinks, contentText } from './flatten.ts';

const says = (text: string) => ({ type: 'publishText', text });
const leads = (uri: string) => ({ type: 'link', uri, target: 'blank' });
const card = (name: string) => ({
  type: 'vertical',
  elements: [
    { type: 'image', url: `https://a.example/${name}.png`, caption: `A ${name}` },
    { type: 'text', text: name },
    { type: 'text', text: `All about ${name}` },
    {
      type: 'horizontal',
      elements: [
        {
          type: 'button',
          title: ` Take ${name} `,
          click: { actions: [leads(`https://a.example/${name}`), says(`take ${name}`)] },
        },
        { type: 'button', title: 'More', click: { actions: [says('more')] } },
      ],
    },
  ],
});
const carousel = { type: 'carousel', elements: [card('tea'), card('rice')] };

test('the text has everything a consumer reads, image addresses too, one to a line', () => {
  expect(contentText(card('tea'))).toBe('A tea\nhttps://a.example/tea.png\ntea\nAll about tea\n Take tea \nMore');
  expect(contentText({ type: 'image', url: 'https://a.example/i.gif' })).toBe('https://a.example/i.gif');
});

test('buttons in their order with what they say and where they lead, cards one after the other', () => {
  expect(contentButtons(carousel)).toEqual([
    { label: 'Take tea', says: 'take tea', leads_to: 'https://a.example/tea' },
    { label: 'More', says: 'more' },
    { label: 'Take rice', says: 'take rice', leads_to: 'https://a.example/rice' },
    { label: 'More', says: 'more' },
  ]);
  const replies = {
    type: 'quickReplies',
    replies: [{ type: 'button', title: 'Yes', click: { actions: [says('y')] } }],
  };
  expect(contentButtons(replies)).toEqual([{ label: 'Yes', says: 'y' }]);
  expect(contentButtons({ type: 'template', templateType: 'quickReply', title: 'Q', resp: ['a'] })).toEqual([
    { label: 'a', says: 'a' },
  ]);
});

test('links in their order; the one for the web goes first', () => {
  const other = { type: 'link', uri: 'https://app.example', web: { uri: 'https://web.example' } };
  const button = { type: 'button', title: 'App', click: { actions: [other] } };
  const image = { type: 'image', url: 'https://a.example/i.png', click: { actions: [other] } };
  expect(contentLinks({ type: 'vertical', elements: [image, button, ...card('tea').elements] })).toEqual([
    'https://web.example',
    'https://a.example/tea',
  ]);
});

test('cards have title, subtitle, image and buttons', () => {
  expect(contentCards(carousel)).toMatchObject([
    { title: 'tea', subtitle: 'All about tea', image: 'https://a.example/tea.png', buttons: ['Take tea', 'More'] },
    { title: 'rice' },
  ]);
});

test('what is no content is passed over, and never throws', () => {
  for (const odd of [
    null,
    1,
    'x',
    [],
    { type: 'vertical', elements: 'no' },
    { type: 'button' },
    { elements: [null, 3] },
  ]) {
    expect(typeof contentText(odd)).toBe('string');
    expect(contentLinks(odd)).toEqual([]);
    expect(Array.isArray(contentCards(odd)) && Array.isArray(contentButtons(odd))).toBe(true);
  }
});
