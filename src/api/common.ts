/** What every schema of the HTTP contract shares. Schemas with a `title` become named schemas of `/openapi.json`. */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';

/** Unknown fields are refused everywhere (TN-05): a body never reaches a row by accident. */
export const closed = { additionalProperties: false } as const;

export const Id = Type.String({ minLength: 1, maxLength: 128, description: 'Opaque' });
/** For people. No control characters: such a name hides in a list, and PostgreSQL refuses NUL (LD-05). */
export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });
export const Url = Type.String({ minLength: 1, maxLength: 2_000, pattern: '^[\\u0021-\\u007e]+$' });
export const Origin = Type.String({
  maxLength: 300,
  pattern: '^https?://[\\u0021-\\u007e]+$',
  description: 'An exact origin: scheme, host and port, nothing behind it',
});

/** A named object schema that refuses unknown fields. */
export function named<const P extends TProperties>(title: string, properties: P, description?: string) {
  return Type.Object(properties, { ...closed, title, ...(description === undefined ? {} : { description }) });
}

/** A page of a collection; `next` is the `after` of the following page, or null at the end. */
export function page<const T extends TSchema>(title: string, item: T) {
  return Type.Object({ items: Type.Array(item), next: Type.Union([Type.String(), Type.Null()]) }, { ...closed, title });
}

/** How much of a list is read at once. `of`: what is counted where it is not the items themselves. */
export const limitOf = (of = '') =>
  Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,2}$', description: `1 to 200${of}; default 50` }));

export const PageQuery = Type.Object(
  {
    limit: limitOf(),
    after: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: '^[A-Za-z0-9_.:-]+$' })),
  },
  closed,
);
export type PageQuery = Static<typeof PageQuery>;

/** A query that must be empty: a token in a URL is refused, and so is every other parameter. */
export const NoQuery = Type.Object({}, closed);
/** A body that may be absent or `{}`. */
export const NoBody = Type.Union([Type.Object({}, closed), Type.Null()]);

/** An answer's schema for the OpenAPI document alone, where the handler's type comes from elsewhere. */
export const documented = (schema: TSchema): TSchema => schema;
/** The answer of what has nothing to say but that it is done. */
export const Done = Type.Null({ description: 'Done' });
export const Unchanged = Type.Null({ description: 'It is still what `If-None-Match` names' });
