import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Customer, customers, type Order, type OrderStatus } from './customers.ts';

export interface CancelRequest {
  login: string;
  /** From the `Idempotency-Key` header; the same key again gets the first answer again and changes nothing. */
  key?: string | undefined;
}

export type CancelAnswer =
  | { status: 200; body: OrderView }
  | { status: 404; body: { error: 'no_order' } }
  | { status: 409; body: { error: 'already_cancelled' | 'already_delivered'; number: string } };

/** An order as the API shows it. */
export interface OrderView extends Order {
  status_text: string;
  cancellable: boolean;
}

export interface OrderBook {
  orders(login: string): OrderView[];
  cancelLatest(request: CancelRequest): CancelAnswer;
  /** How many orders were really cancelled, by login. A test that finds 2 for one order has found a double. */
  cancels(): Record<string, number>;
  /** Back to the orders of the first day. */
  reset(): void;
}

const statusTexts: Record<OrderStatus, string> = {
  ordered: 'ordered',
  packed: 'packed and ready to leave',
  on_its_way: 'on its way',
  delivered: 'delivered',
  cancelled: 'cancelled',
};

/** What has happened since the first day. */
interface Happened {
  /** Numbers of orders. */
  cancelled: string[];
  /** How many, by login. */
  cancels: Record<string, number>;
  /** What was answered to a login's key. */
  answers: Record<string, CancelAnswer>;
}

const nothing = (): Happened => ({ cancelled: [], cancels: {}, answers: {} });

/**
 * The brand's orders. With a file they outlive the process: what was done is written before it is answered, so a
 * customer who was told of a cancellation never meets the order again as if nothing had been.
 */
export function createOrderBook(file?: string): OrderBook {
  let happened = read(file);
  let people = peopleAfter(happened);

  const ordersOf = (login: string): Order[] => people.find((person) => person.login === login)?.orders ?? [];

  function cancel(login: string): CancelAnswer {
    const latest = ordersOf(login)[0];
    if (!latest) return { status: 404, body: { error: 'no_order' } };
    if (latest.status === 'cancelled')
      return { status: 409, body: { error: 'already_cancelled', number: latest.number } };
    if (latest.status === 'delivered')
      return { status: 409, body: { error: 'already_delivered', number: latest.number } };
    latest.status = 'cancelled';
    happened.cancelled.push(latest.number);
    happened.cancels[login] = (happened.cancels[login] ?? 0) + 1;
    return { status: 200, body: view(latest) };
  }

  return {
    orders: (login) => ordersOf(login).map(view),
    cancelLatest({ login, key }) {
      const place = JSON.stringify([login, key]);
      const before = key === undefined ? undefined : happened.answers[place];
      if (before) return before;
      const answer = cancel(login);
      // What was refused has changed nothing, and is refused again.
      if (answer.status !== 200) return answer;
      if (key !== undefined) happened.answers[place] = answer;
      write(file, happened);
      return answer;
    },
    cancels: () => ({ ...happened.cancels }),
    reset() {
      happened = nothing();
      people = peopleAfter(happened);
      write(file, happened);
    },
  };
}

function peopleAfter({ cancelled }: Happened): Customer[] {
  const people = customers();
  for (const order of people.flatMap(({ orders }) => orders))
    if (cancelled.includes(order.number)) order.status = 'cancelled';
  return people;
}

/** A file that is missing or not ours is the first day: the demo starts in any case. */
function read(file: string | undefined): Happened {
  if (!file) return nothing();
  try {
    const kept: Partial<Happened> = JSON.parse(readFileSync(file, 'utf8'));
    const { cancelled, cancels, answers } = kept;
    return { cancelled: [...(cancelled ?? [])], cancels: { ...cancels }, answers: { ...answers } };
  } catch {
    return nothing();
  }
}

function write(file: string | undefined, happened: Happened): void {
  if (!file) return;
  writeFileSync(`${file}.new`, JSON.stringify(happened), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function view(order: Order): OrderView {
  return {
    ...order,
    status_text: statusTexts[order.status],
    cancellable: order.status !== 'cancelled' && order.status !== 'delivered',
  };
}
