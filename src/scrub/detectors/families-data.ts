// Vaults, database services and observability.

import type { Detector } from './detector.js';
import { looksRandom } from './randomness.js';
import { B62, BASE64, DIGITS, HEX, infixed, LOWER, named, run, token, UUID, WORD, WORD_CHARACTERS } from './token.js';

const GRAFANA = 'grafana.com/docs: service account and access policy tokens';

export const VAULT_DETECTORS: readonly Detector[] = [
  token({
    name: 'vault-token',
    prefixes: ['hvs.', 'hvb.', 'hvr.'],
    body: [run(WORD, 24, 400)],
    source: 'developer.hashicorp.com/vault/docs/concepts/tokens',
  }),
  token({
    name: 'vault-token',
    prefixes: Array.from(WORD_CHARACTERS.replace(/\W|_/g, ''), (one) => `s.${one}`),
    body: [run(B62, 23)],
    left: '_.-',
    source: 'developer.hashicorp.com/vault/docs/concepts/tokens: before version 1.10',
    accept: looksRandom,
  }),
  named({
    name: 'vault-token',
    words: ['vault_', 'vault-', 'vaulttoken'],
    body: [run('sbr', 1), '.', run(B62, 24)],
    source: 'developer.hashicorp.com/vault/docs/concepts/tokens',
  }),
  token({
    name: 'onepassword-service-token',
    prefixes: ['ops_eyJ'],
    body: [run(`${BASE64}_=-`, 200, 2000)],
    left: '_-',
    source: 'developer.1password.com: service accounts',
  }),
  token({
    name: 'onepassword-secret-key',
    prefixes: ['A3-'],
    body: [
      run('A-Z0-9', 6),
      '-',
      run('A-Z0-9', 11),
      '-',
      run('A-Z0-9', 5),
      '-',
      run('A-Z0-9', 5),
      '-',
      run('A-Z0-9', 5),
    ],
    source: 'support.1password.com: Secret Key',
  }),
  token({
    name: 'onepassword-secret-key',
    prefixes: ['A3-'],
    body: [
      run('A-Z0-9', 6),
      '-',
      run('A-Z0-9', 6),
      '-',
      run('A-Z0-9', 5),
      '-',
      run('A-Z0-9', 5),
      '-',
      run('A-Z0-9', 5),
      '-',
      run('A-Z0-9', 5),
    ],
    source: 'support.1password.com: Secret Key',
  }),
  token({
    name: 'age-secret-key',
    prefixes: ['AGE-SECRET-KEY-1'],
    body: [run('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)],
    source: 'age-encryption.org/v1',
  }),
  token({
    name: 'infisical-token',
    // The first part is an ObjectId of MongoDB: seconds since 1970, of these years.
    prefixes: ['st.6', 'st.7'],
    body: [run(HEX, 23), '.', run(HEX, 32), '.', run(HEX, 32)],
    source: 'infisical.com/docs: service tokens',
  }),
  token({
    name: 'kubernetes-bootstrap-token',
    prefixes: ['kubeadm join --token '],
    body: [run(LOWER, 6), '.', run(LOWER, 16)],
    source: 'kubernetes.io/docs: bootstrap tokens',
  }),
];

export const DATABASE_SERVICE_DETECTORS: readonly Detector[] = [
  token({
    name: 'planetscale-credential',
    prefixes: ['pscale_pw_', 'pscale_tkn_', 'pscale_oauth_'],
    body: [run(`${WORD}=.`, 32, 72)],
    left: '_-',
    source: 'planetscale.com/docs: passwords and service tokens',
  }),
  token({
    name: 'neon-password',
    prefixes: ['npg_'],
    body: [run(B62, 12, 24)],
    source: 'neon.tech/docs: passwords',
    accept: (found) => /\d/.test(found),
  }),
  token({
    name: 'neon-key',
    prefixes: ['napi_'],
    body: [run(LOWER, 60, 72)],
    source: 'neon.tech/docs/manage/api-keys',
  }),
  token({
    name: 'supabase-token',
    prefixes: ['sbp_'],
    body: [run(HEX, 40)],
    source: 'supabase.com/docs: access tokens',
  }),
  token({
    name: 'supabase-secret-key',
    prefixes: ['sb_secret_'],
    body: [run(WORD, 31, 45)],
    source: 'supabase.com/docs/guides/api/api-keys',
  }),
  token({
    name: 'atlas-client-secret',
    prefixes: ['mdb_sa_sk_'],
    body: [run(WORD, 40, 48)],
    source: 'mongodb.com/docs/atlas: service accounts',
  }),
  token({
    name: 'cockroachdb-key',
    prefixes: ['CCDB1_'],
    body: [run(B62, 22), '_', run(B62, 40)],
    source: 'cockroachlabs.com/docs: API access',
  }),
  token({
    name: 'clickhouse-cloud-key',
    prefixes: ['4b1d'],
    body: [run(B62, 38)],
    left: '_+/-',
    source: 'clickhouse.com/docs/cloud: API keys',
  }),
  token({
    name: 'datastax-token',
    prefixes: ['AstraCS:'],
    body: [run(B62, 20, 40), ':', run(HEX, 64)],
    source: 'docs.datastax.com: application tokens',
  }),
  token({
    name: 'datastax-token',
    prefixes: ['AstraCS:'],
    body: [run(B62, 20, 100)],
    source: 'docs.datastax.com: application tokens',
  }),
  token({
    name: 'elastic-cloud-key',
    prefixes: ['essu_'],
    body: [run(`${BASE64}=_-`, 60, 200)],
    left: '_-',
    source: 'elastic.co/docs: Elastic Cloud API keys',
  }),
  token({
    name: 'databricks-token',
    prefixes: ['dapi', 'dkea', 'dose', 'dsapi'],
    body: [run(HEX, 32)],
    left: '_+/-',
    source: 'docs.databricks.com: personal access tokens',
  }),
  token({
    name: 'databricks-token',
    prefixes: ['dapi', 'dkea', 'dose', 'dsapi'],
    body: [run(HEX, 32), '-', run(DIGITS, 1)],
    left: '_+/-',
    source: 'docs.databricks.com: personal access tokens',
  }),
  token({
    name: 'timescale-secret',
    prefixes: ['tssec_'],
    body: [run(B62, 32, 80)],
    source: 'docs.timescale.com: client credentials',
  }),
  named({
    name: 'upstash-token',
    words: ['upstash'],
    body: [run(`${BASE64}=_-`, 40, 200)],
    source: 'upstash.com/docs/redis: REST tokens',
  }),
  named({
    name: 'snowflake-token',
    words: ['snowflake'],
    body: [run(WORD, 100, 500)],
    source: 'docs.snowflake.com: programmatic access tokens',
  }),
  named({
    name: 'algolia-key',
    words: ['algolia'],
    body: [run(LOWER, 32)],
    source: 'algolia.com/doc: API keys',
  }),
  token({
    name: 'dbt-service-token',
    prefixes: ['dbtc_', 'dbtu_', 'dbtp_'],
    body: [run(WORD, 32, 64)],
    source: 'docs.getdbt.com: service tokens',
  }),
  token({
    name: 'turso-token',
    prefixes: ['turso_'],
    body: [run(WORD, 32, 400)],
    source: 'docs.turso.tech: API tokens',
    accept: looksRandom,
  }),
];

export const OBSERVABILITY_DETECTORS: readonly Detector[] = [
  token({
    name: 'sentry-org-token',
    prefixes: ['sntrys_eyJ'],
    body: [run(`${BASE64}=`, 60, 400), '_', run(BASE64, 43)],
    left: '_',
    source: 'docs.sentry.io: auth tokens',
  }),
  token({
    name: 'sentry-user-token',
    prefixes: ['sntryu_', 'sntrya_', 'sntryi_'],
    body: [run(HEX, 64)],
    source: 'docs.sentry.io: auth tokens',
  }),
  token({
    name: 'grafana-service-token',
    prefixes: ['glsa_'],
    body: [run(B62, 32), '_', run(HEX, 8)],
    source: GRAFANA,
  }),
  token({
    name: 'grafana-cloud-token',
    prefixes: ['glc_'],
    body: [run(`${BASE64}=`, 32, 400)],
    left: '_',
    source: GRAFANA,
  }),
  token({
    name: 'grafana-key',
    prefixes: ['eyJrIjoi'],
    body: [run(`${BASE64}=`, 40, 400)],
    left: '_+/-',
    source: GRAFANA,
  }),
  token({
    name: 'newrelic-user-key',
    prefixes: ['NRAK-'],
    body: [run('A-Z0-9', 27)],
    source: 'docs.newrelic.com: API keys',
  }),
  token({
    name: 'newrelic-insights-key',
    prefixes: ['NRII-', 'NRIQ-', 'NRRA-', 'NRAA-'],
    body: [run(WORD, 32, 42)],
    source: 'docs.newrelic.com: API keys',
  }),
  token({
    name: 'newrelic-browser-key',
    prefixes: ['NRJS-'],
    body: [run(HEX, 19)],
    source: 'docs.newrelic.com: API keys',
  }),
  infixed({
    name: 'newrelic-license-key',
    before: [run(HEX, 36)],
    infixes: ['NRAL', 'FFFFNRAL'],
    after: [],
    source: 'docs.newrelic.com: API keys',
  }),
  token({
    name: 'dynatrace-token',
    prefixes: ['dt0c01.', 'dt0s16.', 'dt0s08.'],
    body: [run('A-Z0-9', 8, 24), '.', run('A-Z0-9', 64)],
    source: 'docs.dynatrace.com: token formats',
  }),
  named({
    name: 'datadog-key',
    words: ['datadog', 'dd_api', 'dd-api', 'dd_app', 'dd-app', 'dogapi'],
    body: [run(LOWER, 32, 40)],
    source: 'docs.datadoghq.com: API and application keys',
  }),
  token({
    name: 'honeycomb-key',
    prefixes: ['hcaik_', 'hcbik_', 'hcalk_', 'hcxik_', 'hcamk_'],
    body: [run(LOWER, 58, 62)],
    source: 'docs.honeycomb.io: API keys',
  }),
  token({
    name: 'logfire-token',
    prefixes: ['pylf_v1_', 'pylf_v2_'],
    body: [run('a-z', 2), '_', run(B62, 40, 80)],
    source: 'logfire.pydantic.dev: write tokens',
  }),
  token({ name: 'langfuse-key', prefixes: ['sk-lf-'], body: [...UUID], source: 'langfuse.com/docs: API keys' }),
  token({
    name: 'posthog-key',
    prefixes: ['phx_', 'phs_'],
    body: [run(B62, 41, 52)],
    source: 'posthog.com/docs/api: personal keys',
  }),
];
