/** The house of ARCHITECTURE.md as rules: a room imports only from lower floors, never a sibling, never up. */
import type { IForbiddenRuleType } from 'dependency-cruiser';

/** Top to bottom; rooms in one row are siblings. `main` is `src/main/` and the files directly in `src/`. */
export const floors: readonly (readonly string[])[] = [
  ['main'],
  ['http', 'scripts'],
  ['runtime'],
  ['delegation'],
  ['integration'],
  ['engine', 'sandbox', 'egress', 'vault', 'store', 'bus', 'nlu'],
  ['api'],
  ['bot'],
  ['world'],
];

/** A test puts any rooms together, as `main` does. */
const tests = String.raw`(\.test\.tsx?|[/.-]test-parts\.ts)$`;
const mainFloor = String.raw`^src/([^/]+$|main/)`;
const folder = (names: readonly string[]) => `^src/(${names.join('|')})/`;

export const floorRules: IForbiddenRuleType[] = [
  ...floors.flatMap((siblings, height) => siblings.map((room) => roomRule(room, height))),
  {
    name: 'known-rooms',
    comment: 'A new room gets a floor in tools/check/floor-rules.ts and a line in ARCHITECTURE.md first.',
    severity: 'error',
    from: { path: '^src/[^/]+/', pathNot: folder(floors.flat()) },
    to: {},
  },
  {
    name: 'no-cycle',
    comment: 'Move what both need to a lower file.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    comment: 'An import that leads nowhere.',
    severity: 'error',
    from: { path: '^(src|web|demo|acceptance|bench|drills|tools)/' },
    // Styles are no modules, and the bench installs its peer only when it runs.
    to: { couldNotResolve: true, pathNot: String.raw`\.css$|^botbuilder(-dialogs)?$` },
  },
  {
    name: 'no-node-below-engine',
    comment: 'world, bot and api run in browsers too.',
    severity: 'error',
    from: { path: '^src/(world|bot|api)/', pathNot: tests },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'web-imports-contract-only',
    comment: 'Pages know the HTTP contract (api), the document (bot) and their ground (world).',
    severity: 'error',
    from: { path: '^web/', pathNot: tests },
    to: { path: '^(src/(?!(api|bot|world)/)|demo/|acceptance/|bench/|drills/|tools/)' },
  },
  {
    name: 'brand-is-an-outsider',
    comment: 'The demo brand knows Errand by its HTTP contract only.',
    severity: 'error',
    from: { path: '^demo/brand/' },
    to: { path: '^(src|web|acceptance|bench|drills|tools|demo/(?!brand/))' },
  },
  {
    name: 'product-stands-alone',
    comment: 'The product imports nothing of its demo, tests and tools; only the command line may start the demo.',
    severity: 'error',
    from: { path: '^src/', pathNot: [tests, mainFloor] },
    to: { path: '^(web|demo|acceptance|bench|drills|tools)/' },
  },
  {
    name: 'no-tests-in-product',
    comment: 'What a test needs stays with tests.',
    severity: 'error',
    from: { path: '^(src|web|demo)/', pathNot: tests },
    to: { path: tests },
  },
  {
    name: 'no-development-packages-in-product',
    comment: 'What the server imports is listed under dependencies.',
    severity: 'error',
    from: { path: '^src/', pathNot: tests },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

function roomRule(room: string, height: number): IForbiddenRuleType {
  const lower = floors.slice(height + 1).flat();
  const own = room === 'main' ? mainFloor : `^src/${room}/`;
  return {
    name: `floor-of-${room}`,
    comment: `${room} may import only ${lower.join(', ') || 'nothing of the house'}.`,
    severity: 'error',
    from: { path: own, pathNot: tests },
    to: { path: '^src/', pathNot: lower.length > 0 ? [own, folder(lower)] : own },
  };
}
