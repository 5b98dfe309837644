import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';

/** Where calls go and as whom. */
export interface ClientSettings {
  readonly region: string;
  /** Profile of the AWS configuration. @default - what the standard credential chain finds */
  readonly profile?: string;
}

/** What asking for increases takes of AWS. */
export interface QuotaClients {
  readonly serviceQuotas: ServiceQuotasClient;
  /**
   * Account of the credentials, twelve digits.
   *
   * @throws what the client throws where there are none, or they are not accepted
   */
  readonly account: () => Promise<string>;
}

export type QuotaClientFactory = (settings: ClientSettings) => QuotaClients;

/** Tries of one call; Service Quotas answers about five calls a second, and the SDK backs off with jitter. */
const MAX_ATTEMPTS = 6;

/** Clients of AWS itself, with the standard credential chain. */
export const awsQuotaClients: QuotaClientFactory = ({ region, profile }) => {
  const settings = {
    region,
    maxAttempts: MAX_ATTEMPTS,
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
  };
  return {
    serviceQuotas: new ServiceQuotasClient(settings),
    account: async () => {
      const { Account } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
      if (Account === undefined) throw new Error('AWS gives no account for these credentials');
      return Account;
    },
  };
};
