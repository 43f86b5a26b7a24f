import type { RateLimitOptions } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';
import { AccountParams, ResourceParams } from '../../api/account.ts';
import { Done, documented, NoBody, NoQuery, PageQuery, Unchanged } from '../../api/common.ts';
import { appendAudit } from '../../store/audit.ts';
import type { Database, Transaction } from '../../store/database.ts';
import type { Page, PageRequest } from '../../store/page.ts';
import type { Versioned } from '../../store/versioned.ts';
import { isObject, type Json } from '../../world/json.ts';
import { Problem } from '../../world/problem.ts';
import type { Clock } from '../../world/world.ts';
import type { App } from '../app.ts';
import type { AccountGuard } from './account-guard.ts';
import { expectedVersion, isKnown, setEntityTag } from './entity-tag.ts';
import { readOnlyMembers, withoutReadOnly } from './put-back.ts';

/** A write in two parts: what takes time (sealing, discovery, checks) is done; this stores it, inside the transaction. */
export type Write<Row> = (tx: Transaction) => Promise<Row>;
/** `actor`: who writes, as the audit names it. */
export type Key = Versioned & { at: number; actor: string };

type Named = { id: string; name: string; version: number };

/** A collection of an account's own things, as the conventions of the contract want it. */
export interface Resource<Input, Row extends Listed & Named, Listed> {
  /** Such as `/credentials`. */
  path: string;
  /** Such as `credential`; the audit's actions start with it. */
  term: string;
  /** bytes, where more than usual is taken. */
  bodyLimit?: number;
  /** What `shown` has and `input` has not is read-only: a replace may repeat it. */
  schemas: { input: TSchema; shown: TSchema; page: TSchema };
  /** A body that is no resource but what stands in one: none of its members is read-only. */
  isBare?(body: object): boolean;
  /** Members of `input` that this body's others decide: read-only in it while they are as they were. */
  decided?(body: object): readonly string[];
  list(account_id: string, page: PageRequest): Promise<Page<Listed>>;
  find(account_id: string, id: string): Promise<Row | undefined>;
  create(owner: { account_id: string; at: number }, input: Input): Promise<Write<Row>>;
  replace(key: Key, input: Input): Promise<Write<Row>>;
  remove(tx: Transaction, key: Key): Promise<void>;
  /** What is shown may change while its version stays: the tag does not say that the caller has it all. */
  changesAlone?: boolean;
  /** What a create or replace answers besides, looked for once the row is stored. */
  settled?(row: Row): Promise<Row>;
  /** Or a promise of it. */
  show(row: Row): unknown;
  showListed(row: Listed): unknown;
}

export interface ResourceParts {
  db: Database;
  clock: Clock;
  guard: AccountGuard;
  limit: RateLimitOptions;
}

export function resourceRoutes<Input, Row extends Listed & Named, Listed>(
  app: App,
  parts: ResourceParts,
  resource: Resource<Input, Row, Listed>,
): void {
  collectionRoutes(app, parts, resource);
  itemRoutes(app, parts, resource);
}

function collectionRoutes<Input, Row extends Listed & Named, Listed>(
  app: App,
  parts: ResourceParts,
  resource: Resource<Input, Row, Listed>,
): void {
  const { schemas, term } = resource;
  const url = `/v1/accounts/:account_id${resource.path}`;
  const route = routeOptions(parts);
  app.get(
    url,
    {
      ...route,
      schema: {
        tags: ['account'],
        summary: `List: ${term}`,
        params: AccountParams,
        querystring: PageQuery,
        response: { 200: documented(schemas.page) },
      },
    },
    async (request) => {
      const { items, next } = await resource.list(request.params.account_id, pageOf(request.query));
      return { items: items.map(resource.showListed), next };
    },
  );
  app.post(
    url,
    {
      ...route,
      ...limitOf(resource),
      schema: {
        tags: ['account'],
        summary: `Create: ${term}`,
        params: AccountParams,
        querystring: NoQuery,
        body: schemas.input,
        response: { 201: documented(schemas.shown) },
      },
    },
    async (request, reply) => {
      const owner = { account_id: request.params.account_id, at: parts.clock.now() };
      const work = await resource.create(owner, validated<Input>(request.body));
      const row = await audited(parts, request, { ...owner, action: `${term}.created`, work });
      setEntityTag(reply, row.version);
      return reply.code(201).send(await shownAfterWrite(resource, row));
    },
  );
}

function itemRoutes<Input, Row extends Listed & Named, Listed>(
  app: App,
  parts: ResourceParts,
  resource: Resource<Input, Row, Listed>,
): void {
  const { schemas, term } = resource;
  const url = `/v1/accounts/:account_id${resource.path}/:id`;
  const route = routeOptions(parts);
  const schema = { tags: ['account'], params: ResourceParams, querystring: NoQuery };
  const readOnly = readOnlyMembers(schemas);
  app.get(
    url,
    {
      ...route,
      schema: {
        ...schema,
        summary: `Read: ${term}`,
        response: { 200: documented(schemas.shown), 304: documented(Unchanged) },
      },
    },
    async (request, reply) => {
      const row = await existing(resource, request.params);
      setEntityTag(reply, row.version);
      if (isKnown(request, row.version) && !resource.changesAlone) return reply.code(304).send();
      return await resource.show(row);
    },
  );
  app.put(
    url,
    {
      ...route,
      ...limitOf(resource),
      async preValidation(request) {
        request.body = await puttable(resource, readOnly, request);
      },
      schema: {
        ...schema,
        summary: `Replace: ${term}. What is read-only may stand in the body as it was read`,
        body: schemas.input,
        response: { 200: documented(schemas.shown) },
      },
    },
    async (request, reply) => {
      const key = keyOf(parts, request, request.params);
      await existing(resource, key);
      const work = await resource.replace(key, validated<Input>(request.body));
      const row = await audited(parts, request, { ...key, action: `${term}.changed`, work });
      setEntityTag(reply, row.version);
      return await shownAfterWrite(resource, row);
    },
  );
  app.delete(
    url,
    { ...route, schema: { ...schema, summary: `Delete: ${term}`, body: NoBody, response: { 204: documented(Done) } } },
    async (request, reply) => {
      const key = keyOf(parts, request, request.params);
      const { id } = key;
      const work = async (tx: Transaction) => {
        await resource.remove(tx, key);
        return { id };
      };
      await audited(parts, request, { ...key, action: `${term}.deleted`, work });
      return reply.code(204).send();
    },
  );
}

function keyOf(
  { guard, clock }: ResourceParts,
  request: FastifyRequest,
  params: { account_id: string; id: string },
): Key {
  return { ...params, ...expectedVersion(request), at: clock.now(), actor: guard.actor(request) };
}

/** The body of a replace as its schema wants it. */
async function puttable<Input, Row extends Listed & Named, Listed>(
  resource: Resource<Input, Row, Listed>,
  readOnly: ReadonlySet<string>,
  { body, params }: { body: unknown; params: { account_id: string; id: string } },
): Promise<unknown> {
  if (!isObject(body) || resource.isBare?.(body)) return body;
  const decided = resource.decided?.(body) ?? [];
  if (!Object.keys(body).some((name) => readOnly.has(name) || decided.includes(name))) return body;
  const shown = resource.showListed(await existing(resource, params));
  const stored = isObject(shown) ? shown : {};
  const asTheyWere = decided.filter((name) => body[name] === stored[name]);
  return withoutReadOnly(body, new Set([...readOnly, ...asTheyWere]), stored);
}

async function shownAfterWrite<Row>(
  resource: { settled?(row: Row): Promise<Row>; show(row: Row): unknown },
  row: Row,
): Promise<unknown> {
  return await resource.show((await resource.settled?.(row)) ?? row);
}

async function existing<Row>(
  resource: { term: string; find(account_id: string, id: string): Promise<Row | undefined> },
  { account_id, id }: { account_id: string; id: string },
): Promise<Row> {
  const row = await resource.find(account_id, id);
  if (!row) throw new Problem('not_found', `There is no such ${resource.term.replaceAll('_', ' ')}.`);
  return row;
}

/** Does the work and records it in the account's audit, in one transaction: neither stands without the other. */
export function audited<Row extends { id: string; name?: string; version?: number }>(
  parts: Pick<ResourceParts, 'db' | 'guard'>,
  request: FastifyRequest,
  act: { account_id: string; at: number; action: string; work: Write<Row>; details?: (row: Row) => Json },
): Promise<Row> {
  const actor = parts.guard.actor(request);
  const { account_id, at, action } = act;
  return parts.db.write(async (tx) => {
    const row = await act.work(tx);
    const details = act.details?.(row) ?? nameAndVersion(row);
    await appendAudit(tx, { account_id, at, actor, action, subject: row.id, details });
    return row;
  });
}

function nameAndVersion(row: { name?: string; version?: number }): Json {
  return {
    ...(row.name === undefined ? {} : { name: row.name }),
    ...(row.version === undefined ? {} : { version: row.version }),
  };
}

export const routeOptions = ({ guard, limit }: Pick<ResourceParts, 'guard' | 'limit'>) =>
  ({ config: { surface: 'account', rateLimit: limit }, onRequest: guard.check }) as const;

const limitOf = ({ bodyLimit }: { bodyLimit?: number }) => (bodyLimit === undefined ? {} : { bodyLimit });

/** The body, which the route's schema has validated: generic code cannot compute the static type of a schema it is given. */
function validated<Input>(body: unknown): Input {
  return body as Input;
}

export function pageOf(query: PageQuery): PageRequest {
  const limit = Number(query.limit ?? 50);
  if (limit > 200) {
    throw new Problem('invalid_body', 'A page has at most 200 items.', [{ pointer: '/limit', detail: 'at most 200' }]);
  }
  return { limit, ...(query.after === undefined ? {} : { after: query.after }) };
}
