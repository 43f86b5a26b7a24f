import Type from 'typebox';
import { FileQuery, ConversationParams, MessageAccepted } from '../../api/conversation.ts';
import { Problem } from '../../world/problem.ts';
import type { App } from '../app.ts';
import type { ConsumerParts } from './consumer-parts.ts';
import { createUploadGate } from './uploads.ts';

/** Bytes; LivePerson's limit. */
const largest = 5 * 1024 * 1024;

/** `POST /v1/conversations/{id}/files?name=…`: the file itself is the body, of whatever media type. */
export async function filesRoute(app: App, { runtime, guard, limits, world }: ConsumerParts): Promise<void> {
  await app.register(async (scope: App) => {
    // Here a JSON file is a file like any other.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: largest },
      async (_: unknown, body: Buffer) => body,
    );
    scope.post(
      '/v1/conversations/:id/files',
      {
        config: { surface: 'consumer', rateLimit: limits.files },
        bodyLimit: largest,
        // Places are for those who are waited for: others could hold them with bodies that never end.
        onRequest: [
          guard.checkSpeaker,
          (request) => runtime.expectFile(guard.of(request)),
          createUploadGate({ clock: world.clock, sessionOf: guard.of }),
        ],
        schema: {
          tags: ['conversations'],
          summary: 'Send the file that the bot asks for',
          description: 'The body is the file, at most 5 MB. Accepted only while the bot waits for one.',
          params: ConversationParams,
          querystring: FileQuery,
          consumes: ['application/octet-stream'],
          body: Type.Unknown({ description: 'The file itself, of any media type' }),
          response: { 202: MessageAccepted },
        },
      },
      async (request, reply) => {
        const { body } = request;
        if (!Buffer.isBuffer(body) || body.length === 0)
          throw new Problem('invalid_body', 'The body must be the file: it is empty.');
        const { name, caption } = request.query;
        const file = { name, bytes: body, ...(caption === undefined ? {} : { caption }) };
        return reply.code(202).send(await runtime.acceptFile(guard.of(request), file));
      },
    );
  });
}
