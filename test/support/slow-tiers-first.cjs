const { default: Sequencer } = require('@jest/test-sequencer');

const tiers = ['trouble', 'e2e', 'regressions', 'int', 'unit'];
const tierOf = (test) => tiers.indexOf(test.context.config.displayName.name);

/**
 * Files of the slow tiers first, so that no worker has a long one left when the others are done. Within a tier the order
 * is Jest's own. That one knows how long a file takes only from an earlier run, which a clean clone does not have.
 */
module.exports = class SlowTiersFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => tierOf(a) - tierOf(b));
  }
};
