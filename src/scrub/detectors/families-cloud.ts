// Cloud providers and hosting.

import type { Detector } from './detector.js';
import { entropyOf, looksDrawn, looksRandom } from './randomness.js';
import { sample } from './sample.js';
import { B62, BASE64, HEX, infixed, LOWER, named, run, token, UPPER, UUID, WORD, WORD_CHARACTERS } from './token.js';

const AZURE = 'learn.microsoft.com/purview: sensitive information type definitions';

export const CLOUD_DETECTORS: readonly Detector[] = [
  token({
    name: 'aws-access-key-id',
    prefixes: ['AKIA', 'ASIA', 'ABIA', 'ACCA'],
    body: [run(UPPER, 16)],
    left: '_+',
    source: 'docs.aws.amazon.com/IAM: unique identifiers',
  }),
  named({
    name: 'aws-secret-access-key',
    words: [
      'aws_secret',
      'aws.secret',
      'secret_access',
      'secretaccess',
      'secret-access',
      'aws-secret',
      'access key',
      'awssecret',
      'aws_key',
      'awskey',
      'aws_token',
      'awstoken',
    ],
    body: [run(`${BASE64}=`, 40)],
    source: 'docs.aws.amazon.com/IAM: manage access keys',
    accept: (found) => entropyOf(found) >= 3.5 && looksDrawn(found),
  }),
  token({
    name: 'aws-session-token',
    prefixes: ['FQoG', 'FwoG', 'IQoJ'],
    body: [run(`${BASE64}=`, 100, 4096)],
    left: '+/',
    source: 'docs.aws.amazon.com/STS: temporary credentials',
    accept: (found) => entropyOf(found) >= 4.5,
  }),
  token({
    name: 'aws-bedrock-key',
    prefixes: ['ABSK'],
    body: [run(`${BASE64}=`, 109, 320)],
    left: '+/',
    source: 'docs.aws.amazon.com/bedrock: API keys',
  }),
  token({
    name: 'aws-bedrock-key',
    prefixes: ['bedrock-api-key-'],
    body: [run(`${BASE64}=`, 60, 4096)],
    left: '-',
    source: 'docs.aws.amazon.com/bedrock: API keys',
  }),
  token({
    name: 'aws-mws-token',
    prefixes: ['amzn.mws.'],
    body: [...UUID],
    source: 'developer.amazonservices.com: auth tokens',
  }),
  token({
    name: 'google-api-key',
    prefixes: ['AIza'],
    body: [run(WORD, 35, 39)],
    source: 'cloud.google.com/docs/authentication/api-keys',
  }),
  token({
    name: 'google-oauth-token',
    prefixes: ['ya29.'],
    body: [run(`${WORD}.`, 20, 1500)],
    left: '_.-',
    source: 'developers.google.com/identity: access tokens',
  }),
  token({
    name: 'google-refresh-token',
    prefixes: ['1//0'],
    body: [run(WORD, 40, 200)],
    source: 'developers.google.com/identity: refresh tokens',
  }),
  token({
    name: 'google-client-secret',
    prefixes: ['GOCSPX-'],
    body: [run(WORD, 28, 40)],
    source: 'developers.google.com/identity: client secrets',
  }),
  token({
    name: 'google-gemini-key',
    prefixes: ['AQ.Ab8RN6'],
    body: [run(WORD, 40, 60)],
    source: 'ai.google.dev: API keys',
  }),
  infixed({
    name: 'azure-client-secret',
    before: [run(`${B62}_~.-`, 3)],
    infixes: Array.from('0123456789', (digit) => `${digit}Q~`),
    after: [run(`${B62}_~.-`, 31, 34)],
    left: '_~-',
    source: AZURE,
  }),
  token({
    name: 'azure-storage-key',
    prefixes: ['AccountKey='],
    body: [run(BASE64, 86), '=='],
    source: 'learn.microsoft.com/azure/storage: connection strings',
  }),
  token({
    name: 'azure-shared-access-key',
    prefixes: ['SharedAccessKey='],
    body: [run(`${BASE64}=`, 32, 100)],
    left: '',
    source: 'learn.microsoft.com/azure/service-bus: connection strings',
  }),
  infixed({
    name: 'azure-service-key',
    before: [run(B62, 33, 80)],
    infixes: ['AzFu', 'AzSe', 'AzCa', '+ASt', '+AMC', '+ABa', '+AEh', '+ASb', '+ACR', 'AIoT', 'APIM', 'ACDb', 'AEhC'],
    after: [run(`${BASE64}=`, 4, 12)],
    left: '+/',
    source: AZURE,
  }),
  token({
    name: 'azure-app-configuration',
    prefixes: ['azconfig.io;Id='],
    body: [run(`${BASE64}=:_-`, 4, 100), ';Secret=', run(`${BASE64}=`, 36, 100)],
    left: '',
    source: 'learn.microsoft.com/azure/azure-app-configuration',
  }),
  token({
    name: 'teams-webhook',
    prefixes: ['webhook.office.com/webhookb2/'],
    body: [...UUID, '@', ...UUID, '/IncomingWebhook/', run(`${WORD}/`, 60, 200)],
    left: '',
    source: 'learn.microsoft.com/microsoftteams: incoming webhooks',
  }),
  sasSignature(),
  token({
    name: 'digitalocean-token',
    prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'],
    body: [run(HEX, 64)],
    source: 'docs.digitalocean.com/reference/api: tokens',
  }),
  token({
    name: 'cloudflare-origin-key',
    prefixes: ['v1.0-'],
    body: [run(HEX, 24), '-', run(HEX, 146)],
    source: 'developers.cloudflare.com/ssl/origin-configuration',
  }),
  token({
    name: 'cloudflare-token',
    prefixes: ['cfut_', 'cfat_', 'cfk_'],
    body: [run(B62, 40, 64)],
    source: 'developers.cloudflare.com/fundamentals/api: tokens',
  }),
  named({
    name: 'cloudflare-token',
    words: ['cloudflare', 'cf_api', 'cf-api'],
    body: [run(WORD, 37, 40)],
    source: 'developers.cloudflare.com/fundamentals/api: tokens',
  }),
  token({
    name: 'alibaba-access-key-id',
    prefixes: ['LTAI'],
    body: [run(B62, 12, 26)],
    left: '_+/-',
    source: 'alibabacloud.com/help/ram: AccessKey pairs',
    accept: looksRandom,
  }),
  token({
    name: 'alibaba-sts-id',
    prefixes: ['STS.'],
    body: [run(B62, 16, 64)],
    left: '_.-',
    source: 'alibabacloud.com/help/ram: security tokens',
    accept: looksRandom,
  }),
  named({
    name: 'alibaba-access-key-secret',
    words: ['alibaba', 'aliyun', 'accesskeysecret', 'access_key_secret'],
    body: [run(B62, 30)],
    source: 'alibabacloud.com/help/ram: AccessKey pairs',
  }),
  token({
    name: 'yandex-key',
    prefixes: ['AQVN'],
    body: [run(WORD, 35, 40)],
    source: 'yandex.cloud/docs/iam: API keys',
  }),
  token({
    name: 'yandex-oauth-token',
    prefixes: ['y0_', 'y1_', 'y2_', 'y3_'],
    body: [run(WORD, 40, 70)],
    source: 'yandex.com/dev/id: OAuth tokens',
  }),
  token({
    name: 'yandex-static-key',
    prefixes: Array.from(WORD_CHARACTERS, (one) => `YC${one}`),
    body: [run(WORD, 37)],
    left: '_+/-',
    source: 'yandex.cloud/docs/iam: static access keys',
    accept: looksRandom,
  }),
  token({
    name: 'yandex-iam-token',
    prefixes: ['t1.'],
    body: [run(`${WORD}=`, 20, 600), '.', run(`${WORD}=`, 86, 88)],
    left: '_.-',
    source: 'yandex.cloud/docs/iam: IAM tokens',
  }),
  token({
    name: 'tencent-secret-id',
    prefixes: ['AKID'],
    body: [run(B62, 32)],
    left: '_+/-',
    source: 'cloud.tencent.com: access keys',
    accept: looksRandom,
  }),
  token({
    name: 'exoscale-key',
    prefixes: ['EXO'],
    body: [run('a-f0-9', 24, 30)],
    left: '_+/-',
    source: 'community.exoscale.com: IAM keys',
  }),
  token({
    name: 'ibm-cloud-key',
    prefixes: ['ApiKey-'],
    body: [...UUID],
    source: 'cloud.ibm.com/docs/account: service ids',
  }),
  named({
    name: 'ibm-cloud-key',
    words: ['ibm_', 'ibmcloud', 'ibm-cloud', 'bluemix'],
    body: [run(WORD, 44)],
    source: 'cloud.ibm.com/docs/account: API keys',
  }),
  named({
    name: 'ovh-key',
    words: ['ovh_', 'ovhcloud'],
    body: [run(B62, 32)],
    source: 'help.ovhcloud.com: first steps with the API',
  }),
  token({
    name: 'scaleway-key',
    prefixes: ['SCW'],
    body: [run(UPPER, 17)],
    left: '_+/-',
    source: 'scaleway.com/docs/iam: API keys',
    accept: (found) => /\d/.test(found),
  }),
  token({
    name: 'flyio-token',
    prefixes: ['FlyV1 '],
    body: [run(`${BASE64}=_,-`, 100, 4000)],
    left: '',
    source: 'fly.io/docs/security/tokens',
  }),
  token({
    name: 'flyio-token',
    prefixes: ['fm1_', 'fm2_', 'fm1r_', 'fm1a_'],
    body: [run(`${BASE64}=_-`, 60, 1500)],
    left: '_-',
    source: 'fly.io/docs/security/tokens',
  }),
  token({ name: 'flyio-token', prefixes: ['fo1_'], body: [run(WORD, 43)], source: 'fly.io/docs/security/tokens' }),
  token({
    name: 'vercel-token',
    prefixes: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
    body: [run(B62, 52, 64)],
    source: 'vercel.com/docs: tokens',
  }),
  named({
    name: 'vercel-token',
    words: ['vercel'],
    body: [run(B62, 24)],
    source: 'vercel.com/docs: tokens',
  }),
  token({
    name: 'heroku-token',
    prefixes: ['HRKU-'],
    body: [run(WORD, 36, 64)],
    source: 'devcenter.heroku.com: authorizations',
  }),
  named({ name: 'heroku-token', words: ['heroku'], body: [...UUID], source: 'devcenter.heroku.com: authorizations' }),
  token({ name: 'render-token', prefixes: ['rnd_'], body: [run(B62, 28, 40)], source: 'render.com/docs/api: keys' }),
  token({
    name: 'netlify-token',
    prefixes: ['nfp_', 'nfc_', 'nfo_'],
    body: [run(B62, 36, 48)],
    source: 'docs.netlify.com: personal access tokens',
  }),
  token({
    name: 'tailscale-key',
    prefixes: ['tskey-'],
    body: [run('a-z', 3, 12), '-', run(`${B62}-`, 15, 80)],
    left: '_-',
    source: 'tailscale.com/kb: keys',
  }),
  token({
    name: 'openshift-token',
    prefixes: ['sha256~'],
    body: [run(WORD, 43)],
    source: 'docs.openshift.com: OAuth access tokens',
  }),
  token({
    name: 'scalingo-token',
    prefixes: ['tk-us-'],
    body: [run(WORD, 48)],
    source: 'developers.scalingo.com: tokens',
  }),
  named({
    name: 'hetzner-token',
    words: ['hcloud', 'hetzner'],
    body: [run(B62, 64)],
    source: 'docs.hetzner.cloud: API tokens',
  }),
  named({
    name: 'linode-token',
    words: ['linode'],
    body: [run(HEX, 64)],
    source: 'techdocs.akamai.com/linode-api: tokens',
  }),
  token({
    name: 'edgegrid-token',
    prefixes: ['akab-'],
    body: [run(LOWER, 16), '-', run(LOWER, 16)],
    source: 'techdocs.akamai.com: EdgeGrid authentication',
  }),
];

/** The signature of a shared access signature: named by its neighbours among the parameters. */
function sasSignature(): Detector {
  const pattern = /sig=((?:[A-Za-z0-9+/]|%2[bBfF]){43}(?:=|%3[dD]))(?![A-Za-z0-9+/%])/y;
  const neighbour = /[?&;"'\\\s](?:sv|se|sr|sp)=/;
  return {
    name: 'azure-shared-access-signature',
    anchors: ['&sig=', '?sig='],
    source: 'learn.microsoft.com/rest/api/storageservices: service SAS',
    find: (text, at) => {
      pattern.lastIndex = at + 1;
      const [, found] = pattern.exec(text) ?? [];
      const around = ` ${text.slice(Math.max(0, at - 400), at)} ${text.slice(pattern.lastIndex, pattern.lastIndex + 200)}`;
      if (found === undefined || !neighbour.test(around)) return undefined;
      return { start: pattern.lastIndex - found.length, end: pattern.lastIndex };
    },
    examples: () => {
      const mask = `${sample(B62, 43)}%3D`;
      return {
        match: [{ text: `sv=2022-11-02&ss=b&se=2031-01-01&sig=${mask}`, mask }],
        clean: [`?sig=${mask}`, '?sv=2022-11-02&sig=<signature>', '&sig='],
      };
    },
  };
}
