import { type Brand, startBrand } from '../../demo/brand/start-brand.ts';
import { type HostileBrand, startHostileBrand } from '../hostile/hostile-brand.ts';
import { type HostileProvider, startHostileProvider } from '../hostile/hostile-provider.ts';
import { openAccount, type Outsider } from './outsider.ts';
import { managedBot, recipeImportId } from './outsider-bots.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

/** An identity provider behind a proxy that can lie, with a managed credential and a bot of its own. */
export interface Desk {
  provider: HostileProvider;
  identityProviderId: string;
  managedBot: string;
}

/** A server that was set up over HTTP alone, real identity providers behind proxies, a brand API that can misbehave. */
export interface OutsiderStage {
  server: ServerProcess;
  outsider: Outsider;
  /** The provider behind every proxy, and the people who can sign in. */
  brand: Brand;
  api: HostileBrand;
  /** As many as asked for, at least one. */
  desks: [Desk, ...Desk[]];
  close(): Promise<void>;
}

const scope = 'orders.read orders.write';

/** The redirect URIs are registered at the brand; the first desk also has a credential for the recipe. */
export async function openStage(
  options: { desks?: number; env?: Record<string, string> } = {},
): Promise<OutsiderStage> {
  const brand = await startBrand({ port: 0 });
  const start = () => startHostileProvider({ upstream: brand.url });
  const [first, ...more] = [
    await start(),
    ...(await Promise.all(Array.from({ length: (options.desks ?? 1) - 1 }, start))),
  ];
  const api = await startHostileBrand({
    accepts: (token) => token !== undefined && !token.includes('{'),
    answer: () => ({ item: 'Lantern', items: [{ id: 'BW-1' }, { id: 'BW-2' }] }),
  });
  const places = [first, ...more].map(({ place }) => place);
  const server = await startServerProcess({ egressAllow: [...places, api.place], env: options.env ?? {} });
  const outsider = await openAccount(server, 'Outsider & Sons');
  const parts = { outsider, brand, api };
  const desk = await openDesk(parts, first, 'Sign-in');
  await addRecipeCredential(parts, desk);
  const others = await Promise.all(more.map((provider, n) => openDesk(parts, provider, `Sign-in ${n + 2}`)));
  return {
    ...parts,
    server,
    desks: [desk, ...others],
    async close() {
      await server.stopAndForget();
      await Promise.all([first, ...more, api].map((one) => one.close()));
      await brand.stop();
    },
  };
}

type Parts = Pick<OutsiderStage, 'outsider' | 'brand' | 'api'>;

async function openDesk({ outsider, brand, api }: Parts, provider: HostileProvider, name: string): Promise<Desk> {
  const identityProvider = await outsider.make('/identity-providers', {
    name: `${name} provider`,
    issuer: provider.url,
    client_id: brand.client.id,
    client_secret: brand.client.secret,
  });
  const credential = await outsider.make('/credentials', {
    name,
    type: 'consumer_authentication',
    identity_provider_id: identityProvider.id,
    scope,
    origins: [api.url],
  });
  brand.addRedirectUri(String(credential['redirect_uri']));
  const bot = await outsider.publish(managedBot({ brandUrl: api.url, credential: name }));
  return { provider, identityProviderId: identityProvider.id, managedBot: bot };
}

async function addRecipeCredential({ outsider, brand, api }: Parts, desk: Desk): Promise<void> {
  const query = new URLSearchParams({ client_id: brand.client.id, response_type: 'code', scope });
  const credential = await outsider.make('/credentials', {
    name: 'Recipe sign-in',
    type: 'consumer_authentication',
    identity_provider_id: desk.identityProviderId,
    authentication_url: `${desk.provider.url}/auth?${query}`,
    origins: [api.url],
    import_id: recipeImportId,
  });
  brand.addRedirectUri(String(credential['redirect_uri']));
}
