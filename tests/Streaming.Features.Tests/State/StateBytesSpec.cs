using System.IO.Hashing;
using Streaming.Features.Language;
using Streaming.Features.Layout;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

public class StateBytesSpec
{
    /// <summary>Every kind of word, column and text that state bytes have.</summary>
    private static readonly FeatureViewDefinition[] s_views =
    [
        Views.CardActivity,
        Views.View("mixed", 7 * Views.Day,
            Views.Feature("deviation", "stddev", [Transactions.Amount], [Views.OneDay], Transactions.OtherIsPositive),
            Views.Feature("smallest", "min", [Transactions.Amount], []),
            Views.Feature("mcc", "last", [Transactions.Mcc], [Views.SevenDays]),
            Views.Feature("mccs", "approx_count_distinct", [Transactions.Mcc], [Views.SevenDays])),
    ];

    private static readonly EntityPlan s_plan = Views.Entity([.. s_views]);
    private static readonly EntityPlan s_withIds = Views.WithIds(7 * Views.Day, [.. s_views]);

    private static readonly Transaction[] s_events =
    [
        new(3, 40, RandomStream.Start, 12.5, 1, 0, "5411", Id: "a"),
        new(3, 41, RandomStream.Start + Views.Hour, -0.1, 2, 1, "ätsch", Id: "b"),
        new(0, 7, RandomStream.Start + Views.Hour, double.NaN, 3, 0, null, Id: "c"),
        new(0, 9, RandomStream.Start - (60 * Views.Day), 99, 4, 1, "too late", Id: "too late"),
        new(3, 42, RandomStream.Start + (2 * Views.Day), 1e9, -1, 1, "", Id: "d"),
    ];

    [Fact]
    public void The_bytes_of_version_2_are_read_for_ever()
    {
        var (state, fault) = StateBytes.Read(s_plan, Bytes(2));
        Assert.Equal(StateFault.None, fault);
        Assert.Equal(Read(Applied()), Read(state!));
        Assert.Equal((42, 9, -1), (state!.AppliedOffset(s_plan.Feeds[0], 3), state.AppliedOffset(s_plan.Feeds[0], 0), state.AppliedOffset(s_plan.Feeds[0], 1)));
    }

    [Fact]
    public void What_is_written_today_is_version_4()
    {
        var lines = Convert.ToHexString(AggregationFixture.BytesOf(Applied(s_withIds))).Chunk(64).Select(c => new string(c));
        var expected = File.Exists(Golden(4)) ? File.ReadAllLines(Golden(4)) : [];
        Assert.True(lines.SequenceEqual(expected), $"the format changed: raise StateBytes.Version and keep {Golden(4)}. Today's bytes:\n{string.Join('\n', lines)}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_bytes_of_later_versions_are_read_for_ever(int version)
    {
        var (state, fault) = StateBytes.Read(s_withIds, Bytes(version));
        Assert.Equal(StateFault.None, fault);
        Assert.Equal(AggregationFixture.BytesOf(Applied(s_withIds)), AggregationFixture.BytesOf(state!));
        Assert.Equal(StateFault.OtherLayout, StateBytes.Read(s_withIds, Bytes(2)).Fault);
    }

    [Fact]
    public void A_wrong_byte_anywhere_is_refused()
    {
        var bytes = AggregationFixture.BytesOf(Applied(s_withIds));
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var flip in new byte[] { 0x01, 0x80, 0xFF })
            {
                bytes[i] ^= flip;
                var (state, fault) = StateBytes.Read(s_withIds, bytes);
                Assert.True(state is null && fault == StateFault.Corrupt, $"byte {i} ^ {flip}: {fault}");
                bytes[i] ^= flip;
            }
        }
    }

    [Fact]
    public void An_end_too_soon_or_too_late_is_refused()
    {
        var bytes = AggregationFixture.BytesOf(Applied());
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(StateBytes.Read(s_plan, bytes.AsSpan(0, length)).State);
        }

        Assert.Equal(StateFault.Truncated, StateBytes.Read(s_plan, []).Fault);
        Assert.Equal(StateFault.Corrupt, StateBytes.Read(s_plan, [.. bytes, 0]).Fault);
    }

    [Fact]
    public void Content_that_is_wrong_under_a_right_checksum_does_no_harm()
    {
        const int seed = 1;
        var random = new Random(seed);
        var bytes = AggregationFixture.BytesOf(Applied(s_withIds));
        for (var length = 0; length < bytes.Length - sizeof(ulong); length++)
        {
            Assert.Null(StateBytes.Read(s_withIds, Sealed(bytes.AsSpan(0, length).ToArray())).State);
        }

        Assert.Equal(StateFault.Truncated, StateBytes.Read(s_withIds, Sealed([.. bytes[..^sizeof(ulong)], 0])).Fault);

        // The words of counts and lengths, made huge.
        for (var i = 1; i < bytes.Length - sizeof(ulong) - sizeof(int); i++)
        {
            var changed = bytes[..^sizeof(ulong)];
            BitConverter.TryWriteBytes(changed.AsSpan(i), random.Next(2) == 0 ? int.MaxValue / random.Next(1, 64) : -random.Next());
            if (StateBytes.Read(s_withIds, Sealed(changed)).State is { } state)
            {
                var outcome = state.Read(s_withIds.AllFeatures, RandomStream.Start + (7 * Views.Day), null, 0, new FeatureValue[s_withIds.AllFeatures.OutputLength]);
                Assert.True(outcome is ReadOutcome.Done or ReadOutcome.TooOld);
                AggregationFixture.BytesOf(state);
            }
        }
    }

    [Fact]
    public void Another_version_is_named_as_such()
    {
        var bytes = AggregationFixture.BytesOf(Applied())[..^sizeof(ulong)];
        bytes[0] = StateBytes.Version + 1;
        Assert.Equal(StateFault.UnknownVersion, StateBytes.Read(s_plan, Sealed(bytes)).Fault);
    }

    [Fact]
    public void Another_layout_is_refused()
    {
        var bytes = AggregationFixture.BytesOf(Applied());
        Assert.Equal(StateFault.OtherLayout, StateBytes.Read(Views.Entity(Views.CardActivity with { DelayMillis = 1 }, Views.CardActivity with { Name = "b" }), bytes).Fault);
        Assert.Equal(StateFault.OtherLayout, StateBytes.Read(Views.Entity(Views.CardActivity with { TimeField = "seen" }), bytes).Fault);
        Assert.Equal(StateFault.OtherLayout, StateBytes.Read(Views.Entity(Views.CardActivity), bytes).Fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_word_of_a_settled_state_is_there_after_a_round_trip(int seed)
    {
        var plan = DuplicateStreams.With;
        var state = new EntityState(plan);
        foreach (var e in DuplicateStreams.Random(seed))
        {
            AggregationFixture.Apply(state, e);
            var restored = StateBytes.Read(plan, StateBytes.ToArray(state)).State!;
            for (var view = 0; view < plan.Views.Length; view++)
            {
                var (header, words) = (plan.Views[view].HeaderWords, state.Views[view].Words);
                Assert.Equal(words[SlabWords.CursorAt..header], restored.Views[view].Words[SlabWords.CursorAt..header]);
                for (var column = 0; column < plan.Views[view].ColumnCount; column++)
                {
                    Assert.Equal(state.Views[view].Column(plan.Views[view], column), restored.Views[view].Column(plan.Views[view], column));
                }
            }
        }
    }

    [Fact]
    public void Totals_that_are_not_those_of_the_events_are_noticed()
    {
        var state = Applied();
        StateBytes.ToArray(state);
        state.Views[0].Words[14]++;
        var bytes = AggregationFixture.BytesOf(state);
        Assert.Equal(StateFault.Truncated, StateBytes.Read(s_plan, bytes).Fault);
        Assert.NotEqual(AggregationFixture.BytesOf(Applied()), bytes);
    }

    [Fact]
    public void Nothing_is_known_of_a_new_entity_after_a_round_trip_either()
    {
        var state = new EntityState(s_plan);
        var empty = AggregationFixture.BytesOf(state);
        Read(state);
        Assert.Equal(empty, AggregationFixture.BytesOf(state));
        Assert.Equal(Read(state), Read(StateBytes.Read(s_plan, empty).State!));
    }

    private static string Golden(int version) =>
        Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Features.Tests", "Golden", $"state-v{version}.bin");

    private static byte[] Bytes(int version) => Convert.FromHexString(File.ReadAllText(Golden(version)).ReplaceLineEndings(string.Empty));

    private static EntityState Applied(EntityPlan? plan = null)
    {
        var state = new EntityState(plan ?? s_plan);
        AggregationFixture.Apply(state, s_events);
        return state;
    }

    private static FeatureValue[] Read(EntityState state)
    {
        var values = new FeatureValue[s_plan.AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.Read(s_plan.AllFeatures, RandomStream.Start + (7 * Views.Day) + Views.Hour, null, 0, values));
        return values;
    }

    private static byte[] Sealed(byte[] content) => [.. content, .. BitConverter.GetBytes(XxHash3.HashToUInt64(content))];
}
