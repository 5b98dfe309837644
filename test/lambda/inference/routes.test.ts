import { parseRoutes } from '../../../lambda/inference/routes';
import { createInference } from '../../../lambda/inference/service';

const refuse = () => Promise.reject(new Error('not asked'));

describe('ROUTES', () => {
  it('says where each deployed specialist is served', () => {
    const routes = {
      general: { endpointName: 'dev-general' },
      ddos: { endpointName: 'dev-shared', targetModel: 'ddos/0123.tar.gz' },
      webattacks: { embedded: true },
    };
    expect(parseRoutes(JSON.stringify(routes))).toEqual(routes);
  });

  it.each([
    [undefined, /ROUTES is not set/],
    ['{', /ROUTES is not JSON/],
    ['{}', /ROUTES: at least one specialist/],
    ['{"phishing": {"embedded": true}}', /phishing/],
    ['{"ddos": {"embedded": false}}', /ROUTES\.ddos: must be \{ endpointName, targetModel\? \}/],
    ['{"ddos": {"endpointName": ""}}', /ROUTES\.ddos/],
    ['{"ddos": {"endpointName": "a", "region": "b"}}', /ROUTES\.ddos/],
  ])('is refused at the cold start for %s', (text, message) => {
    expect(() => parseRoutes(text)).toThrow(message);
  });

  it('is refused when it serves a specialist embedded and the bundle holds none', () => {
    const parts = { routes: { ddos: { embedded: true as const } }, invoke: refuse, log: () => undefined };
    expect(() => createInference(parts)).toThrow(
      'ROUTES serves ddos embedded, but this bundle holds no model',
    );
  });
});
