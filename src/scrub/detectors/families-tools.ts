// Further services whose tokens carry a mark of their own.

import type { Detector } from './detector.js';
import { looksRandom } from './randomness.js';
import type { Part, TokenShape } from './token.js';
import { B62, BASE64, DIGITS, HEX, infixed, LOWER, run, token, UUID, WORD } from './token.js';

type Entry = readonly [
  name: string,
  prefixes: string,
  body: readonly Part[],
  source: string,
  more?: Partial<Pick<TokenShape, 'left' | 'accept'>>,
];

const RANDOM = { accept: looksRandom };
const hex = (least: number, most = least): readonly Part[] => [run(HEX, least, most)];
const lower = (least: number, most = least): readonly Part[] => [run(LOWER, least, most)];
const b62 = (least: number, most = least): readonly Part[] => [run(B62, least, most)];
const word = (least: number, most = least): readonly Part[] => [run(WORD, least, most)];
const padded = (least: number, most = least): readonly Part[] => [run(`${WORD}=`, least, most)];

const INFRASTRUCTURE: readonly Entry[] = [
  ['adafruit-key', 'aio_', b62(28), 'io.adafruit.com/api/docs'],
  ['aiven-token', 'aivenv1_', padded(40, 400), 'aiven.io/docs: authentication tokens'],
  ['apify-token', 'apify_api_', b62(36, 48), 'docs.apify.com: API integration'],
  ['artifactory-key', 'APKC', b62(60, 80), 'jfrog.com/help: API keys', RANDOM],
  ['aws-appsync-key', 'da2-', lower(26), 'docs.aws.amazon.com/appsync: API keys', RANDOM],
  ['cloudsmith-token', 'ckcy_', b62(16, 48), 'help.cloudsmith.io: API keys', RANDOM],
  ['cursor-key', 'crsr_', hex(64), 'docs.cursor.com: API keys'],
  ['defined-networking-token', 'dnkey-', [run(`${WORD}=`, 26), '-', run(`${WORD}=`, 52)], 'docs.defined.net: API keys'],
  ['dnsimple-token', 'dnsimple_a_ dnsimple_u_', b62(32, 48), 'developer.dnsimple.com: access tokens'],
  ['endor-key', 'endr+', b62(16, 40), 'docs.endorlabs.com: API keys', RANDOM],
  ['fastly-token', 'fst_', word(32, 48), 'developer.fastly.com: API tokens', RANDOM],
  ['infracost-key', 'ico-', b62(32), 'infracost.io/docs: API keys', RANDOM],
  ['ionic-token', 'ion_', lower(42), 'ionic.io/docs: personal access tokens', RANDOM],
  ['jumpcloud-key', 'jca_', b62(36), 'jumpcloud.com/support: API keys', RANDOM],
  ['nkey-seed', 'SUAA SAAA SOAA SCAA SNAA', [run('A-Z2-7', 54)], 'docs.nats.io: NKeys', RANDOM],
  ['northflank-token', 'nf-', [run('a-z', 2, 8), '-', run(LOWER, 32, 64)], 'northflank.com/docs: API tokens', RANDOM],
  ['onepassword-connect-token', 'opc_eyJ', [run(`${BASE64}_=-`, 100, 2000)], 'developer.1password.com', { left: '_-' }],
  ['porkbun-key', 'pk1_ sk1_', hex(64), 'porkbun.com/api/json'],
  ['pubnub-secret', 'sec-c-', [run(`${BASE64}=`, 44, 56)], 'pubnub.com/docs: keys', { left: '_-' }],
  ['rootly-key', 'rootly_', hex(64), 'docs.rootly.com: API keys'],
  ['runpod-key', 'rpa_', b62(40, 52), 'docs.runpod.io: API keys', RANDOM],
  ['scalr-token', 'at-', [run(LOWER, 14, 20), '.', run(WORD, 40, 90)], 'docs.scalr.io: API tokens', RANDOM],
  ['settlemint-token', 'sm_pat_ sm_sat_ sm_aat_', b62(16, 64), 'console.settlemint.com: access tokens', RANDOM],
  ['snyk-token', 'snyk_uat. snyk_sat.', [run(HEX, 8), '.', run(`${WORD}.`, 40, 200)], 'docs.snyk.io: service accounts'],
  ['sonarqube-token', 'sqp_ squ_ sqa_ sqb_', b62(40), 'docs.sonarsource.com: user tokens'],
  ['spectral-token', 'spu-', lower(32), 'guides.spectralops.io', RANDOM],
  ['stackhawk-key', 'hawk.', [run(WORD, 20), '.', run(WORD, 20)], 'docs.stackhawk.com: API keys', { left: '_.-' }],
  [
    'sidekiq-credential',
    'CONTRIBSYS__COM=',
    [run(HEX, 8), ':', run(HEX, 8)],
    'github.com/sidekiq: commercial gems',
    { left: '' },
  ],
  ['thunderstore-token', 'tss_', b62(36), 'thunderstore.io: service accounts', RANDOM],
  ['tailscale-key', 'tskey-', [run(`${B62}-`, 20, 100)], 'tailscale.com/kb: keys', { ...RANDOM, left: '_-' }],
  ['trigger-key', 'tr_dev_ tr_prod_ tr_stg_ tr_pat_', b62(20, 48), 'trigger.dev/docs: API keys'],
  ['unkey-root-key', 'unkey_', b62(20, 48), 'unkey.com/docs: root keys', RANDOM],
  ['wakatime-key', 'waka_', UUID, 'wakatime.com/developers: authentication'],
  ['zuplo-key', 'zpka_', [run(LOWER, 30, 34), '_', run(LOWER, 8)], 'zuplo.com/docs: API keys'],
];

const SERVICES: readonly Entry[] = [
  ['adobe-secret', 'p8e-', lower(32), 'developer.adobe.com: OAuth credentials', RANDOM],
  ['adobe-secret', 'p8e-', word(32), 'developer.adobe.com: OAuth credentials', RANDOM],
  ['asaas-key', '$aact_', [run(`${BASE64}=:_-`, 60, 300)], 'docs.asaas.com: authentication', { left: '' }],
  [
    'auth-journey-token',
    'authress_',
    [run(`${WORD}.=+/`, 40, 300)],
    'authress.io/knowledge-base: service clients',
    RANDOM,
  ],
  ['dropbox-token', 'sl.', [run(`${WORD}=`, 100, 2000)], 'dropbox.com/developers: OAuth guide', { left: '_.-' }],
  [
    'facebook-page-token',
    'EAAM EAAC EAAG EAAB EAAD EAAH EAAI EAAJ',
    b62(80, 400),
    'developers.facebook.com: access tokens',
    { ...RANDOM, left: '_+/-' },
  ],
  ['firebase-server-key', ':APA91b', [run(WORD, 130, 200)], 'firebase.google.com/docs: server keys', { left: '' }],
  ['helicone-key', 'sk-helicone-', word(20, 80), 'docs.helicone.ai'],
  [
    'instagram-token',
    'IGQVJ IGQWR IGAA THAA',
    b62(80, 300),
    'developers.facebook.com/docs/instagram',
    { ...RANDOM, left: '_+/-' },
  ],
  ['intra42-secret', 's-s4t2ud- s-s4t2af-', hex(64), 'api.intra.42.fr: OAuth applications'],
  ['jina-key', 'jina_', word(50, 70), 'jina.ai: API keys', RANDOM],
  ['klaviyo-key', 'pk_', hex(34), 'developers.klaviyo.com: private keys'],
  ['lichess-token', 'lip_', b62(20, 32), 'lichess.org/api: personal access tokens', RANDOM],
  ['llamacloud-key', 'llx-', b62(40, 64), 'docs.cloud.llamaindex.ai: API keys', RANDOM],
  ['mailersend-key', 'mlsn.', hex(64), 'developers.mailersend.com: authentication'],
  ['mandrill-key', 'md-', word(22), 'mailchimp.com/developer/transactional', RANDOM],
  [
    'mercadopago-token',
    'APP_USR- TEST-',
    [run(DIGITS, 10, 18), '-', run(DIGITS, 4, 8), '-', run(HEX, 32)],
    'mercadopago.com/developers: credentials',
  ],
  ['midtrans-key', 'Mid-server-', word(20, 40), 'docs.midtrans.com: access keys'],
  ['nylas-key', 'nyk_v0_', b62(40, 100), 'developer.nylas.com: API keys'],
  ['onesignal-key', 'os_v2_app_ os_v2_org_', [run(LOWER, 80, 130)], 'documentation.onesignal.com: keys'],
  ['polar-token', 'polar_pat_ polar_oat_ polar_cs_ polar_ssr_', word(32, 64), 'docs.polar.sh: access tokens'],
  ['ramp-token', 'ramp_id_ ramp_sec_ ramp_bus_tok_ ramp_tok_', b62(40, 60), 'docs.ramp.com/developer-api', RANDOM],
  ['retool-token', 'retool_', word(24, 64), 'docs.retool.com: API tokens', RANDOM],
  ['revenuecat-key', 'strp_ goog_ appl_', b62(26, 32), 'revenuecat.com/docs: API keys', RANDOM],
  ['shippo-token', 'shippo_live_ shippo_test_', lower(40), 'docs.goshippo.com: authentication'],
  [
    'shopify-token',
    'shpat_ shpca_ shppa_ shpss_ shpua_ shpit_',
    b62(32, 48),
    'shopify.dev/docs/api: access tokens',
    RANDOM,
  ],
  [
    'square-application-secret',
    'sandbox-sq0csb- sandbox-sq0atb- sq0csp- sq0idp- sq0atp-',
    word(22, 60),
    'developer.squareup.com: credentials',
    RANDOM,
  ],
  ['stytch-secret', 'secret-live- secret-test-', padded(30, 48), 'stytch.com/docs/api: authentication', RANDOM],
  ['telnyx-key', 'KEY0', [run(HEX, 30, 32), '_', run(B62, 22)], 'developers.telnyx.com: API keys'],
  [
    'trello-token',
    'ATTA',
    [run(HEX, 64), run(`${HEX}A-F`, 8)],
    'developer.atlassian.com/cloud/trello',
    { left: '_+/-' },
  ],
  ['typeform-token', 'tfp_', [run(`${WORD}.=`, 44, 70)], 'typeform.com/developers', { left: '_-' }],
  ['ubidots-token', 'BBFF- BBUS-', b62(30, 34), 'docs.ubidots.com: authentication', RANDOM],
  ['voyage-key', 'pa-', word(43), 'docs.voyageai.com: API keys', RANDOM],
  ['woocommerce-secret', 'cs_ ck_', hex(40), 'woocommerce.com/document: REST API keys'],
  ['checkout-key', 'sk_ sk_test_ sk_sbox_', UUID, 'checkout.com/docs: API keys'],
  ['sendgrid-key', 'SG.', [run(`${WORD}=.`, 66)], 'twilio.com/docs/sendgrid: API keys', { left: '_.-' }],
  ['gocardless-token', 'live_ sandbox_', padded(40), 'developer.gocardless.com: access tokens', RANDOM],
  ['frameio-token', 'fio-u-', padded(60, 70), 'developer.frame.io: tokens'],
  [
    'zapier-webhook',
    'hooks.zapier.com/hooks/catch/',
    [run(DIGITS, 4, 10), '/', run(`${LOWER}/`, 5, 24)],
    'zapier.com/help: webhooks',
    { left: '' },
  ],
  [
    'zoho-token',
    '1000.',
    [run(HEX, 32), '.', run(HEX, 32)],
    'zoho.com/accounts/protocol: OAuth tokens',
    { left: '_.-' },
  ],
];

export const TOOL_DETECTORS: readonly Detector[] = [
  ...[...INFRASTRUCTURE, ...SERVICES].map(([name, prefixes, body, source, more]) =>
    token({ name, prefixes: prefixes.split(' '), body, source, ...more }),
  ),
  infixed({
    name: 'maxmind-key',
    before: [run(B62, 6), '_', run(B62, 29)],
    infixes: ['_mmk'],
    after: [],
    source: 'dev.maxmind.com: license keys',
  }),
  infixed({
    name: 'authress-key',
    before: [run(`${B62}_`, 8, 48), '.', run(B62, 4, 6)],
    infixes: ['.acc_', '.acc-'],
    after: [run(LOWER, 10, 32), '.', run(`${WORD}+/=`, 30, 200)],
    source: 'authress.io/knowledge-base: service clients',
  }),
  infixed({
    name: 'dropbox-long-lived-token',
    before: [run(LOWER, 11)],
    infixes: ['AAAAAAAAAA'],
    after: [run(`${WORD}=`, 43)],
    source: 'dropbox.com/developers: access tokens',
    accept: (found) => looksRandom(found.slice(21)),
  }),
  infixed({
    name: 'azure-key',
    before: [run(B62, 52)],
    infixes: ['JQQJ9', 'JQQJD', 'JQQJH'],
    after: [run(`${B62}=`, 24, 34)],
    source: 'learn.microsoft.com/azure: identifiable keys',
  }),
  infixed({
    name: 'azure-devops-token',
    before: [run(B62, 76)],
    infixes: ['AZDO'],
    after: [run(B62, 4)],
    left: '_+/-',
    source: 'learn.microsoft.com/azure/devops: personal access tokens',
  }),
];
