import swagger from '@fastify/swagger';
import { ProblemDocument } from '../api/problem-document.ts';
import type { App } from './app.ts';
import type { HttpConfig } from './http-config.ts';
import { problemResponses, withOperations } from './openapi-operations.ts';
import { pages } from './openapi-pages.ts';

type Node = Record<string, unknown>;

/**
 * `/openapi.json`, generated from the routes' own schemas. A schema's `title` is its name: it is moved to
 * `components.schemas` and referred to from everywhere it is used.
 */
export async function openapi(app: App, config: HttpConfig): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Errand',
        version: '1',
        description:
          'The Consumer API and the Account API. Errors are RFC 9457 problem documents with a `code` of a closed list.',
      },
      security: [{ bearer: [] }],
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A session token (Consumer API) or an API key (Account API)',
          },
        },
      },
      tags: [
        { name: 'conversations', description: 'Consumer API' },
        { name: 'account', description: 'Account API' },
        { name: 'liveperson', description: "LivePerson's own interfaces, where a bot or an account switches them on" },
        { name: 'operations' },
        { name: 'pages', description: 'Pages for people: HTML, no API' },
      ],
    },
    convertConstToEnum: false,
    hideUntagged: true,
    transform: ({ schema, url }) => ({ schema: withoutChoiceOfNothing(schema), url }),
  });
  app.get(
    '/openapi.json',
    { config: { surface: 'account' }, schema: { tags: ['operations'], security: [] } },
    async () => {
      const document: unknown = app.swagger();
      return nameSchemas(document, config);
    },
  );
}

/** In the document an optional body is an object that need not be sent. */
function withoutChoiceOfNothing<S extends object>(schema: S): S {
  const body: unknown = Reflect.get(schema ?? {}, 'body');
  if (!isNode(body) || !Array.isArray(body['anyOf'])) return schema;
  const sent = body['anyOf'].filter((choice: unknown) => !isNode(choice) || choice['type'] !== 'null');
  return sent.length === 1 ? { ...schema, body: sent[0] } : schema;
}

export function nameSchemas(document: unknown, config: HttpConfig): Node {
  const schemas: Node = {};
  const moved = move(document, schemas);
  const root = asNode(moved);
  schemas['Problem'] = move(plain(ProblemDocument), {}, true);
  schemas['BotDocument'] = { $ref: `${config.publicUrl}/schemas/bot.json` };
  const components = asNode(root['components']);
  return {
    ...root,
    paths: { ...withOperations(asNode(root['paths'])), ...pages },
    servers: [{ url: config.publicUrl }],
    components: {
      ...components,
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      responses: problemResponses(),
    },
  };
}

function move(value: unknown, schemas: Node, isRoot = false): unknown {
  if (Array.isArray(value)) return value.map((item) => move(item, schemas));
  if (!isNode(value)) return value;
  const turned: Node = {};
  for (const [key, inner] of Object.entries(value)) {
    turned[key] = key === 'responses' && isNode(inner) ? withProblem(inner, schemas) : move(inner, schemas);
  }
  if (isNode(value['requestBody']))
    turned['requestBody'] = { ...asNode(turned['requestBody']), required: needsBody(value['requestBody']) };
  const title = value['title'];
  if (isRoot || typeof title !== 'string' || !/^[A-Z][A-Za-z]+$/.test(title) || !looksLikeSchema(value)) return turned;
  schemas[title] = turned;
  return { $ref: `#/components/schemas/${title}` };
}

function withProblem(responses: Node, schemas: Node): Node {
  const turned = move(responses, schemas);
  return { ...asNode(turned), default: { $ref: '#/components/responses/Problem' } };
}

/** A body whose schema asks for nothing may be left out; a file may not. */
function needsBody(requestBody: Node): boolean {
  const content = asNode(requestBody['content']);
  if (content['application/octet-stream'] !== undefined) return true;
  const { schema } = asNode(asNode(content['application/json']));
  const { required, minProperties, anyOf } = asNode(schema);
  return Array.isArray(required) || minProperties !== undefined || anyOf !== undefined;
}

const asNode = (value: unknown): Node => (isNode(value) ? value : {});
const looksLikeSchema = (value: Node) => 'type' in value || 'anyOf' in value;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const plain = (schema: object): unknown => JSON.parse(JSON.stringify(schema));
