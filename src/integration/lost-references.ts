/** References of an operation that lead out of the document or nowhere: what is behind them is not in the integration. */
import { listAt, member, type Node, type Operation, targetOf, textAt } from './openapi-document.ts';

const mostLooks = 20_000;
const mostLost = 20;
/** Members that hold values, in which `$ref` is a name like any other. */
const values = new Set(['example', 'examples', 'default', 'enum', 'const']);

export function lostReferences(document: Node, { operation, shared }: Operation): string[] {
  const open: unknown[] = [
    listAt(operation, 'parameters'),
    listAt(shared, 'parameters'),
    member(operation, 'requestBody'),
  ];
  const seen = new Set<unknown>();
  const lost = new Set<string>();
  for (let looks = 0; open.length > 0 && looks < mostLooks && lost.size < mostLost; looks++) {
    const one = open.pop();
    if (typeof one !== 'object' || one === null || seen.has(one)) continue;
    seen.add(one);
    const reference = textAt(one, '$ref');
    const target = reference === undefined ? undefined : targetOf(document, reference);
    if (reference !== undefined && target === undefined) lost.add(reference.slice(0, 200).replace(/\/\/[^/@]*@/, '//'));
    const inner = Object.entries(one).filter(([name]) => !values.has(name));
    open.push(target, ...inner.slice(0, mostLooks).map(([, value]) => value));
  }
  return [...lost];
}
