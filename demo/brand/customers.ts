/** The people one can sign in as at the demo brand, and what they have ordered. */

export type OrderStatus = 'ordered' | 'packed' | 'on_its_way' | 'delivered' | 'cancelled';

export interface Order {
  number: string;
  item: string;
  status: OrderStatus;
  /** What a person would say: "Thursday". */
  arrives: string;
  /** With its currency: "49.00 EUR". */
  total: string;
}

export interface Customer {
  login: string;
  password: string;
  name: string;
  /** The newest first. */
  orders: Order[];
}

/** A fresh copy each time: a brand that is reset or started twice shares nothing. */
export function customers(): Customer[] {
  return [
    {
      login: 'mia',
      password: 'mia-demo',
      name: 'Mia Berger',
      orders: [
        { number: 'BW-20417', item: 'Copper Kettle', status: 'on_its_way', arrives: 'Thursday', total: '49.00 EUR' },
        { number: 'BW-19833', item: 'Linen Apron', status: 'delivered', arrives: 'last month', total: '24.00 EUR' },
      ],
    },
    {
      login: 'noah',
      password: 'noah-demo',
      name: 'Noah Okafor',
      orders: [
        { number: 'BW-20562', item: 'Garden Lantern', status: 'packed', arrives: 'Friday', total: '35.50 EUR' },
        { number: 'BW-20011', item: 'Cast Iron Pan', status: 'delivered', arrives: 'last week', total: '58.00 EUR' },
      ],
    },
    {
      login: 'lena',
      password: 'lena-demo',
      name: 'Lena Sandoval',
      orders: [
        { number: 'BW-20688', item: 'Reading Lamp', status: 'ordered', arrives: 'next Monday', total: '72.00 EUR' },
        { number: 'BW-18270', item: 'Wool Blanket', status: 'delivered', arrives: 'in spring', total: '89.00 EUR' },
      ],
    },
  ];
}
