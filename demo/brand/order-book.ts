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

/** The brand's orders, in memory. */
export function createOrderBook(): OrderBook {
  let people: Customer[] = customers();
  const answers = new Map<string, CancelAnswer>();
  const counts = new Map<string, number>();

  const ordersOf = (login: string): Order[] => people.find((person) => person.login === login)?.orders ?? [];

  function cancel(login: string): CancelAnswer {
    const latest = ordersOf(login)[0];
    if (!latest) return { status: 404, body: { error: 'no_order' } };
    if (latest.status === 'cancelled')
      return { status: 409, body: { error: 'already_cancelled', number: latest.number } };
    if (latest.status === 'delivered')
      return { status: 409, body: { error: 'already_delivered', number: latest.number } };
    latest.status = 'cancelled';
    counts.set(login, (counts.get(login) ?? 0) + 1);
    return { status: 200, body: view(latest) };
  }

  return {
    orders: (login) => ordersOf(login).map(view),
    cancelLatest({ login, key }) {
      if (key === undefined) return cancel(login);
      const place = JSON.stringify([login, key]);
      const answer = answers.get(place) ?? cancel(login);
      answers.set(place, answer);
      return answer;
    },
    cancels: () => Object.fromEntries(counts),
    reset() {
      people = customers();
      answers.clear();
      counts.clear();
    },
  };
}

function view(order: Order): OrderView {
  return {
    ...order,
    status_text: statusTexts[order.status],
    cancellable: order.status !== 'cancelled' && order.status !== 'delivered',
  };
}
