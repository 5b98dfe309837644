import {
  HOSTING_TYPES,
  QUOTA,
  catalogue,
  endpointQuotaKey,
  isCatalogued,
  notebookQuotaKey,
  quotaDefinition,
} from '../../lib/quotas/quota-catalogue';
import { loadPriceBook } from '../../lib/pricing/price-book';

describe('the quota catalogue', () => {
  it.each(Object.entries(QUOTA))('holds every quota that the project means by %s', (_meaning, key) => {
    expect(isCatalogued(key)).toBe(true);
  });

  it('holds each quota once, by code and by name', () => {
    const names = catalogue().map(({ service, name }) => `${service}/${name}`);
    const codes = catalogue().map(({ service, code }) => `${service}/${code}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(Object.keys(QUOTA).length);
  });

  it('counts per endpoint what AWS limits per endpoint', () => {
    const perEndpoint = catalogue().filter(({ scope }) => scope === 'endpoint');
    expect(perEndpoint.map(({ code }) => code).sort()).toEqual(['L-ED8DEE9B', 'serverless-memory-mb']);
  });

  it('refuses a quota that it does not hold', () => {
    expect(() => quotaDefinition('sagemaker/L-NONE')).toThrow(
      'quota sagemaker/L-NONE is not in the catalogue',
    );
  });

  it('finds a notebook quota by its type', () => {
    expect(notebookQuotaKey('ml.t3.medium')).toBe('sagemaker/L-E17566B7');
    expect(notebookQuotaKey('ml.none.medium')).toBeUndefined();
  });
});

describe('every hosting type', () => {
  const prices = loadPriceBook('us-east-1').prices;

  it('has the endpoint quota of its own name', () => {
    expect(HOSTING_TYPES.size).toBeGreaterThan(100);
    for (const type of HOSTING_TYPES.values()) {
      expect(quotaDefinition(endpointQuotaKey(type)).name).toBe(`${type.instanceType} for endpoint usage`);
    }
  });

  it('has a price', () => {
    const unpriced = [...HOSTING_TYPES.keys()].filter(
      (name) => prices[`sagemaker.hosting.${name}`] === undefined,
    );
    expect(unpriced).toEqual([]);
  });

  it('is burstable exactly when it is of the t family', () => {
    for (const { instanceType, burstable } of HOSTING_TYPES.values()) {
      expect([instanceType, burstable]).toEqual([instanceType, instanceType.startsWith('ml.t')]);
    }
  });

  it('runs on Arm exactly when its family is of Graviton', () => {
    for (const { instanceType, architecture } of HOSTING_TYPES.values()) {
      const graviton = /^ml\.[a-z]+\d+g/.test(instanceType);
      expect([instanceType, architecture]).toEqual([instanceType, graviton ? 'arm64' : 'x86_64']);
    }
  });
});
