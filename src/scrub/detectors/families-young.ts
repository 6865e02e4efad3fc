// Tokens of younger services, of models above all, and of wallets.

import type { Detector } from './detector.js';
import type { Entry } from './families-entry.js';
import { b62, hex, lower, marked, RANDOM, word } from './families-entry.js';
import { B62, BASE64, DIGITS, HEX, LOWER, run, UUID, WORD } from './token.js';

/** The alphabet of Bitcoin: no `0`, `O`, `I` and `l`. */
const BASE58 = '1-9A-HJ-NP-Za-km-z';
/** BIP 173. */
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

const MODELS: readonly Entry[] = [
  ['anyscale-key', 'esecret_', lower(26, 40), 'docs.anyscale.com: API keys', RANDOM],
  ['axiom-token', 'xaat- xapt-', UUID, 'axiom.co/docs: tokens'],
  ['baidu-key', 'bce-v3/ALTAK-', [run(B62, 21), '/', run(HEX, 40)], 'cloud.baidu.com/doc: API keys'],
  ['brave-key', 'BSA', word(28), 'api-dashboard.search.brave.com: keys', { ...RANDOM, left: '_+/-' }],
  ['cartesia-key', 'sk_car_', word(20, 48), 'docs.cartesia.ai: API keys', RANDOM],
  ['coze-token', 'pat_ cztei_ czs_', b62(64), 'coze.com/docs: access tokens', RANDOM],
  ['dify-key', 'app- dataset-', b62(24), 'docs.dify.ai: API access', RANDOM],
  ['e2b-key', 'e2b_', hex(40), 'e2b.dev/docs: API keys'],
  ['exa-key', 'exa_', word(32, 64), 'docs.exa.ai: API keys', RANDOM],
  ['friendli-token', 'flp_', b62(40, 52), 'friendli.ai/docs: access tokens', RANDOM],
  ['humanloop-key', 'hl_sk_', hex(48, 64), 'humanloop.com/docs: API keys'],
  ['kaggle-token', 'KGAT_', hex(32), 'kaggle.com/docs/api'],
  ['luma-key', 'luma-', UUID, 'docs.lumalabs.ai: API keys'],
  ['mem0-key', 'm0-', b62(40), 'docs.mem0.ai: API keys', RANDOM],
  ['moonshot-key', 'sk-', b62(40, 64), 'platform.moonshot.ai/docs', RANDOM],
  ['runway-key', 'key_', hex(128), 'docs.dev.runwayml.com: API keys'],
  ['turbopuffer-key', 'tpuf_', word(32, 64), 'turbopuffer.com/docs: authentication', RANDOM],
  ['volcengine-key', 'AKLT', b62(36, 64), 'volcengine.com/docs: access keys', { ...RANDOM, left: '_+/-' }],
  ['xata-key', 'xau_', b62(32, 48), 'xata.io/docs: API keys', RANDOM],
];

const SERVICES: readonly Entry[] = [
  ['alchemy-token', 'alcht_', b62(28, 40), 'docs.alchemy.com: auth tokens', RANDOM],
  ['amazon-client-secret', 'amzn1.oa2-cs.v1.', hex(64), 'developer.amazon.com: Login with Amazon', { left: '_.-' }],
  ['amazon-token', 'Atza| Atzr|', [run(`${BASE64}=_-`, 100, 2000)], 'developer.amazon.com: Login with Amazon'],
  ['appwrite-key', 'standard_', hex(128, 512), 'appwrite.io/docs: API keys'],
  ['brex-token', 'bxt_', b62(40, 64), 'developer.brex.com: authentication', RANDOM],
  ['canva-secret', 'cnvca', word(40, 64), 'canva.dev/docs: client secrets', RANDOM],
  ['chromatic-token', 'chpt_', hex(12, 20), 'chromatic.com/docs: project tokens'],
  ['deepsource-token', 'dsp_', lower(40), 'docs.deepsource.com: access tokens', RANDOM],
  [
    'django-secret-key',
    'django-insecure-',
    [run(`${LOWER}!@#$%^&*(_=+)-`, 50, 80)],
    'docs.djangoproject.com: SECRET_KEY',
    { left: '_-' },
  ],
  ['flagsmith-key', 'ser.', b62(22, 32), 'docs.flagsmith.com: server-side keys', { ...RANDOM, left: '_.-' }],
  ['flexport-key', 'shltm_', word(40), 'apidocs.flexport.com: authentication', RANDOM],
  ['gitpod-token', 'gitpod_pat_', word(40, 80), 'gitpod.io/docs: personal access tokens', RANDOM],
  ['inngest-signing-key', 'signkey-prod- signkey-test- signkey-branch-', hex(64), 'inngest.com/docs: signing keys'],
  ['kong-token', 'kpat_ spat_', b62(43, 64), 'docs.konghq.com: access tokens', RANDOM],
  ['mercury-token', 'secret-token:mercury_production_', [run(WORD, 40, 160)], 'docs.mercury.com: authentication'],
  ['metabase-key', 'mb_', [run(BASE64, 43), '='], 'metabase.com/docs: API keys', RANDOM],
  ['dependency-track-key', 'odt_', b62(32), 'docs.dependencytrack.org: API keys', RANDOM],
  ['pixie-key', 'px-api- px-dep-', UUID, 'docs.px.dev: API keys'],
  [
    'packagist-token',
    'packagist_uut_ packagist_out_ packagist_ort_ packagist_oro_',
    hex(60, 80),
    'packagist.com/docs: tokens',
  ],
  [
    'paseto',
    'v1.local. v2.local. v3.local. v4.local. v2.public. v4.public.',
    word(60, 2000),
    'paseto.io',
    { left: '_.-' },
  ],
  ['pinterest-token', 'pina_', word(60, 120), 'developers.pinterest.com: access tokens', RANDOM],
  ['rancher-token', 'token-', [run(LOWER, 5), ':', run(LOWER, 54)], 'ranchermanager.docs.rancher.com: API keys'],
  ['shipengine-key', 'TEST_', [run(BASE64, 43)], 'shipengine.com/docs: API keys', RANDOM],
  ['socket-token', 'sktsec_', word(40, 80), 'docs.socket.dev: API tokens', RANDOM],
  ['statsig-key', 'secret-', b62(40, 64), 'docs.statsig.com: server keys', RANDOM],
  [
    'tiktok-token',
    'act. clt. rft.',
    [run(B62, 60, 100), '!', run(DIGITS, 4), '.', run('a-z', 2), run(DIGITS, 1)],
    'developers.tiktok.com',
    { left: '_.-' },
  ],
  ['upcloud-token', 'ucat_', b62(26, 32), 'developers.upcloud.com: API tokens', RANDOM],
];

const WALLETS: readonly Entry[] = [
  ['bitcoin-extended-key', 'xprv yprv zprv tprv', [run(BASE58, 107)], 'BIP 32: serialization format', RANDOM],
  ['nostr-secret-key', 'nsec1', [run(BECH32, 58)], 'NIP-19: bech32-encoded entities', RANDOM],
];

export const YOUNG_DETECTORS: readonly Detector[] = marked([...MODELS, ...SERVICES, ...WALLETS]);
