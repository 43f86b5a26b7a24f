import type { Integration } from '../document.ts';
import { pointer } from '../problem.ts';
import type { Escalation } from './export-index.ts';
import { type ImportCredential, integrationOf } from './integration.ts';
import { type ForeignRecord, placedRecordsAt, textAt } from './record.ts';
import type { Reporting } from './report.ts';

const mostIntegrations = 1_000;

export interface ReadIntegrations {
  integrations: Integration[];
  /** By the export's id and by name. */
  byKey: Map<string, Integration>;
  escalations: Map<string, Escalation>;
  /** Where each stood in the export, by id. */
  responders: Map<string, string>;
}

export function integrationsOf(
  json: ForeignRecord,
  credentials: readonly ImportCredential[],
  reporting: Reporting,
): ReadIntegrations {
  const read: ReadIntegrations = { integrations: [], byKey: new Map(), escalations: new Map(), responders: new Map() };
  const names = new Set<string>();
  for (const [at, record] of placedRecordsAt(json, 'responder')) {
    const path = pointer('/responder', at);
    if (/ESCALATION|AGENT_TRANSFER/i.test(textAt(record, 'integrationType') ?? '')) {
      for (const key of ['id', 'name']) read.escalations.set(textAt(record, key) ?? '', { record, path });
      reporting.mapped(path, 'It hands over to people: the interactions that run it are agent transfers now.');
      continue;
    }
    const given = integrationOf({ record, at, credentials, reporting });
    if (!given) continue;
    if (read.responders.has(given.id) || names.size >= mostIntegrations) {
      reporting.ignored(
        path,
        `Another integration has the id of "${given.name}", or there are more than ${mostIntegrations}: this one was left out.`,
      );
      continue;
    }
    // Interactions name an integration by its id, so two of one name are two all the same.
    const integration = { ...given, name: freeName(given.name, names) };
    if (integration.name !== given.name)
      reporting.approximated(
        path,
        `Another integration is also called "${given.name}": this one is "${integration.name}".`,
      );
    names.add(integration.name);
    read.integrations.push(integration);
    read.responders.set(integration.id, path);
    read.byKey.set(integration.id, integration);
    const called = textAt(record, 'name') ?? integration.name;
    if (!read.byKey.has(called)) read.byKey.set(called, integration);
  }
  return read;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name.slice(0, 190)} (${number})`;
    if (!taken.has(free)) return free;
  }
}
