import { snapshot } from '../../../../test/builders/verifications.builder';
import { jobInstance } from '../../../../test/support/job-instance';
import { useDatabase } from '../../../../test/support/mongo';
import { ReadModelRepository } from './read-model.repository';
import { readModelSchema, VERIFICATIONS, type ReadModelDocument } from './read-model.schema';
import { readModelRetentionJobs } from './retention.job';

const DAY_MS = 86_400_000;

describe('retention jobs of the read model', () => {
  const test = useDatabase();
  beforeAll(() => test.connection.model(VERIFICATIONS, readModelSchema).createIndexes());

  it('keep what they have to keep and remember how far they came', async () => {
    const { leases, runner, status } = jobInstance(test);
    const repository = new ReadModelRepository(test.durableDb);
    const old = (days: number) => new Date(Date.now() - days * DAY_MS);
    await repository.save([
      snapshot('new', { createdAt: old(0) }),
      snapshot('month', { createdAt: old(32) }),
      snapshot('ancient', { createdAt: old(401) }),
    ]);
    const jobs = readModelRetentionJobs(repository, leases);
    for (const job of [...jobs, ...jobs]) await runner.run(job);
    const left = await test.durableDb
      .collection<ReadModelDocument>(VERIFICATIONS)
      .find()
      .sort({ _id: 1 })
      .toArray();
    expect(left.map((one) => [one._id, one.recipient])).toEqual([
      ['month', undefined],
      ['new', 'recipient'],
    ]);
    expect(await leases.bookmark('recipient-removal')).toMatchObject({ id: 'month' });
    expect(status.report().map((one) => [one.name, one.lastError])).toEqual([
      ['read-model-retention', null],
      ['recipient-removal', null],
    ]);
  });
});
