/** The headings of the document, in the order in which a newcomer needs them, each with a sentence. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'Verifications', description: 'Send a code to a phone, and check what the person typed.' },
  {
    name: 'Hosted verifications',
    description: 'Send a person to a page, or put a form into yours, and redeem the result.',
  },
  {
    name: 'Sandbox',
    description: 'Read the messages that went to no phone while no real gateway is routed.',
  },
  { name: 'Phone numbers', description: 'See whether a number is one, and whether you may send to it.' },
  { name: 'Messages', description: 'See what a message will say and cost before it is sent.' },
  { name: 'Recipients', description: 'See who is locked after wrong guesses, and end a lock.' },
  { name: 'Decisions', description: 'See what a create would do now, and why.' },
  { name: 'Blocks', description: 'Say which numbers, countries, addresses and devices are not sent to.' },
  { name: 'Policy', description: 'See the rules in force, and which clauses of standards they meet.' },
  { name: 'Applications', description: 'Make applications, their settings and their API keys (admin key).' },
  { name: 'Gateways', description: 'See how gateways are doing, and send a test message (admin key).' },
  { name: 'Prices', description: 'Fill the price book that costs are estimated by (admin key).' },
  { name: 'Statistics', description: 'Read how much was sent, arrived, was approved and cost.' },
  { name: 'Audit', description: 'Read the append-only log of all that happened.' },
  { name: 'Health', description: 'For balancers and supervisors: is the process up, can it take calls.' },
];
