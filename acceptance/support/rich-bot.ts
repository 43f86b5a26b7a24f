/** A bot that answers each word with one piece of structured content, so that a browser can be shown every element. */

type Json = { [member: string]: unknown };

const picture = (name: string, more: Json = {}): Json => ({
  type: 'image',
  url: `https://img.example/${name}`,
  ...more,
});
const text = (words: string, more: Json = {}): Json => ({ type: 'text', text: words, ...more });
const button = (title: string, action: Json, more: Json = {}): Json => ({
  type: 'button',
  title,
  click: { actions: [action] },
  ...more,
});
const says = (words: string): Json => ({ type: 'publishText', text: words });
const leads = (uri: string): Json => ({ type: 'link', uri });

const product = (name: string, price: string): Json => ({
  type: 'vertical',
  elements: [
    picture(`${name}.svg`, { alt: name }),
    text(name, { tag: 'title', style: { bold: true } }),
    text(price, { tag: 'subtitle' }),
    button('Buy', says(`buy ${name}`)),
    button('Details', leads(`https://shop.example/${name.toLowerCase().replaceAll(' ', '-')}`)),
  ],
});
const kettles = [
  ['Copper Kettle', '79 EUR'],
  ['Glass Kettle', '49 EUR'],
  ['Travel Kettle', '29 EUR'],
  ['Steel Kettle', '39 EUR'],
] as const;

const card: Json = {
  type: 'vertical',
  elements: [
    picture('desk.svg', { alt: 'Our shop', caption: 'Open until eight' }),
    text('Your order is ready', { style: { bold: true, size: 'large' } }),
    text('Pick it up whenever you like. More at https://shop.example/pick-up.'),
    {
      type: 'keyValuePairList',
      elements: [
        { key: 'Order', value: '1042' },
        { key: 'Paid', value: '79 EUR' },
      ],
    },
    { type: 'map', la: 52.3676, lo: 4.9041, tooltip: 'Keizersgracht 12, Amsterdam' },
    {
      type: 'horizontal',
      percentages: [60, 40],
      elements: [button('I am coming', says('on my way')), button('Cancel', says('cancel the order'))],
    },
    button('Call the shop', leads('tel:+31201234567'), { class: 'button' }),
  ],
};

const coloured: Json = {
  type: 'vertical',
  border: 'dropShadow',
  elements: [
    text('Colours of the author', { style: { bold: true, italic: true, color: '#7a1f5c' } }),
    text('Black text, whatever the page is like.', { style: { color: '#000000' } }),
    { type: 'linkPreview', url: 'https://shop.example/news', title: 'News from the shop' },
    button('Yes please', says('yes please'), {
      class: 'button',
      style: { 'background-color': '#7a1f5c', color: '#ffffff', 'border-radius': 20 },
    }),
  ],
};

const plan = (name: string, id: string): Json => ({
  type: 'vertical',
  metadata: [{ type: 'ExternalId', id }],
  elements: [text(name, { tag: 'title' }), text('Twelve months')],
});

const select: Json = {
  type: 'vertical',
  elements: [
    {
      type: 'carouselSelect',
      selectMode: { name: 'plans', type: 'multiple' },
      elements: [plan('Small', 'P1'), plan('Medium', 'P2'), plan('Large', 'P3')],
    },
    button('Compare', says('compare them'), { ref: { type: 'carouselSelect', name: 'plans' }, class: 'button' }),
  ],
};

const accordion: Json = {
  type: 'vertical',
  border: 'borderLess',
  elements: [
    {
      type: 'accordionSelect',
      selectMode: { name: 'extras' },
      titles: [
        { name: 'Gift wrap', additional: '2 EUR' },
        { name: 'Engraving by hand', additional: '9 EUR, and two days later than without it' },
      ],
      elements: [plan('Brown paper, red string', 'E1'), plan('Up to twelve letters', 'E2')],
    },
    button('Add', says('add these'), { ref: { type: 'accordionSelect', name: 'extras' }, class: 'button' }),
  ],
};

/** Pictures with captions, beside a text and at the end of a card. */
const beside: Json = {
  type: 'vertical',
  elements: [
    {
      type: 'horizontal',
      percentages: [40, 60],
      accessibility: { web: { 'aria-label': 'The kettle and its story' } },
      elements: [
        picture('kettle.svg', { alt: 'A kettle', caption: 'Copper' }),
        {
          type: 'vertical',
          elements: [
            text('Copper Kettle', { tag: 'title' }),
            text('Hammered by hand in a yard behind the shop, and never twice the same.'),
          ],
        },
      ],
    },
    text('79 EUR', { alt: 'It costs seventy-nine euros' }),
    button('Round', says('round'), { style: { 'border-radius': 20, 'background-color': '#f3e3d3', color: '#5a2d0c' } }),
    button('Buy', says('buy'), { accessibility: { web: { 'aria-label': 'Buy the copper kettle' } } }),
    picture('shop.svg', { alt: 'Our shop', caption: 'Come and see it' }),
  ],
};

/** Cards that are single elements, and a map that says something. */
const mixed: Json = {
  type: 'carousel',
  elements: [
    text('A card may be a text alone.'),
    picture('kettle.svg', { alt: 'A kettle', caption: 'Or a picture' }),
    { type: 'map', la: 52.3676, lo: 4.9041, tooltip: 'Keizersgracht 12', click: { actions: [says('this shop')] } },
    button('Or a button', says('a button'), { class: 'button' }),
  ],
};

const away: Json = {
  ...button('Order and pay', says('first')),
  click: { actions: [says('first'), { ...leads('https://shop.example/pay'), target: 'self' }, says('second')] },
};

const closed: Json = {
  type: 'buttonList',
  elements: [{ type: 'submitButton', title: 'Sold out', disabled: true, click: { actions: [] } }],
};

const tabs: Json = {
  type: 'tabs',
  elements: [
    { type: 'vertical', tag: 'Delivery', elements: [text('Two days within the country.')] },
    { type: 'vertical', tag: 'Returns', elements: [text('Thirty days.'), button('Send back', says('send back'))] },
    { type: 'vertical', tag: 'Payment', elements: [text('Card or bank transfer.')] },
  ],
};

const box = (words: string, id: string): Json => ({
  type: 'checkbox',
  text: words,
  borderColor: '#d8b48a',
  click: { actions: [{ type: 'checked', publishText: words.toLowerCase() }], metadata: [{ type: 'ExternalId', id }] },
});

const list: Json = {
  type: 'list',
  elements: [
    text('What shall I bring?', { style: { bold: true } }),
    {
      type: 'sectionList',
      elements: [
        {
          type: 'section',
          sectionID: 'hot',
          elements: [text('Hot'), { type: 'checklist', elements: [box('Tea', 'C1'), box('Coffee', 'C2')] }],
        },
        {
          type: 'section',
          sectionID: 'cold',
          elements: [text('Cold'), { type: 'checklist', elements: [box('Water', 'C3'), box('Juice', 'C4')] }],
        },
      ],
    },
    {
      type: 'buttonList',
      elements: [
        { type: 'submitButton', title: 'Order', click: { actions: [{ type: 'submitAsText', submit: true }] } },
        button('Nothing', says('nothing')),
      ],
    },
  ],
};

const pickers: Json = {
  type: 'vertical',
  elements: [
    text('When does it suit you?'),
    button('Choose a day', { type: 'datePicker', class: 'single', title: 'Which day?', dateFormat: 'd MMMM yyyy' }),
    button('Choose an hour', {
      type: 'scheduleSlotList',
      title: 'Which hour?',
      slots: [
        {
          type: 'slot',
          id: 'S1',
          start: 1_900_000_800,
          end: 1_900_002_600,
          title: 'Anna',
          imageUrl: 'https://img.example/anna.svg',
        },
        { type: 'slot', id: 'S2', start: 1_900_087_200, title: 'Ben', description: 'By telephone' },
      ],
    }),
    button('Put in the cart', { type: 'addToCart', items: [{ productId: 'kettle-1', quantity: 2 }] }),
  ],
};

const answers: Json = { type: 'template', templateType: 'quickReply', title: 'Are you sure?', resp: ['Yes', 'No'] };

export const hostileWords = '<img src=x onerror="document.title=1"><script>document.title=2</script><b>bold</b>';
const hostile: Json = {
  type: 'vertical',
  elements: [
    text(hostileWords),
    picture('gone.svg', { alt: hostileWords, caption: hostileWords }),
    { type: 'keyValuePairList', elements: [{ key: hostileWords, value: hostileWords }] },
    button(hostileWords, says(hostileWords)),
    { type: 'linkPreview', url: 'https://shop.example/?q=%3Cscript%3E', title: hostileWords },
  ],
};

const actingReplies: Json = {
  type: 'quickReplies',
  itemsPerRow: 3,
  replies: [
    {
      ...button('Both', says('first')),
      click: { actions: [says('first'), says('second')], metadata: [{ type: 'ExternalId', id: 'R1' }] },
    },
    button('Our shop', leads('https://shop.example/'), { tooltip: 'All the kettles' }),
    button('Plum', says('plum'), { style: { 'background-color': '#7a1f5c', color: '#ffffff' } }),
  ],
};

/** What the bot says to each word. */
export const richContents: Record<string, Json> = {
  card,
  coloured,
  carousel: { type: 'carousel', padding: 4, elements: kettles.map(([name, price]) => product(name, price)) },
  select,
  accordion,
  tabs,
  list,
  closed,
  beside,
  mixed,
  away,
  pickers,
  answers,
  hostile,
  picture: picture('Copper Kettle.svg', { alt: 'A kettle' }),
  acting: actingReplies,
  replies: {
    type: 'quickReplies',
    itemsPerRow: 2,
    replies: [
      button('Tea', says('tea please')),
      button('Coffee', says('coffee please')),
      button('Water', says('water')),
    ],
  },
};

const question = (word: string, content: Json): Json => ({
  id: `d-${word}`,
  name: word,
  type: 'standard',
  interactions: [
    { id: `s-${word}`, name: `${word} starter`, type: 'starter', patterns: [word] },
    ...(content['type'] === 'quickReplies'
      ? [{ id: `t-${word}`, name: `${word} text`, type: 'text', text: 'What would you like?' }]
      : []),
    {
      id: `q-${word}`,
      name: `${word} question`,
      type: 'universal',
      content: JSON.stringify(content),
      rules: [{ name: 'anything', when: { match: 'pattern', patterns: ['*'] }, then: { go: 'next' } }],
    },
    { id: `r-${word}`, name: `${word} heard`, type: 'text', text: 'Heard: {$userMessage}', next: { go: 'end' } },
  ],
});

export const richBot = {
  format: 'errand.bot/1',
  name: 'Kettle corner',
  integrations: [],
  dialogs: [
    ...Object.entries(richContents).map(([word, content]) => question(word, content)),
    {
      id: 'd-receipt',
      name: 'receipt',
      type: 'standard',
      interactions: [
        { id: 's-receipt', name: 'receipt starter', type: 'starter', patterns: ['receipt'] },
        {
          id: 'f-receipt',
          name: 'receipt file',
          type: 'file_upload',
          text: 'Show me your receipt.',
          accept: ['pdf'],
          invalid: 'That is no PDF.',
          progress: 'Reading it.',
          failure: 'I could not read it.',
        },
      ],
    },
    {
      id: 'd-slow',
      name: 'slow',
      type: 'standard',
      interactions: [
        { id: 's-slow', name: 'slow starter', type: 'starter', patterns: ['slow'] },
        { id: 'one', name: 'one', type: 'text', text: 'Let me look.' },
        { id: 'two', name: 'two', type: 'text', text: 'Found it.', delay_ms: 10_000 },
        { id: 'three', name: 'three', type: 'text', text: 'It is a kettle.' },
      ],
    },
  ],
};
