/** What a tap on structured content does: the actions of a click, by `type`. */
import { pointer } from '../problem.ts';
import {
  appLink,
  checkFields,
  core,
  extra,
  type Field,
  type Fields,
  flag,
  link,
  list,
  may,
  must,
  number,
  object,
  oneOf,
  type Rule,
  text,
  anything,
  unknownFields,
  webLink,
  whole,
} from './fields.ts';
import { isObject } from '../../world/json.ts';

const onWeb: Field = { rule: object({ uri: may(link), accessibility: extra(anything) }), costs: 'owner' };
const inApp = extra(object({ uri: may(appLink) }));
const accessibility = extra(anything);

const slot = object({
  type: must(text(64)),
  id: must(text(256)),
  start: must(whole),
  end: extra(whole),
  title: extra(text(40)),
  description: extra(text(40)),
  imageUrl: extra(webLink),
});

/** Where the two public schemas differ in a limit, the larger one holds. */
const actions: Readonly<Record<string, Fields>> = {
  publishText: { text: must(text(5_000)) },
  link: {
    uri: core(link),
    name: extra(text(256)),
    target: extra(oneOf('self', 'blank', 'slideout')),
    ios: inApp,
    android: inApp,
    web: onWeb,
    accessibility,
  },
  navigate: { la: core(number), lo: core(number), name: extra(text(256)) },
  custom: { data: may(list(object({ key: must(text(128)), value: extra(text(2_048)) }), 0, 10)) },
  addToCart: { items: must(list(object({ productId: may(text(256)), quantity: may(whole) }), 0, 10)) },
  datePicker: {
    class: must(oneOf('single', 'range')),
    title: extra(text(40)),
    minDate: extra(whole),
    maxDate: extra(whole),
    dateFormat: extra(text(100)),
  },
  scheduleSlotList: {
    title: extra(text(40)),
    slots: may(list(slot, 0, 256)),
    firstDayOfTheWeek: extra(oneOf('sun', 'mon')),
  },
  checked: { publishText: must(text(250)), accessibility },
  submitAsText: { submit: must(flag), accessibility },
};

const action: Rule = (value, at) => {
  const type = isObject(value) && typeof value['type'] === 'string' ? value['type'] : '';
  const fields = Object.hasOwn(actions, type) ? actions[type] : undefined;
  if (!isObject(value) || !fields) {
    const known = Object.keys(actions).map((name) => JSON.stringify(name));
    return [{ path: pointer(at.path, 'type'), message: `must be one of ${known.join(', ')}` }];
  }
  return [...checkFields(value, fields, at), ...unknownFields(value, { type: may(anything), ...fields }, at.path)];
};

/** Kept as it is and given back with the click. */
export const metadata: Rule = list(anything, 0, 256);

export const click: Rule = object({
  actions: may(list(action, 0, 4)),
  metadata: may(metadata),
});
