import { parseConfiguration } from '../../../lambda/inference/inference-configuration';
import { CONFIGURATION, setUp } from '../../support/inference/call-inference';

const text = (change: object) => JSON.stringify({ ...CONFIGURATION, ...change });
const route = (change: object) => ({ ddos: { ...CONFIGURATION.routes.ddos, ...change } });

describe('INFERENCE', () => {
  it('says where each specialist is served, who falls back, and what is on trial', () => {
    const full = {
      ...CONFIGURATION,
      routes: { general: { embedded: true }, ...route({ targetModel: 'ddos/0123.tar.gz' }) },
      challengers: { ddos: { share: 0.1, shadow: true } },
      capture: { bucket: 'samples', sampleRate: 0.01 },
    };
    expect(parseConfiguration(JSON.stringify(full))).toEqual(full);
  });

  it.each([
    [undefined, /INFERENCE is not set/],
    ['{', /INFERENCE is not JSON/],
    [text({ routes: {} }), /INFERENCE\.routes: at least one specialist/],
    [text({ routes: { phishing: { embedded: true } } }), /phishing/],
    [text({ routes: { ddos: { embedded: false } } }), /routes\.ddos: must be \{ endpointName, targetModel\?/],
    [text({ routes: route({ endpointName: '' }) }), /routes\.ddos/],
    [text({ routes: route({ region: 'b' }) }), /routes\.ddos/],
    [text({ challengers: { ddos: { share: 2, shadow: false } } }), /challengers\.ddos\.share/],
    [text({ fallback: 'yes' }), /INFERENCE\.fallback/],
    [text({ colour: 'red' }), /INFERENCE: colour is no key here/],
  ])('%# is refused at the cold start, with the key', (given, message) => {
    expect(() => parseConfiguration(given)).toThrow(message);
  });

  it.each([
    ['serves', { routes: { ddos: { embedded: true as const } } }],
    ['tries', { challengers: { ddos: { share: 0.5, shadow: false } } }],
  ])('is refused when it %s a model in a bundle that holds none', (_, configuration) => {
    expect(() => setUp({ configuration })).toThrow(
      'INFERENCE has the function answer for ddos, but it holds no model',
    );
  });

  it('is refused when it routes a specialist whose contract the bundle lacks', () => {
    expect(() => setUp({ contracts: { champion: {}, challenger: {} } })).toThrow(
      'INFERENCE routes general, ddos, bruteforce, webattacks, whose contract is missing',
    );
  });
});
