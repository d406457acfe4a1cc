using System.Text;
using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

public sealed class SourceLedgerSpec
{
    private static readonly SourceLedger s_ledger = SourceLedger.Empty("g", "topic-1", 0xabc) with
    {
        JudgedOffset = 7,
        Schemas = [3, 1],
        Poison = [new PoisonEvent(4, 1, "card/***: bad luck", IsWritten: true)],
    };

    [Fact]
    public void It_is_read_as_it_was_written()
    {
        var read = SourceLedger.TryRead(s_ledger.ToBytes())!;

        Assert.Equal(s_ledger, read with { Poison = s_ledger.Poison, Schemas = s_ledger.Schemas });
        Assert.Equal(s_ledger.Schemas, read.Schemas);
        Assert.Equal(s_ledger.Poison.AsEnumerable(), read.Poison);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("7/uuid")]
    [InlineData("{\"Group\":\"g\",\"TopicIdentity\":\"t\",\"Definitions\":\"d\"}")]
    public void Anything_else_is_no_ledger(string text) => Assert.Null(SourceLedger.TryRead(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Another_group_or_topic_forgets_all_and_other_definitions_keep_the_schemas()
    {
        Assert.Same(s_ledger, s_ledger.For(SourceLedger.Empty("g", "topic-1", 0xabc)));
        Assert.Empty(s_ledger.For(SourceLedger.Empty("h", "topic-1", 0xabc)).Schemas);
        Assert.Equal(0, s_ledger.For(SourceLedger.Empty("g", "topic-2", 0xabc)).JudgedOffset);
        var other = s_ledger.For(SourceLedger.Empty("g", "topic-1", 0xdef));
        Assert.Equal((0L, 2, 0), (other.JudgedOffset, other.Schemas.Count, other.Poison.Length));
    }
}
