// Code hosting, continuous integration and package registries.

import type { Detector } from './detector.js';
import { githubChecksum, hasChecksum } from './checksum.js';
import { sample } from './sample.js';
import { looksRandom } from './randomness.js';
import { B62, BASE64, HEX, LOWER, named, infixed, run, token, UUID, WORD } from './token.js';

const GITHUB = 'docs.github.com/authentication: token prefixes; github.blog: behind GitHub’s new token formats';
const GITLAB = 'docs.gitlab.com/security/tokens: token prefixes';

export const CODE_DETECTORS: readonly Detector[] = [
  token({
    name: 'github-token',
    prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    body: [run(B62, 36, 255)],
    source: GITHUB,
    certain: hasChecksum,
    bodies: () => [sample(B62, 36), withChecksum(sample(B62, 30)), withChecksum('A'.repeat(30))],
  }),
  token({
    name: 'github-fine-grained-token',
    prefixes: ['github_pat_'],
    body: [run(`${B62}_`, 82, 255)],
    source: GITHUB,
  }),
  token({
    name: 'gitlab-token',
    prefixes: ['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glft-', 'glsoat-', 'glffct-', 'glwt-'],
    body: [run(WORD, 20, 320)],
    source: GITLAB,
  }),
  token({
    name: 'gitlab-routable-token',
    prefixes: ['glpat-', 'glrt-'],
    body: [run(WORD, 27, 300), '.', run(LOWER, 2), '.', run(LOWER, 9, 12)],
    source: GITLAB,
  }),
  token({
    name: 'gitlab-routable-token',
    prefixes: ['glpat-', 'glrt-'],
    body: [run(WORD, 27, 300), '.', run(LOWER, 9, 12)],
    source: GITLAB,
  }),
  token({ name: 'gitlab-incoming-mail-token', prefixes: ['glimt-'], body: [run(WORD, 25, 40)], source: GITLAB }),
  token({ name: 'gitlab-trigger-token', prefixes: ['glptt-'], body: [run(HEX, 40, 64)], source: GITLAB }),
  token({ name: 'gitlab-agent-token', prefixes: ['glagent-'], body: [run(WORD, 50, 80)], source: GITLAB }),
  token({ name: 'gitlab-oauth-secret', prefixes: ['gloas-'], body: [run(WORD, 64, 80)], source: GITLAB }),
  token({
    name: 'gitlab-job-token',
    prefixes: ['glcbt-'],
    body: [run(B62, 1, 5), '_', run(WORD, 20, 40)],
    source: GITLAB,
  }),
  token({
    name: 'gitlab-runner-registration-token',
    prefixes: ['GR1348941'],
    body: [run(WORD, 20, 40)],
    source: GITLAB,
  }),
  token({ name: 'gitlab-session', prefixes: ['_gitlab_session='], body: [run(LOWER, 32, 64)], source: GITLAB }),
  token({
    name: 'atlassian-api-token',
    prefixes: ['ATATT3', 'ATCTT3'],
    body: [run(`${WORD}=`, 150, 260)],
    source: 'support.atlassian.com: manage API tokens',
  }),
  token({
    name: 'bitbucket-app-password',
    prefixes: ['ATBB'],
    body: [run(B62, 32, 60)],
    source: 'support.atlassian.com/bitbucket-cloud: app passwords',
  }),
  token({
    name: 'bitbucket-data-center-token',
    prefixes: ['BBDC-'],
    body: [run(`${BASE64}@_-`, 40, 60)],
    left: '_-',
    source: 'confluence.atlassian.com/bitbucketserver: HTTP access tokens',
  }),
  token({
    name: 'npm-token',
    prefixes: ['npm_'],
    body: [run(B62, 36, 64)],
    source: 'github.blog: npm’s new token format',
    certain: hasChecksum,
    bodies: () => [sample(B62, 36), withChecksum(sample(B62, 30)), withChecksum('A'.repeat(30))],
  }),
  token({
    name: 'npm-auth-token',
    prefixes: ['_authToken=', '_auth='],
    body: [run(`${BASE64}_=.-`, 20, 400)],
    left: '',
    source: 'npm documentation, .npmrc: auth settings',
  }),
  token({
    name: 'pypi-token',
    prefixes: ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBpLm9yZw'],
    body: [run(WORD, 50, 1000)],
    source: 'PyPI help: API tokens',
  }),
  token({
    name: 'rubygems-token',
    prefixes: ['rubygems_'],
    body: [run(HEX, 48, 64)],
    source: 'guides.rubygems.org: API keys',
  }),
  token({
    name: 'crates-token',
    prefixes: ['cio'],
    body: [run(B62, 32)],
    left: '_+/-',
    source: 'The Cargo Book: registry authentication',
  }),
  token({
    name: 'nuget-key',
    prefixes: ['oy2'],
    body: [run(LOWER, 43)],
    left: '_+/-',
    source: 'learn.microsoft.com/nuget: API keys',
  }),
  token({
    name: 'clojars-token',
    prefixes: ['CLOJARS_'],
    body: [run(B62, 60, 80)],
    source: 'github.com/clojars: deploy tokens',
  }),
  token({
    name: 'artifactory-key',
    prefixes: ['AKCp'],
    body: [run(B62, 66, 80)],
    left: '_+/-',
    source: 'jfrog.com/help: API keys',
  }),
  token({
    name: 'artifactory-reference-token',
    prefixes: ['cmVmd'],
    body: [run(B62, 55, 64)],
    left: '_+/-',
    source: 'jfrog.com/help: reference tokens (base64 of `reftkn:`)',
    accept: looksRandom,
  }),
  token({
    name: 'docker-hub-token',
    prefixes: ['dckr_pat_', 'dckr_oat_'],
    body: [run(WORD, 27, 48)],
    source: 'docs.docker.com: access tokens',
  }),
  infixed({
    name: 'terraform-cloud-token',
    before: [run(B62, 14)],
    infixes: ['.atlasv1.'],
    after: [run(`${WORD}=`, 60, 80)],
    source: 'developer.hashicorp.com/terraform/cloud-docs: API tokens',
  }),
  token({
    name: 'pulumi-token',
    prefixes: ['pul-'],
    body: [run(HEX, 40, 64)],
    source: 'pulumi.com/docs: access tokens',
  }),
  token({
    name: 'doppler-token',
    prefixes: ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    body: [run(`${WORD}.`, 40, 80)],
    source: 'docs.doppler.com: token formats',
    accept: (found) => /[A-Za-z0-9]{40}/.test(found),
    bodies: () => [sample(B62, 43), `${sample(LOWER, 6)}.${sample(B62, 40)}`],
  }),
  token({
    name: 'buildkite-token',
    prefixes: ['bkua_', 'bkaj_', 'bkpt_'],
    body: [run(B62, 40, 64)],
    source: 'buildkite.com/docs/apis: tokens',
  }),
  token({
    name: 'circleci-token',
    prefixes: ['CCIPAT_'],
    body: [run(B62, 20, 24), '_', run(HEX, 40, 64)],
    source: 'circleci.com/docs: API tokens',
  }),
  token({
    name: 'harness-token',
    prefixes: ['pat.', 'sat.'],
    body: [run(WORD, 22), '.', run(`${HEX}A-F`, 24), '.', run(B62, 20, 32)],
    source: 'developer.harness.io: API keys',
  }),
  token({
    name: 'deno-deploy-token',
    prefixes: ['ddp_', 'ddo_'],
    body: [run(B62, 36, 48)],
    source: 'docs.deno.com/deploy: tokens',
  }),
  token({
    name: 'sourcegraph-token',
    prefixes: ['sgp_'],
    body: [run(HEX, 40)],
    source: 'sourcegraph.com/docs: access tokens',
  }),
  token({
    name: 'sourcegraph-token',
    prefixes: ['sgp_'],
    body: [run(`${HEX}A-Zg-z`, 5, 20), '_', run(HEX, 40)],
    source: 'sourcegraph.com/docs: access tokens',
  }),
  token({
    name: 'octopus-key',
    prefixes: ['API-'],
    body: [run('A-Z0-9', 26, 32)],
    left: '_-',
    source: 'octopus.com/docs: API keys',
  }),
  token({
    name: 'prefect-key',
    prefixes: ['pnu_', 'pnb_'],
    body: [run(B62, 36, 48)],
    source: 'docs.prefect.io: API keys',
  }),
  token({
    name: 'launchdarkly-key',
    prefixes: ['api-', 'sdk-', 'mob-'],
    body: [run(HEX, 8), '-', run(HEX, 4), '-4', run(HEX, 3), '-', run(HEX, 4), '-', run(HEX, 12)],
    source: 'launchdarkly.com/docs: SDK keys',
  }),
  token({
    name: 'sonarqube-token',
    prefixes: ['sqp_', 'squ_', 'sqa_'],
    body: [run(HEX, 40)],
    source: 'docs.sonarsource.com: user tokens',
  }),
  token({
    name: 'swarm-token',
    prefixes: ['SWMTKN-1-'],
    body: [run(LOWER, 45, 60), '-', run(LOWER, 24, 30)],
    source: 'docs.docker.com/engine/swarm: join tokens',
  }),
  token({
    name: 'swarm-unlock-key',
    prefixes: ['SWMKEY-1-'],
    body: [run(BASE64, 40, 50)],
    source: 'docs.docker.com/engine/swarm: lock a swarm',
  }),
  named({ name: 'codecov-token', words: ['codecov'], body: [...UUID], source: 'docs.codecov.com: upload tokens' }),
];

function withChecksum(body: string): string {
  return body + githubChecksum(body);
}
