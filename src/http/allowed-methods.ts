import type { FastifyInstance } from 'fastify';

/** Collects the routes as they are declared, and tells which methods a path has: so a wrong one is 405, not 404. */
export function collectMethods(app: FastifyInstance): (path: string) => string[] {
  const routes = new Map<string, { shape: RegExp; methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const route = routes.get(url) ?? { shape: shapeOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });
  return (path) => {
    const methods = new Set<string>();
    for (const route of routes.values()) {
      if (route.shape.test(path)) for (const method of route.methods) methods.add(method);
    }
    return [...methods].sort();
  };
}

function shapeOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
