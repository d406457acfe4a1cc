using Streaming.Engine.Checkpoints;
using Streaming.Engine.Sources;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Tests;

public sealed class SourceBoardSpec
{
    private static readonly TopicPartition s_partition = new("transactions", 0);
    private readonly SourceBoard _board = new();

    [Fact]
    public void Only_a_run_that_began_after_a_loss_can_be_complete_again()
    {
        _board.Expect(1);
        Post(PartitionState.Live, losses: 0);
        Assert.Equal((true, true), (_board.IsCaughtUp, _board.IsReady));

        _board.Lose(s_partition);
        Assert.Equal((false, PartitionState.CatchingUp), (_board.IsCaughtUp, _board.All.Single().State));
        Post(PartitionState.Live, losses: 0);
        Assert.Equal((false, false), (_board.IsCaughtUp, _board.IsReady));
        Post(PartitionState.Paused, losses: 0);
        Assert.Equal(PartitionState.Paused, _board.All.Single().State);

        Post(PartitionState.Live, _board.LossesOf(s_partition));
        Assert.Equal((true, true), (_board.IsCaughtUp, _board.IsReady));
    }

    private void Post(PartitionState state, long losses) =>
        _board.Post(new PartitionStatus(s_partition, 1, 1, EventTime.None, state, null, 0, 0) { IsComplete = true }, losses, RunBasis.None);
}
