// Models, payment, mail and chat.

import type { Detector } from './detector.js';
import { looksRandom } from './randomness.js';
import { B62, BASE64, DIGITS, HEX, infixed, LOWER, named, run, token, UUID, WORD } from './token.js';

const OPENAI = 'platform.openai.com/docs: API keys';
const SLACK = 'api.slack.com/authentication/token-types';
const STRIPE = 'docs.stripe.com/keys';
const MARK = ['T3Blbk', 'FJ'].join('');

export const MODEL_DETECTORS: readonly Detector[] = [
  token({
    name: 'anthropic-key',
    prefixes: ['sk-ant-'],
    body: [run(WORD, 20, 250)],
    source: 'docs.anthropic.com: API keys',
  }),
  token({
    name: 'openai-key',
    prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-service-'],
    body: [run(WORD, 40, 250)],
    source: OPENAI,
  }),
  infixed({
    name: 'openai-key',
    before: ['sk-', run(B62, 20)],
    infixes: [MARK],
    after: [run(B62, 20, 24)],
    source: OPENAI,
  }),
  token({
    name: 'openrouter-key',
    prefixes: ['sk-or-v1-'],
    body: [run(HEX, 64)],
    source: 'openrouter.ai/docs: API keys',
  }),
  token({
    name: 'deepseek-key',
    prefixes: ['sk-'],
    body: [run(B62, 32, 64)],
    source: 'api-docs.deepseek.com',
    accept: looksRandom,
  }),
  token({ name: 'xai-key', prefixes: ['xai-'], body: [run(B62, 70, 120)], source: 'docs.x.ai: API keys' }),
  token({ name: 'groq-key', prefixes: ['gsk_'], body: [run(B62, 48, 64)], source: 'console.groq.com/docs' }),
  token({ name: 'perplexity-key', prefixes: ['pplx-'], body: [run(B62, 48, 64)], source: 'docs.perplexity.ai' }),
  token({ name: 'nvidia-key', prefixes: ['nvapi-'], body: [run(WORD, 60, 80)], source: 'docs.api.nvidia.com' }),
  token({
    name: 'replicate-token',
    prefixes: ['r8_'],
    body: [run(B62, 37, 48)],
    source: 'replicate.com/docs: authentication',
  }),
  token({
    name: 'huggingface-token',
    prefixes: ['hf_', 'api_org_'],
    body: [run(B62, 34, 48)],
    source: 'huggingface.co/docs/hub: tokens',
  }),
  token({
    name: 'tavily-key',
    prefixes: ['tvly-'],
    body: [run(WORD, 20, 64)],
    source: 'docs.tavily.com',
    accept: looksRandom,
  }),
  token({
    name: 'langsmith-key',
    prefixes: ['lsv2_pt_', 'lsv2_sk_'],
    body: [run(HEX, 32), '_', run(HEX, 10)],
    source: 'docs.smith.langchain.com: API keys',
  }),
  token({ name: 'together-key', prefixes: ['tgp_v1_'], body: [run(WORD, 43, 50)], source: 'docs.together.ai' }),
  token({ name: 'cerebras-key', prefixes: ['csk-'], body: [run(LOWER, 48, 64)], source: 'inference-docs.cerebras.ai' }),
  token({ name: 'wandb-key', prefixes: ['wandb_v1_'], body: [run(WORD, 70, 84)], source: 'docs.wandb.ai: API keys' }),
  named({ name: 'wandb-key', words: ['wandb'], body: [run(HEX, 40)], source: 'docs.wandb.ai: API keys' }),
  token({
    name: 'pinecone-key',
    prefixes: ['pcsk_'],
    body: [run(B62, 4, 8), '_', run(B62, 55, 70)],
    source: 'docs.pinecone.io: API keys',
  }),
  token({
    name: 'fireworks-key',
    prefixes: ['fw_'],
    body: [run(B62, 22, 40)],
    source: 'docs.fireworks.ai',
    accept: looksRandom,
  }),
  token({ name: 'firecrawl-key', prefixes: ['fc-'], body: [run(HEX, 32)], source: 'docs.firecrawl.dev' }),
  token({ name: 'elevenlabs-key', prefixes: ['sk_'], body: [run(HEX, 48)], source: 'elevenlabs.io/docs' }),
  named({
    name: 'mistral-key',
    words: ['mistral', 'codestral'],
    body: [run(B62, 32)],
    source: 'docs.mistral.ai',
  }),
  named({
    name: 'cohere-key',
    words: ['cohere', 'co_api'],
    body: [run(B62, 40)],
    source: 'docs.cohere.com',
  }),
];

export const PAYMENT_DETECTORS: readonly Detector[] = [
  token({
    name: 'stripe-key',
    prefixes: ['sk_live_', 'sk_test_', 'sk_prod_', 'rk_live_', 'rk_test_', 'rk_prod_'],
    body: [run(B62, 16, 247)],
    source: STRIPE,
    accept: (found) => /[0-9]/.test(found) || found.length > 40,
  }),
  token({
    name: 'stripe-webhook-secret',
    prefixes: ['whsec_'],
    body: [run(`${B62}+/=`, 24, 247)],
    left: '_',
    source: STRIPE,
  }),
  token({
    name: 'square-token',
    prefixes: ['EAAA'],
    body: [run(WORD, 56, 62)],
    left: '_+/-',
    source: 'developer.squareup.com: access tokens',
    accept: looksRandom,
  }),
  token({
    name: 'square-secret',
    prefixes: ['sq0atp-', 'sq0csp-'],
    body: [run(WORD, 22, 50)],
    source: 'developer.squareup.com: access tokens',
  }),
  token({
    name: 'braintree-token',
    prefixes: ['access_token$production$', 'access_token$sandbox$'],
    body: [run(LOWER, 16), '$', run(HEX, 32)],
    source: 'developer.paypal.com/braintree: access tokens',
  }),
  token({
    name: 'shopify-token',
    prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shptka_'],
    body: [run('0-9a-fA-F', 32, 48)],
    source: 'shopify.dev/docs/api: access tokens',
  }),
  token({
    name: 'easypost-key',
    prefixes: ['EZAK', 'EZTK'],
    body: [run(B62, 54)],
    left: '_+/-',
    source: 'docs.easypost.com: authentication',
  }),
  token({
    name: 'flutterwave-key',
    prefixes: ['FLWSECK-', 'FLWSECK_TEST-', 'FLWPUBK_TEST-'],
    body: [run(B62, 12, 40), '-X'],
    source: 'developer.flutterwave.com: API keys',
  }),
  token({
    name: 'flutterwave-key',
    prefixes: ['FLWSECK_TEST', 'FLWSECK'],
    body: [run(HEX, 12, 32)],
    source: 'developer.flutterwave.com: API keys',
  }),
  token({
    name: 'razorpay-key',
    prefixes: ['rzp_live_', 'rzp_test_'],
    body: [run(B62, 14, 24)],
    source: 'razorpay.com/docs: API keys',
  }),
  named({
    name: 'razorpay-secret',
    words: ['razorpay', 'rzp_'],
    body: [run(B62, 24)],
    source: 'razorpay.com/docs: API keys',
  }),
  token({
    name: 'shippo-token',
    prefixes: ['shippo_live_', 'shippo_test_'],
    body: [run(HEX, 40)],
    source: 'docs.goshippo.com: authentication',
  }),
  token({
    name: 'duffel-token',
    prefixes: ['duffel_live_', 'duffel_test_'],
    body: [run(`${WORD}=`, 43, 60)],
    left: '_-',
    source: 'duffel.com/docs: access tokens',
  }),
  token({
    name: 'paddle-key',
    prefixes: ['pdl_live_apikey_', 'pdl_sdbx_apikey_'],
    body: [run(`${B62}_`, 40, 80)],
    source: 'developer.paddle.com: API keys',
  }),
  token({
    name: 'adyen-key',
    prefixes: ['AQE'],
    body: [run(`${BASE64}=`, 60, 300), '-', run(`${BASE64}=`, 30, 100), '-', run(`${B62}_=+/`, 12, 24)],
    left: '_+/-',
    source: 'docs.adyen.com: API credentials',
    accept: looksRandom,
  }),
  token({
    name: 'mollie-key',
    prefixes: ['live_', 'test_'],
    body: [run(B62, 30, 36)],
    source: 'docs.mollie.com: authentication',
    accept: looksRandom,
  }),
  token({
    name: 'plaid-token',
    prefixes: ['access-sandbox-', 'access-development-', 'access-production-'],
    body: [...UUID],
    source: 'plaid.com/docs/api: access tokens',
  }),
];

export const MESSAGING_DETECTORS: readonly Detector[] = [
  token({
    name: 'slack-token',
    prefixes: ['xoxb-'],
    body: [run(DIGITS, 8, 14), '-', run(`${B62}-`, 18, 60)],
    left: '_-',
    source: SLACK,
  }),
  token({
    name: 'slack-token',
    prefixes: ['xoxp-', 'xoxe-', 'xoxs-', 'xoxo-', 'xoxc-'],
    body: [run(DIGITS, 8, 14), '-', run(DIGITS, 8, 14), '-', run(`${B62}-`, 20, 120)],
    left: '_-',
    source: SLACK,
  }),
  token({
    name: 'slack-token',
    prefixes: ['xoxe-', 'xoxe.xoxb-', 'xoxe.xoxp-'],
    body: [run(DIGITS, 1), '-', run(B62, 140, 220)],
    left: '_-',
    source: SLACK,
  }),
  token({
    name: 'slack-token',
    prefixes: ['xoxa-', 'xoxr-'],
    body: [run(`${B62}-`, 8, 120)],
    left: '_-',
    source: SLACK,
    accept: (found) => /\d/.test(found),
  }),
  token({ name: 'slack-token', prefixes: ['xoxd-'], body: [run(`${B62}%+/=-`, 60, 400)], left: '_-', source: SLACK }),
  token({
    name: 'slack-app-token',
    prefixes: ['xapp-'],
    body: [run(DIGITS, 1), '-', run('A-Z0-9', 8, 16), '-', run(DIGITS, 8, 16), '-', run(LOWER, 20, 128)],
    source: SLACK,
  }),
  token({
    name: 'slack-webhook',
    prefixes: [
      'hooks.slack.com/services/',
      'hooks.slack.com/workflows/',
      'hooks.slack.com/triggers/',
      'hooks.slack-gov.com/services/',
    ],
    body: [run(`${B62}/`, 20, 100)],
    left: '',
    source: 'api.slack.com/messaging/webhooks',
    accept: (found) => /\d/.test(found),
  }),
  token({
    name: 'sendgrid-key',
    prefixes: ['SG.'],
    body: [run(WORD, 20, 24), '.', run(WORD, 39, 50)],
    source: 'twilio.com/docs/sendgrid: API keys',
  }),
  token({
    name: 'brevo-key',
    prefixes: ['xkeysib-', 'xsmtpsib-'],
    body: [run(HEX, 64), '-', run(B62, 16)],
    source: 'developers.brevo.com: API keys',
  }),
  token({
    name: 'mailgun-key',
    prefixes: ['key-'],
    body: [run(LOWER, 32)],
    source: 'documentation.mailgun.com: API keys',
    accept: looksRandom,
  }),
  named({
    name: 'mailgun-key',
    words: ['mailgun'],
    body: [run(HEX, 32), '-', run(HEX, 8), '-', run(HEX, 8)],
    source: 'documentation.mailgun.com: API keys',
  }),
  infixed({
    name: 'mailchimp-key',
    before: [run(HEX, 32)],
    infixes: Array.from('123456789', (digit) => `-us${digit}`),
    after: [run(DIGITS, 0, 1)],
    left: '_-',
    source: 'mailchimp.com/developer: API keys',
  }),
  infixed({
    name: 'telegram-bot-token',
    before: [run(DIGITS, 8, 12)],
    infixes: [':'],
    after: ['A', run(WORD, 33, 36)],
    source: 'core.telegram.org/bots: authorizing your bot',
  }),
  token({
    name: 'discord-bot-token',
    prefixes: discordHeads(),
    body: [run(WORD, 20, 25), '.', run(WORD, 6), '.', run(WORD, 27, 40)],
    source: 'discord.com/developers/docs: bot tokens (base64 of a user id in digits)',
  }),
  token({
    name: 'discord-bot-token',
    prefixes: ['mfa.'],
    body: [run(WORD, 84, 90)],
    source: 'discord.com/developers/docs: user tokens',
  }),
  token({
    name: 'discord-webhook',
    prefixes: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'],
    body: [run(DIGITS, 17, 20), '/', run(WORD, 60, 80)],
    left: '',
    source: 'discord.com/developers/docs: webhooks',
  }),
  named({
    name: 'twilio-token',
    words: ['twilio'],
    body: [run(HEX, 32)],
    source: 'twilio.com/docs/iam: API keys',
  }),
  named({ name: 'twilio-key', words: ['twilio'], body: ['SK', run(HEX, 32)], source: 'twilio.com/docs/iam: API keys' }),
  token({
    name: 'resend-key',
    prefixes: ['re_'],
    body: [run(B62, 8, 10), '_', run(B62, 20, 28)],
    source: 'resend.com/docs: API keys',
    accept: looksRandom,
  }),
  named({
    name: 'postmark-token',
    words: ['postmark', 'x-postmark'],
    body: [...UUID],
    source: 'postmarkapp.com/developer: API tokens',
  }),
];

/** Base64 of the two first digits of a number: `M` to `O`, then what two digits can give. */
function discordHeads(): readonly string[] {
  return Array.from({ length: 90 }, (_, index) =>
    Buffer.from(String(index + 10))
      .toString('base64')
      .slice(0, 3),
  );
}
