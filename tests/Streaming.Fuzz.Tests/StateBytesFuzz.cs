using System.IO.Hashing;
using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Fuzz.Tests;

public sealed class StateBytesFuzz
{
    private const long Hour = 3_600_000;
    private const long Start = 1_700_000_000_000;

    private const string Definitions = """
        topic transactions { duplicates { horizon = 7d } }
        topic labels { corrects-by = transaction_id }
        feature-view paid {
          entity = terminal, source = transactions, key = terminal_id, time = ts
          features { n { count = "*", over = [1h, 7d] }, mean { avg = amount, over = 7d }, last { last = mcc } }
        }
        feature-view told {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts
          features { risk { avg = fraud, over = [1h, 7d] }, cards { count_distinct = card_id, over = 7d } }
        }
        """;

    private static readonly int[] s_sizes = [0, 1, 9, 200];
    private static readonly long[] s_times = [Start, Start + (30 * Hour), Start + (900 * Hour)];
    private static readonly EntityPlan s_plan = Compile();

    /// <summary>Content under a right checksum, as a bug or another build may have written it.</summary>
    [Fact]
    public void Bytes_are_a_state_that_can_be_read_and_written_again_or_a_fault()
    {
        byte[][] corpus = [.. s_sizes.Select(events => StateBytes.ToArray(Example(events))[..^sizeof(ulong)])];
        FuzzRun.Run(corpus, content =>
        {
            var (state, fault) = StateBytes.Read(s_plan, [.. content, .. BitConverter.GetBytes(XxHash3.HashToUInt64(content))]);
            Assert.Equal(state is null, fault != StateFault.None);
            if (state is null)
            {
                return;
            }

            var values = new FeatureValue[s_plan.AllFeatures.OutputLength];
            foreach (var at in s_times)
            {
                Assert.True(state.Read(s_plan.AllFeatures, at, null, 0, values) is ReadOutcome.Done or ReadOutcome.TooOld);
            }

            Assert.Equal(StateFault.None, StateBytes.Read(s_plan, StateBytes.ToArray(state)).Fault);
        });
    }

    // Copies, late ones and corrections among them.
    private static EntityState Example(int events)
    {
        var state = new EntityState(s_plan);
        var random = new Random(events);
        for (var i = 0; i < events; i++)
        {
            var feed = s_plan.Feeds[random.Next(s_plan.Feeds.Length)];
            var batch = new EventBatch(feed.Source, [], 1) { Count = 1, Partition = random.Next(3) };
            batch.Offsets[0] = i;
            for (var field = 0; field < feed.Source.Fields.Length; field++)
            {
                Fill(batch[field]!, random);
            }

            state.Apply(feed, batch, [0]);
        }

        return state;
    }

    private static void Fill(EventColumn column, Random random)
    {
        switch (column)
        {
            case TimeColumn times:
                times.Values[0] = Start + random.Next((int)(100 * Hour));
                break;
            case NumberColumn numbers:
                numbers.Values[0] = random.Next(2);
                break;
            case TextColumn texts:
                texts.Buffer = Encoding.UTF8.GetBytes($"text-{random.Next(20)}");
                texts.Set(0, 0, texts.Buffer.Length);
                break;
        }
    }

    private static EntityPlan Compile()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("fuzz.conf", Definitions)], [.. EventSchemas.Sources.Values]);
        Assert.Empty(diagnostics);
        return catalog!.FindEntity("terminal")!;
    }
}
